package phoneopus.original;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import phoneopus.claude.ToldFailure;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import tools.jackson.databind.JsonNode;

/** What the original program says of a failure → how such a run ends here. */
final class OriginalFailure {
    /** The system's words where a command or its directory is not there, or may not be run. */
    private static final Pattern NOT_STARTED =
            Pattern.compile(
                    "(?i)no such file|not found|permission denied|exec format|os error|spawn|(could not|cannot|failed to) (be )?(start|launch|run|execute)");

    private static final Pattern LIMIT =
            Pattern.compile("(?i)(\\d{1,7})\\s*(ms|milli|s\\b|sec|m\\b|min|h\\b|hour)");

    private OriginalFailure() {}

    /**
     * Of the file's own class and words.
     *
     * @param took how long it ran, zero where that is not known
     */
    static Outcome of(JsonNode failure, Duration took) {
        String code = failure.path("code").stringValue("");
        String detail = failure.path("detail").stringValue("").strip();
        if (detail.isEmpty()) {
            detail = failure.path("message").stringValue("no word was kept").strip();
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
        // A command that ran to its end and failed has Claude's words in it.
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

    /** The one that is named, else as long as it took. */
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
