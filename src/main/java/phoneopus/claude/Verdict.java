package phoneopus.claude;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is left of a run → how it ended. A successful result wins over everything, also over a
 * cancel that came a moment late: it was paid for. Then a marker, then another result or the exit
 * code. The order and the texts are those of the recorded runs in {@code
 * src/test/resources/phoneopus/claude/}.
 */
final class Verdict {
    private static final Pattern NOT_LOGGED_IN =
            Pattern.compile(
                    "(?i)not logged in|please run /login|oauth token (has )?(expired|been revoked)|invalid api key");

    private static final Pattern SESSION_NOT_FOUND =
            Pattern.compile(
                    "(?i)no conversation found with session id|--resume requires a valid session id");

    private static final Pattern TRANSIENT =
            Pattern.compile(
                    "(?i)ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|connection (dropped|refused|error)|timed out|temporary");

    private final EventReader events;
    private final Limits limits;

    Verdict(EventReader events, Limits limits) {
        this.events = events;
        this.limits = limits;
    }

    /**
     * @param exit the command's exit code, absent where nobody lived to write it
     * @param words what it wrote to stderr
     */
    Outcome of(Optional<Ending> marked, Optional<Integer> exit, String words) {
        Optional<Answer> answer = events.result().filter(Verdict::successful).map(this::answer);
        if (answer.isPresent()) {
            return new Outcome.Answered(answer.get());
        }
        if (marked.isPresent()) {
            return ended(marked.get());
        }
        if (events.result().isPresent()) {
            return refused(events.result().get(), exit);
        }
        if (exit.isEmpty()) {
            return new Outcome.Interrupted("it was killed, or the machine went down");
        }
        return withoutResult(exit.get(), words);
    }

    private Outcome ended(Ending ending) {
        return switch (ending) {
            case CANCELLED -> new Outcome.Cancelled();
            case TIMED_OUT -> new Outcome.TimedOut(limits.timeout());
            case STALLED -> new Outcome.Stalled(limits.stallTimeout());
            case FLOODED ->
                    new Outcome.Refused(
                            Refusal.BAD_OUTPUT,
                            "Claude wrote more than " + Limits.MOST_OUTPUT + " and was ended.",
                            false,
                            null);
        };
    }

    private static boolean successful(JsonNode result) {
        return result.path("subtype").stringValue("").equals("success")
                && !result.path("is_error").booleanValue(false)
                && result.path("result").isString();
    }

    private Answer answer(JsonNode result) {
        return new Answer(
                result.path("result").stringValue(""),
                events.model().orElseGet(() -> firstModel(result)),
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
                text(result, "uuid"));
    }

    private static @Nullable String firstModel(JsonNode result) {
        var models = new TreeSet<>(result.path("modelUsage").propertyNames());
        return models.isEmpty() ? null : models.first();
    }

    private static Outcome refused(JsonNode result, Optional<Integer> exit) {
        String words = words(result);
        Double cost = EventReader.cost(result);
        return switch (result.path("subtype").stringValue("")) {
            case "error_max_turns" -> new Outcome.Refused(Refusal.MAX_TURNS, words, false, cost);
            case "error_max_budget_usd" ->
                    new Outcome.Refused(Refusal.BUDGET_EXCEEDED, words, false, cost);
            case "error_during_execution" -> {
                if (SESSION_NOT_FOUND.matcher(words).find()) {
                    yield new Outcome.Refused(Refusal.SESSION_NOT_FOUND, words, false, cost);
                }
                // SIGINT makes the command end with 0, as if all were well.
                if (exit.isPresent() && exit.get() == 0) {
                    yield new Outcome.Interrupted("it was interrupted by a signal");
                }
                yield new Outcome.Refused(Refusal.CLAUDE_ERROR, words, false, cost);
            }
            case "success" -> byApiStatus(result, words, cost);
            default -> new Outcome.Refused(Refusal.CLAUDE_ERROR, words, false, cost);
        };
    }

    private static Outcome byApiStatus(JsonNode result, String words, @Nullable Double cost) {
        if (!result.path("is_error").booleanValue(false)) {
            return new Outcome.Refused(
                    Refusal.BAD_OUTPUT, "Claude's result holds no answer.", true, cost);
        }
        int status = result.path("api_error_status").intValue(0);
        return switch (status) {
            case 401, 403 -> new Outcome.Refused(Refusal.NOT_AUTHENTICATED, words, false, cost);
            case 429 -> new Outcome.Refused(Refusal.RATE_LIMITED, words, true, cost);
            case 529 -> new Outcome.Refused(Refusal.OVERLOADED, words, true, cost);
            default -> {
                if (status == 0 && NOT_LOGGED_IN.matcher(words).find()) {
                    yield new Outcome.Refused(Refusal.NOT_AUTHENTICATED, words, false, cost);
                }
                boolean retryable =
                        status >= 500 || (status == 0 && TRANSIENT.matcher(words).find());
                yield new Outcome.Refused(Refusal.CLAUDE_ERROR, words, retryable, cost);
            }
        };
    }

    private static Outcome withoutResult(int exit, String words) {
        if (SESSION_NOT_FOUND.matcher(words).find()) {
            return new Outcome.Refused(Refusal.SESSION_NOT_FOUND, words, false, null);
        }
        if (exit == Run.CWD_CHANGED) {
            return new Outcome.NotStarted("the directory changed between the check and the start");
        }
        if (exit == Run.NOT_EXECUTABLE || exit == Run.NOT_THERE) {
            return new Outcome.NotStarted(
                    words.isBlank() ? "the command could not be executed" : words);
        }
        if (exit > Run.SIGNALLED) {
            return new Outcome.Interrupted("it was ended by signal " + (exit - Run.SIGNALLED));
        }
        if (exit == 0) {
            return new Outcome.Refused(
                    Refusal.BAD_OUTPUT, "Claude ended without a result.", true, null);
        }
        if (NOT_LOGGED_IN.matcher(words).find()) {
            return new Outcome.Refused(Refusal.NOT_AUTHENTICATED, words, false, null);
        }
        String said =
                words.isBlank() ? "Claude ended with exit code " + exit + " and no word." : words;
        return new Outcome.Refused(Refusal.CLAUDE_ERROR, said, false, null);
    }

    private static String words(JsonNode result) {
        if (result.path("result").isString()) {
            return result.path("result").stringValue("");
        }
        List<String> errors = new ArrayList<>();
        result.path("errors").forEach(error -> errors.add(error.stringValue("")));
        return errors.stream().filter(error -> !error.isBlank()).collect(Collectors.joining(" "));
    }

    private static @Nullable UUID sessionOf(JsonNode result) {
        try {
            return UUID.fromString(result.path("session_id").stringValue(""));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable Long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNumber() ? (Long) value.longValue() : null;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : null;
    }
}
