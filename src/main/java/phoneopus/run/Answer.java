package phoneopus.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Claude's answer. The JSON parts are the command's own, unchanged.
 *
 * @param model the model that answered: the one with the most output tokens in {@code modelUsage},
 *     else the one named in the events; null if none is named
 * @param totalCostUsd as the command reports it; for a resumed session it includes earlier turns
 * @param origin null if unknown, as for an answer of the original program
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
        @Nullable String uuid,
        @Nullable Origin origin) {

    /** An answer of unknown origin. */
    public Answer(
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
        this(
                response,
                model,
                durationMs,
                durationApiMs,
                numTurns,
                stopReason,
                sessionId,
                totalCostUsd,
                usage,
                modelUsage,
                permissionDenials,
                fastModeState,
                uuid,
                null);
    }

    /** Whether the answer is Claude's last message because its result was empty. */
    public boolean ofTranscript() {
        return origin != null && origin.source() == Source.TRANSCRIPT;
    }

    /**
     * The origin of an answer.
     *
     * @param requestedModel the requested model if another one answered; else null
     * @param apiKeySource the account that pays, as the command names it: such as {@code
     *     ANTHROPIC_API_KEY}, or {@code none} for a login; null if not reported
     * @param laterError an error after the answer; null if there was none
     */
    public record Origin(
            @Nullable String requestedModel,
            @Nullable String apiKeySource,
            Source source,
            @Nullable String laterError) {}

    /** The part of the command's output that the answer was read from. */
    public enum Source {
        /** The result; the normal case. */
        RESULT,
        /** Claude's last message: the result was empty or missing. */
        TRANSCRIPT;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public int denials() {
        return permissionDenials == null ? 0 : permissionDenials.size();
    }
}
