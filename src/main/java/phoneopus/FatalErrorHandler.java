package phoneopus;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the process when Java runs out of memory or threads: what remained would look like a server
 * and answer nothing.
 */
final class FatalErrorHandler implements Thread.UncaughtExceptionHandler {
    private static final int SET_UP = 3;

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static final String THREADS =
            "phone-opus: it stopped because it could not start another thread (ulimit -u, or a container's limit). Accepted consults keep running.";

    private static final String MEMORY =
            "phone-opus: it stopped because it ran out of memory. Accepted consults keep running. Give it more with PHONE_OPUS_JAVA_OPTS=-Xmx512m.";

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError error) {
            // Several threads may fail at once.
            if (SAID.compareAndSet(false, true)) {
                System.err.println(sentence(error));
            }
            // An orderly shutdown would need more threads.
            Runtime.getRuntime().halt(SET_UP);
        }
        System.err.println("phone-opus: thread " + thread.getName() + " ended:");
        failure.printStackTrace();
    }

    static String sentence(OutOfMemoryError error) {
        return String.valueOf(error.getMessage()).contains("thread") ? THREADS : MEMORY;
    }
}
