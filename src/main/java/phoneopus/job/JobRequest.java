package phoneopus.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Effort;
import phoneopus.claude.Limits;

/**
 * An accepted consult, as its {@code request.json} keeps it: never changed, and whole enough for
 * any server of any version to start the same command.
 *
 * @param effectivePrompt what Claude reads: the prefix, where there is one, and the prompt
 * @param requestedSessionId the session that the caller asked to resume; null for a new one
 * @param sessionId the session of the run, chosen beforehand where it is new
 */
public record JobRequest(
        JobId jobId,
        long createdUnixMs,
        String prompt,
        String effectivePrompt,
        boolean promptPrefixInjected,
        String cwd,
        @Nullable Integer maxTurns,
        @Nullable UUID requestedSessionId,
        UUID sessionId,
        String model,
        Effort effort,
        Duration timeout,
        Duration stallTimeout,
        List<String> command) {

    public boolean resumed() {
        return requestedSessionId != null;
    }

    Path directory() {
        return Path.of(cwd);
    }

    Limits limits() {
        return new Limits(timeout, stallTimeout);
    }
}
