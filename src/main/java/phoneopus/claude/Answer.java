package phoneopus.claude;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Claude answered, from its {@code result} event. The JSON parts are the command's own, kept
 * whole.
 *
 * @param model the one that the {@code init} event names, else the first key of {@code modelUsage};
 *     null where neither is
 * @param totalCostUsd the command's figure, which on a resumed session includes earlier turns
 */
public record Answer(
        String response,
        @Nullable String model,
        @Nullable Long durationMs,
        @Nullable Long durationApiMs,
        @Nullable Integer numTurns,
        @Nullable String stopReason,
        @Nullable UUID sessionId,
        @Nullable Double totalCostUsd,
        @Nullable JsonNode usage,
        @Nullable JsonNode modelUsage,
        @Nullable JsonNode permissionDenials,
        @Nullable String fastModeState,
        @Nullable String uuid) {

    public int denials() {
        return permissionDenials == null ? 0 : permissionDenials.size();
    }
}
