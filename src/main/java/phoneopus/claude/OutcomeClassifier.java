package phoneopus.claude;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Answer;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.Outcome.Refused;
import phoneopus.run.Refusal;
import phoneopus.run.Run;
import phoneopus.run.StopReason;
import phoneopus.run.WellFormedText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Decides how a run ended from what it left. An answer takes precedence over everything, even a
 * cancel that came just too late or an error after it, because it was paid for. Next come a marker,
 * then another result or the exit code. The order and the texts are from the recorded runs in
 * {@code src/test/resources/phoneopus/claude/}.
 */
final class OutcomeClassifier {
    /** The highest exit code that means a signal. */
    private static final int LAST_SIGNAL = Run.SIGNALLED + 64;

    private final EventReader events;
    private final Limits limits;
    private final Refusals refusals;

    /**
     * @param said when the last event was written
     */
    OutcomeClassifier(EventReader events, Limits limits, Instant said) {
        this.events = events;
        this.limits = limits;
        this.refusals = new Refusals(said, events);
    }

    /**
     * @param exit the command's exit code; null if its runner did not live to write it
     * @param words its output on stderr
     */
    Outcome of(@Nullable StopReason marked, @Nullable Integer exit, String words) {
        Optional<JsonNode> result = events.result();
        boolean succeeded = result.filter(EventReader::successful).isPresent();
        if (succeeded && !EventReader.words(result.get()).isBlank()) {
            return new Outcome.Answered(
                    answer(result.get(), EventReader.words(result.get()), Answer.Source.RESULT));
        }
        if (succeeded && !events.lastText().isBlank()) {
            return new Outcome.Answered(
                    answer(result.get(), events.lastText(), Answer.Source.TRANSCRIPT));
        }
        // A run that was stopped because it had its result ended with that result.
        if (marked != null && marked != StopReason.FINISHED) {
            return ended(marked);
        }
        if (result.isPresent()) {
            return refused(result.get(), exit);
        }
        if (exit == null) {
            return new Outcome.Interrupted("it was killed, or the machine went down");
        }
        return withoutResult(exit, words);
    }

    private Outcome ended(StopReason ending) {
        return switch (ending) {
            case CANCELLED -> new Outcome.Cancelled();
            case TIMED_OUT -> new Outcome.TimedOut(limits.timeout());
            case STALLED -> new Outcome.Stalled(limits.stallTimeout());
            case FLOODED ->
                    new Refused(
                            Refusal.BAD_OUTPUT,
                            "Claude wrote more than " + Limits.MOST_OUTPUT + " and was stopped.",
                            false,
                            null);
            case FINISHED -> throw new IllegalArgumentException("a result is not an early end");
        };
    }

    /**
     * @param result the event with the figures; a missing node if there is none
     */
    private Answer answer(JsonNode result, String response, Answer.Source source) {
        JsonNode models = result.path("modelUsage");
        String model = model(models);
        return new Answer(
                response,
                model,
                number(result, "duration_ms"),
                number(result, "duration_api_ms"),
                result.path("num_turns").isInt() ? result.path("num_turns").intValue() : null,
                text(result, "stop_reason"),
                sessionOf(result),
                EventReader.cost(result),
                result.get("usage"),
                result.get("modelUsage"),
                result.get("permission_denials"),
                text(result, "fast_mode_state"),
                text(result, "uuid"),
                new Answer.Origin(
                        events.requestedModel()
                                .filter(asked -> model != null && !sameModel(asked, model))
                                .orElse(null),
                        events.apiKeySource().orElse(null),
                        source,
                        events.laterError().orElse(null)));
    }

    /**
     * The model that answered. The figures of a resumed session include earlier turns, which
     * another model may have answered, so the last message's model is preferred.
     */
    private @Nullable String model(JsonNode models) {
        Optional<String> spoke =
                models.propertyNames().stream()
                        .filter(name ->
                                events.messageModel()
                                        .filter(message -> sameModel(message, name))
                                        .isPresent())
                        .findFirst();
        return spoke.or(() -> busiest(models))
                .or(events::model)
                .orElseGet(() -> {
                    var names = new TreeSet<>(models.propertyNames());
                    return names.isEmpty() ? null : names.first();
                });
    }

    private static Optional<String> busiest(JsonNode models) {
        return models.properties().stream()
                .filter(model -> model.getValue().path("outputTokens").longValue(0) > 0)
                .max(
                        Comparator.comparingLong(
                                model -> model.getValue().path("outputTokens").longValue(0)))
                .map(Map.Entry::getKey);
    }

    /** Compares names without the context size, which may follow in brackets. */
    private static boolean sameModel(String one, String other) {
        return Objects.equals(one.replaceFirst("\\[.*", ""), other.replaceFirst("\\[.*", ""));
    }

    private Outcome refused(JsonNode result, @Nullable Integer exit) {
        String words = EventReader.words(result);
        Double cost = EventReader.cost(result);
        return switch (result.path("subtype").stringValue("")) {
            case "error_max_turns" -> new Refused(Refusal.MAX_TURNS, words, false, cost);
            case "error_max_budget_usd" -> new Refused(Refusal.BUDGET_EXCEEDED, words, false, cost);
            case "error_during_execution" -> {
                if (Refusals.sessionNotFound(words)) {
                    yield new Refused(Refusal.SESSION_NOT_FOUND, words, false, cost);
                }
                // After SIGINT the command exits with 0.
                if (exit != null && exit == 0) {
                    yield new Outcome.Interrupted("it was interrupted by a signal");
                }
                yield refusals.byStatus(0, words, cost);
            }
            case "success" ->
                    result.path("is_error").booleanValue(false)
                            ? refusals.byStatus(
                                    result.path("api_error_status").intValue(0), words, cost)
                            : new Refused(
                                    Refusal.BAD_OUTPUT,
                                    "Claude's result contains no answer.",
                                    true,
                                    cost);
            default -> new Refused(Refusal.CLAUDE_ERROR, words, false, cost);
        };
    }

    private Outcome withoutResult(int exit, String words) {
        if (exit == 0) {
            return events.lastText().isBlank()
                    ? new Refused(Refusal.BAD_OUTPUT, "Claude ended without a result.", true, null)
                    : new Outcome.Answered(
                            answer(
                                    MissingNode.getInstance(),
                                    events.lastText(),
                                    Answer.Source.TRANSCRIPT));
        }
        if (exit == Run.CWD_CHANGED) {
            return new Outcome.NotStarted("the directory changed between the check and the start");
        }
        if (exit == Run.NOT_EXECUTABLE || exit == Run.NOT_THERE) {
            return new Outcome.NotStarted(
                    words.isBlank() ? "the command could not be executed" : words);
        }
        if (exit > Run.SIGNALLED && exit <= LAST_SIGNAL) {
            return new Outcome.Interrupted("it was killed by signal " + (exit - Run.SIGNALLED));
        }
        return refusals.byLastWords(exit, words);
    }

    private @Nullable UUID sessionOf(JsonNode result) {
        String id = result.path("session_id").stringValue(events.sessionId().orElse(""));
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** A whole number, rounded if necessary; null if it is not a number or out of range. */
    private static @Nullable Long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isIntegralNumber()) {
            return value.canConvertToLong() ? (Long) value.longValue() : null;
        }
        double fraction = value.isNumber() ? value.doubleValue(Double.NaN) : Double.NaN;
        return Math.abs(fraction) < Long.MAX_VALUE ? (Long) Math.round(fraction) : null;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? WellFormedText.whole(value.stringValue()) : null;
    }
}
