package phoneopus.run;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a running Claude was last seen doing.
 *
 * @param turns turns of the main agent so far
 * @param last the last thing it did, such as {@code Read src/Main.java}; null before the first
 * @param costUsd what it cost so far; null while the command has not said
 * @param retry the try that it waits for; null where it waits for none
 */
public record Activity(
        int turns, @Nullable String last, @Nullable Double costUsd, @Nullable Retry retry) {
    public static final Activity NONE = new Activity(0, null, null);

    /** Of a run whose processes cannot be seen from here. */
    public static final Activity HIDDEN =
            new Activity(
                    0, "unknown here: it runs in another container or on another machine", null);

    /** One that waits for no retry. */
    public Activity(int turns, @Nullable String last, @Nullable Double costUsd) {
        this(turns, last, costUsd, null);
    }

    /**
     * Another try of a request that Claude's service did not answer.
     *
     * @param attempt from 1
     * @param most how many the command makes
     * @param delay until it is made
     * @param why the service's word, such as {@code overloaded}
     */
    public record Retry(int attempt, int most, Duration delay, String why) {
        public String line() {
            return "retry %d of %d in %d s (%s)"
                    .formatted(attempt, most, Math.round(delay.toMillis() / 1000.0), why);
        }
    }

    /** One line for a person: {@code turn 3: Read src/Main.java, $0.04}. */
    public String line() {
        String doing =
                turns == 0
                        ? (last == null ? "starting" : last)
                        : "turn " + turns + (last == null ? "" : ": " + last);
        String waiting = retry == null ? doing : doing + ", " + retry.line();
        return costUsd == null ? waiting : waiting + String.format(Locale.ROOT, ", $%.2f", costUsd);
    }
}
