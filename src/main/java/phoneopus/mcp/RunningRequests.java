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
    record Running(String method, @Nullable String tool, Delivery delivery) {}

    /** Empty where a request of that id is running already. */
    synchronized Optional<Running> begin(Object id, String method, @Nullable String tool) {
        Running fresh = new Running(method, tool, new Delivery());
        return running.putIfAbsent(id, fresh) == null ? Optional.of(fresh) : Optional.empty();
    }

    synchronized Optional<Running> find(Object id) {
        return Optional.ofNullable(running.get(id));
    }

    synchronized void end(Object id) {
        running.remove(id);
        notifyAll();
    }

    void cancel(Object id, String reason) {
        Running found;
        synchronized (this) {
            found = running.get(id);
        }
        if (found != null) {
            found.delivery().cancel(reason);
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
