package phoneopus.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Tells whether a person is at the terminal, and how wide that is. */
public final class Keyboard {
    static final int STDIN = 0;
    static final int STDERR = 2;

    private Keyboard() {}

    /** Whether a person both types and reads. */
    public static boolean attended() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Whether that stream, by its number, is a terminal. */
    static boolean isTerminal(int stream) {
        return file(stream)
                .filter(file ->
                        file.startsWith("/dev/pts") || file.toString().startsWith("/dev/tty"))
                .isPresent();
    }

    /** What that stream leads to; empty if it is closed. */
    static Optional<Path> file(int stream) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** The number of columns of the terminal; 80 if there is none. */
    static int width() {
        return new UsageMessageSpec().autoWidth(isTerminal(STDERR)).width();
    }
}
