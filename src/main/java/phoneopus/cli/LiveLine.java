package phoneopus.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;

/**
 * A progress line that is overwritten in place. Prints nothing unless a person is at a terminal.
 */
final class LiveLine implements AutoCloseable {
    private static final String START_OF_LINE_AND_CLEAR = "\r\u001b[K";

    private final PrintStream err;
    private final boolean terminal = Keyboard.attended();
    private String shown = "";

    LiveLine(PrintStream err) {
        this.err = err;
    }

    /**
     * Shows what Claude does.
     *
     * @param activity null while the consult is queued
     */
    void show(@Nullable Activity activity) {
        show(activity == null ? "waiting in the queue" : activity.line());
    }

    private void show(String text) {
        if (terminal && !text.equals(shown)) {
            shown = text;
            err.print(START_OF_LINE_AND_CLEAR + PlainText.of(text));
            err.flush();
        }
    }

    @Override
    public void close() {
        if (!shown.isEmpty()) {
            err.print(START_OF_LINE_AND_CLEAR);
            err.flush();
        }
    }
}
