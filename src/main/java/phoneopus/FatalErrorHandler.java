package phoneopus;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the process where Java has no memory, or no thread, for it any more: the parts that go on
 * would look like a server and answer nothing.
 */
final class FatalErrorHandler implements Thread.UncaughtExceptionHandler {
    private static final int SET_UP = 3;

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static final String THREADS =
            "phone-opus: this machine lets it start no more threads (ulimit -u, or a container's limit), so it ended; consults that it had taken go on.";

    private static final String MEMORY =
            "phone-opus: it ran out of memory and ended. Consults that it had taken go on. Give it more with PHONE_OPUS_JAVA_OPTS=-Xmx512m.";

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError error) {
            // Several threads may meet it at once.
            if (SAID.compareAndSet(false, true)) {
                System.err.println(sentence(error));
            }
            // An orderly end takes a thread for each that has something to put in order.
            Runtime.getRuntime().halt(SET_UP);
        }
        System.err.println("phone-opus: thread " + thread.getName() + " ended:");
        failure.printStackTrace();
    }

    static String sentence(OutOfMemoryError error) {
        return String.valueOf(error.getMessage()).contains("thread") ? THREADS : MEMORY;
    }
}
