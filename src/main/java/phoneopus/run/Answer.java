package phoneopus.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What Claude answered. The JSON parts are the command's own, kept whole.
 *
 * @param model the one that answered: of {@code modelUsage} the one with most output tokens, else
 *     the one that the events name; null where nothing does
 * @param totalCostUsd the command's figure, which on a resumed session includes earlier turns
 * @param origin null where nothing is known of it, as of an answer of the original program
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

    /** One of whose origin nothing is known. */
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

    /** Whether the answer is Claude's last message, since its result said nothing. */
    public boolean ofTranscript() {
        return origin != null && origin.source() == Source.TRANSCRIPT;
    }

    /**
     * Where an answer came from.
     *
     * @param requestedModel the model that was to answer, where another one did; else null
     * @param apiKeySource the command's word for the account that pays, such as {@code
     *     ANTHROPIC_API_KEY}, or {@code none} for a login; null where it did not say
     * @param laterError what went wrong after the answer was there; null where nothing did
     */
    public record Origin(
            @Nullable String requestedModel,
            @Nullable String apiKeySource,
            Source source,
            @Nullable String laterError) {}

    /** Which part of the command's output the answer was read from. */
    public enum Source {
        /** The result, as usual. */
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
