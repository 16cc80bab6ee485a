package phoneopus.original;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import phoneopus.claude.ToldFailure;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import tools.jackson.databind.JsonNode;

/** Translates a failure recorded by the original program into an outcome. */
final class OriginalFailure {
    /** The system's messages for a command or directory that is missing or not executable. */
    private static final Pattern NOT_STARTED =
            Pattern.compile(
                    "(?i)no such file|not found|permission denied|exec format|os error|spawn|(could not|cannot|failed to) (be )?(start|launch|run|execute)");

    private static final Pattern LIMIT =
            Pattern.compile("(?i)(\\d{1,7})\\s*(ms|milli|s\\b|sec|m\\b|min|h\\b|hour)");

    private OriginalFailure() {}

    /**
     * Translates the class and message in the file.
     *
     * @param took how long it ran; zero if unknown
     */
    static Outcome of(JsonNode failure, Duration took) {
        String code = failure.path("code").stringValue("");
        String detail = failure.path("detail").stringValue("").strip();
        if (detail.isEmpty()) {
            detail = failure.path("message").stringValue("no message was recorded").strip();
        }
        return switch (failure.path("class").stringValue("")) {
            case "timeout" ->
                    code.equals("stalled")
                            ? new Outcome.Stalled(limit(detail, took))
                            : new Outcome.TimedOut(limit(detail, took));
            case "process" -> process(code, detail);
            default -> ToldFailure.of(detail);
        };
    }

    private static Outcome process(String code, String detail) {
        if (code.equals("spawn_failed") || code.equals("claude_not_found")) {
            return new Outcome.NotStarted(detail);
        }
        // If the command ran to its end and failed, the detail contains Claude's message.
        Outcome told = ToldFailure.of(detail);
        if (told instanceof Outcome.Refused refused
                && refused.refusal() != Refusal.CLAUDE_ERROR
                && refused.refusal() != Refusal.BAD_OUTPUT) {
            return told;
        }
        return NOT_STARTED.matcher(detail).find() && !code.equals("interrupted")
                ? new Outcome.NotStarted(detail)
                : new Outcome.Interrupted(detail);
    }

    /** The limit named in the detail, else the duration of the run. */
    private static Duration limit(String detail, Duration took) {
        Matcher named = LIMIT.matcher(detail);
        if (!named.find()) {
            return took;
        }
        long count = Long.parseLong(named.group(1));
        String unit = named.group(2).toLowerCase(Locale.ROOT);
        return switch (unit) {
            case "ms", "milli" -> Duration.ofMillis(count);
            case "s", "sec" -> Duration.ofSeconds(count);
            case "m", "min" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
