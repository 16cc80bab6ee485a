package phoneopus.spool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Consult;
import phoneopus.claude.DemoClaude;
import phoneopus.claude.ServerIdentity;
import phoneopus.run.Answer;
import phoneopus.run.Limits;

/**
 * An accepted consult, as stored in its {@code request.json}. Immutable, and sufficient for a
 * server of any version to start the same command.
 *
 * @param consult what was asked, with what the settings added
 * @param effectivePrompt the text for Claude: the prefix, if any, and the prompt
 * @param resultGrace null in requests of older versions
 * @param starter the server that accepted it; null in requests of older versions
 * @param sessionId the session of the run, chosen in advance if it is new; null if the original
 *     program ran it and recorded none
 * @param command empty if the original program ran it, since there is nothing to start
 */
public record JobRequest(
        JobId jobId,
        JobMode mode,
        @JsonProperty("created_unix_ms") Instant created,
        @JsonUnwrapped Consult consult,
        String effectivePrompt,
        boolean promptPrefixInjected,
        @Nullable UUID sessionId,
        Duration timeout,
        Duration stallTimeout,
        List<String> command,
        @Nullable Duration resultGrace,
        @Nullable ServerIdentity starter) {

    /**
     * Equal for two requests that the same caller would not want answered twice: same consult, and
     * same program, since the demo's answer is not Claude's.
     */
    public String digest() {
        String asked = JobFiles.text(List.of(command.isEmpty() ? "" : command.getFirst(), consult));
        // By characters, not encoded bytes: texts with different unpaired surrogates differ.
        ByteBuffer chars = ByteBuffer.allocate(2 * asked.length());
        chars.asCharBuffer().put(asked);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(chars.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether it was read completely: a field missing in the file is null. */
    boolean whole() {
        return jobId != null
                && mode != null
                && created != null
                && consult != null
                && consult.prompt() != null
                && effectivePrompt != null
                && consult.cwd() != null
                && timeout != null
                && stallTimeout != null
                && command != null
                && command.stream().allMatch(Objects::nonNull)
                && (sessionId != null || ofTheOriginal())
                && (starter == null || starter.whole());
    }

    /** The request without the texts that only a start needs: lists hold many requests at once. */
    JobRequest forLists() {
        return new JobRequest(
                jobId,
                mode,
                created,
                consult,
                consult.prompt(),
                promptPrefixInjected,
                sessionId,
                timeout,
                stallTimeout,
                command,
                resultGrace,
                starter);
    }

    public boolean resumed() {
        return consult.sessionId() != null;
    }

    /** Whether the original program ran or runs it. */
    public boolean ofTheOriginal() {
        return command.isEmpty();
    }

    /** Whether the bundled stand-in answers or answered it. */
    public boolean ofTheDemo() {
        return !command.isEmpty() && DemoClaude.is(command.getFirst());
    }

    /** The session of one of our own runs, which always have one. */
    public UUID session() {
        return Objects.requireNonNull(sessionId, "no session");
    }

    /** The session to resume after that answer; null if unknown. */
    public @Nullable UUID sessionAfter(Answer answer) {
        return answer.sessionId() == null ? sessionId : answer.sessionId();
    }

    public Limits limits() {
        return new Limits(
                timeout, stallTimeout, resultGrace == null ? Limits.USUAL_GRACE : resultGrace);
    }
}
