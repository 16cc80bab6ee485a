package phoneopus.job;

import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Effort;

/**
 * A caller's consult, checked but not yet accepted. The settings decide what is null.
 *
 * @param cwd the canonical directory
 * @param sessionId the session to resume; null for a new one
 * @param principal the caller; null over stdio and at a terminal
 */
public record Consult(
        String prompt,
        Path cwd,
        @Nullable Integer maxTurns,
        @Nullable UUID sessionId,
        @Nullable String model,
        @Nullable Effort effort,
        @Nullable String principal) {

    public Consult askedBy(@Nullable String caller) {
        return new Consult(prompt, cwd, maxTurns, sessionId, model, effort, caller);
    }
}
