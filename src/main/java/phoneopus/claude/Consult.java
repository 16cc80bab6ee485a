package phoneopus.claude;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks Claude.
 *
 * @param cwd the canonical directory it is about
 * @param maxTurns the maximum number of agentic turns, at least 1; null for no limit
 * @param sessionId the session to resume; null for a new one
 * @param model null for that of the settings; {@code effort} likewise
 * @param principal the caller; null over stdio and at a terminal
 */
public record Consult(
        String prompt,
        String cwd,
        @Nullable Integer maxTurns,
        @JsonProperty("requested_session_id") @Nullable UUID sessionId,
        @Nullable String model,
        @Nullable Effort effort,
        @Nullable String principal) {

    /** Adds from the settings what the caller left open. */
    public Consult orElse(ClaudeProperties settings) {
        return new Consult(
                prompt,
                cwd,
                maxTurns,
                sessionId,
                model == null ? settings.model() : model,
                effort == null ? settings.effort() : effort,
                principal);
    }
}
