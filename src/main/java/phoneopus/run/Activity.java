package phoneopus.run;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a running Claude did last.
 *
 * @param turns the main agent's turns so far
 * @param last its last action, such as {@code Read src/Main.java}; null before the first
 * @param costUsd its cost so far in US dollars; null until the command reports one
 * @param retry the retry it waits for; null if it waits for none
 */
public record Activity(
        int turns, @Nullable String last, @Nullable Double costUsd, @Nullable Retry retry) {
    public static final Activity NONE = new Activity(0, null, null);

    /** For a run whose processes are not visible from here. */
    public static final Activity HIDDEN =
            new Activity(
                    0, "unknown here: it runs in another container or on another machine", null);

    /** An activity without a retry. */
    public Activity(int turns, @Nullable String last, @Nullable Double costUsd) {
        this(turns, last, costUsd, null);
    }

    /**
     * A retry of a request that Claude's service did not answer.
     *
     * @param attempt from 1
     * @param most the maximum number of attempts
     * @param delay until the attempt
     * @param why the service's error, such as {@code overloaded}
     */
    public record Retry(int attempt, int most, Duration delay, String why) {
        public String line() {
            return "retry %d of %d in %d s (%s)"
                    .formatted(attempt, most, Math.round(delay.toMillis() / 1000.0), why);
        }
    }

    /** One line for display: {@code turn 3: Read src/Main.java, $0.04}. */
    public String line() {
        String doing =
                turns == 0
                        ? (last == null ? "starting" : last)
                        : "turn " + turns + (last == null ? "" : ": " + last);
        String waiting = retry == null ? doing : doing + ", " + retry.line();
        return costUsd == null ? waiting : waiting + String.format(Locale.ROOT, ", $%.2f", costUsd);
    }
}
