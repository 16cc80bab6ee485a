package phoneopus.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;

/**
 * A progress line that is overwritten in place. Prints nothing unless a person is at a terminal.
 */
final class LiveLine implements AutoCloseable {
    private static final String START_OF_LINE_AND_CLEAR = "\r\u001b[K";

    private final PrintStream err;
    private final Instant since;
    private final String keys;
    private final int width = Keyboard.width();
    private String shown = "";

    /**
     * A line.
     *
     * @param since when the consult was accepted
     * @param keys what keys do, such as {@code ^C cancels}
     */
    LiveLine(PrintStream err, Instant since, String keys) {
        this.err = err;
        this.since = since;
        this.keys = "  [" + keys + "]";
    }

    /**
     * Shows what Claude does.
     *
     * @param activity null while the consult is queued
     */
    void show(@Nullable Activity activity) {
        if (!Keyboard.isTerminal(Keyboard.STDERR)) {
            return;
        }
        String text = clock(since) + " " + words(activity);
        // A line that wraps could not be overwritten.
        String line = PlainText.of(Table.cut(text, width - 1 - keys.length()) + keys);
        if (!line.equals(shown)) {
            shown = line;
            err.print(START_OF_LINE_AND_CLEAR + line);
            err.flush();
        }
    }

    /** {@code 0:42} or {@code 1:02:03} since then. */
    private static String clock(Instant since) {
        long s = Math.max(0, Duration.between(since, Instant.now()).toSeconds());
        return s < 3600
                ? "%d:%02d".formatted(s / 60, s % 60)
                : "%d:%02d:%02d".formatted(s / 3600, s / 60 % 60, s % 60);
    }

    /** Shows each step on a line of its own, for a terminal or a file. */
    static final class Steps {
        private final PrintStream err;
        private final Instant since;
        private String last = "";

        Steps(PrintStream err, Instant since) {
            this.err = err;
            this.since = since;
        }

        void show(@Nullable Activity activity) {
            String step = words(activity);
            if (!step.equals(last)) {
                last = step;
                err.println(clock(since) + " " + PlainText.of(step));
            }
        }
    }

    private static String words(@Nullable Activity activity) {
        return activity == null ? "waiting in the queue" : activity.line();
    }

    @Override
    public void close() {
        if (!shown.isEmpty()) {
            err.print(START_OF_LINE_AND_CLEAR);
            err.flush();
        }
    }
}
