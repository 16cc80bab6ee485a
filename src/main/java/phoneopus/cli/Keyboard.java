package phoneopus.cli;

import java.io.Console;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The terminal of this process: whether there is one, how wide it is, and its keys. */
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

    /** Runs the action at Ctrl-Z instead of stopping this process. */
    static void onCtrlZ(Runnable action) {
        onSignal("TSTP", action);
    }

    private static void onSignal(String name, Runnable action) {
        try {
            // By reflection, since javac's warning about sun.misc cannot be suppressed.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object onSignal =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    action.run();
                                }
                                return null;
                            });
            Object named = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, named, onSignal);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " cannot be handled", e);
        }
    }

    /**
     * Handles Ctrl-C. Java's shutdown hooks cannot tell it from SIGHUP and SIGTERM, which must not
     * cancel anything. A second Ctrl-C ends the process at once.
     */
    static final class Interrupt {
        private @Nullable Runnable action;
        private boolean happened;

        private Interrupt() {}

        static Interrupt install() {
            Interrupt interrupt = new Interrupt();
            onSignal("INT", interrupt::signalled);
            return interrupt;
        }

        /** Runs the action at the first Ctrl-C; immediately if it was already pressed. */
        void onInterrupt(Runnable onInterrupt) {
            boolean already;
            synchronized (this) {
                action = onInterrupt;
                already = happened;
            }
            if (already) {
                onInterrupt.run();
            }
        }

        synchronized boolean happened() {
            return happened;
        }

        private void signalled() {
            Runnable due;
            synchronized (this) {
                if (happened) {
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
                happened = true;
                due = action;
            }
            if (due != null) {
                due.run();
            }
        }
    }
}
