package phoneopus.mcp;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of one client that have no answer yet. */
final class RunningRequests {
    private final Map<Object, Running> running = new HashMap<>();

    /**
     * @param tool name of the tool, where the request calls one
     */
    record Running(String method, @Nullable String tool, Cancellation cancellation) {}

    /** Empty where a request of that id is running already. */
    synchronized Optional<Running> begin(Object id, String method, @Nullable String tool) {
        Running fresh = new Running(method, tool, new Cancellation());
        return running.putIfAbsent(id, fresh) == null ? Optional.of(fresh) : Optional.empty();
    }

    /** The request of that id, which is running no more. */
    synchronized Optional<Running> end(Object id) {
        Optional<Running> ended = Optional.ofNullable(running.remove(id));
        notifyAll();
        return ended;
    }

    void cancel(Object id, String reason) {
        Running found;
        synchronized (this) {
            found = running.get(id);
        }
        if (found != null) {
            found.cancellation().cancel(reason);
        }
    }

    /** Waits until none is running, at most that long. */
    synchronized void awaitNone(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (!running.isEmpty() && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }
}
