package phoneopus.cli;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Handles Ctrl-C. Java's shutdown hooks cannot tell it from SIGHUP and SIGTERM, which must not
 * cancel anything. A second Ctrl-C ends the process at once.
 */
final class Interrupt {
    private @Nullable Runnable action;
    private boolean happened;

    private Interrupt() {}

    static Interrupt install() {
        Interrupt interrupt = new Interrupt();
        handle("INT", interrupt::signalled);
        return interrupt;
    }

    /** Runs the action at that signal, such as {@code TSTP} for Ctrl-Z. */
    static void handle(String name, Runnable action) {
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
