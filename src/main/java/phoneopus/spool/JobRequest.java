package phoneopus.spool;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Effort;
import phoneopus.claude.ServerIdentity;
import phoneopus.run.Answer;
import phoneopus.run.Limits;

/**
 * An accepted consult, as its {@code request.json} keeps it: never changed, and whole enough for
 * any server of any version to start the same command.
 *
 * @param principal whose it is; null over stdio and at a terminal
 * @param effectivePrompt what Claude reads: the prefix, where there is one, and the prompt
 * @param requestedSessionId the session that the caller asked to resume; null for a new one
 * @param resultGrace null in requests of versions that had none
 * @param starter the server that accepted it; null in requests of versions that did not say
 * @param sessionId the session of the run, chosen beforehand where it is new; null where the
 *     original program ran it and has not said
 * @param model null where the original program ran it and has not said; as is {@code effort}
 * @param command empty where the original program ran it: there is nothing to start
 */
public record JobRequest(
        JobId jobId,
        JobMode mode,
        long createdUnixMs,
        @Nullable String principal,
        String prompt,
        String effectivePrompt,
        boolean promptPrefixInjected,
        String cwd,
        @Nullable Integer maxTurns,
        @Nullable UUID requestedSessionId,
        @Nullable UUID sessionId,
        @Nullable String model,
        @Nullable Effort effort,
        Duration timeout,
        Duration stallTimeout,
        List<String> command,
        @Nullable Duration resultGrace,
        @Nullable ServerIdentity starter) {

    /**
     * The same for two requests that the same caller would not want answered twice: prompt,
     * directory, session, model, effort and bound. And the program: the demo's answer is no answer
     * of Claude's.
     */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Object part :
                    new @Nullable Object[] {
                        principal,
                        command.isEmpty() ? null : command.getFirst(),
                        cwd,
                        requestedSessionId,
                        model,
                        effort,
                        maxTurns,
                        prompt
                    }) {
                // By its characters: two texts with other halves of surrogate pairs are two texts.
                String whole = String.valueOf(part);
                ByteBuffer chars = ByteBuffer.allocate(5 + 2 * whole.length());
                chars.put((byte) (part == null ? 0 : 1)).putInt(whole.length());
                whole.chars().forEach(c -> chars.putChar((char) c));
                digest.update(chars.array());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether it was read whole: what a file lacks is null. */
    boolean whole() {
        return jobId != null
                && mode != null
                && prompt != null
                && effectivePrompt != null
                && cwd != null
                && timeout != null
                && stallTimeout != null
                && command != null
                && command.stream().allMatch(Objects::nonNull)
                && (sessionId != null || ofTheOriginal())
                && (starter == null || starter.whole());
    }

    /** Without what Claude reads, which only a start needs: lists hold many requests at once. */
    JobRequest forLists() {
        return new JobRequest(
                jobId,
                mode,
                createdUnixMs,
                principal,
                prompt,
                prompt,
                promptPrefixInjected,
                cwd,
                maxTurns,
                requestedSessionId,
                sessionId,
                model,
                effort,
                timeout,
                stallTimeout,
                command,
                resultGrace,
                starter);
    }

    public boolean resumed() {
        return requestedSessionId != null;
    }

    /** Whether the original program ran it, or still does. */
    public boolean ofTheOriginal() {
        return command.isEmpty();
    }

    /** The session of a run of ours, which is always known. */
    public UUID session() {
        return Objects.requireNonNull(sessionId, "no session");
    }

    /** The session to go on with after that answer; null where nobody knows it. */
    public @Nullable UUID sessionAfter(Answer answer) {
        return answer.sessionId() == null ? sessionId : answer.sessionId();
    }

    public Limits limits() {
        return new Limits(
                timeout, stallTimeout, resultGrace == null ? Limits.USUAL_GRACE : resultGrace);
    }
}
