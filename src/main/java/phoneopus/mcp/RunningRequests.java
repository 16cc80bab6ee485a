package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of one client that have no answer yet. */
final class RunningRequests {
    /** The library ignores it. */
    static final String CANCELLED = "notifications/cancelled";

    private final Map<Object, Running> running = new HashMap<>();

    /**
     * One of them.
     *
     * @param tool its name, where the request calls one
     */
    record Running(String method, @Nullable String tool, Delivery delivery) {}

    /** Empty where a request of that id is running already. */
    Optional<Running> begin(JSONRPCRequest request) {
        String tool =
                request.params() instanceof Map<?, ?> params
                                && params.get("name") instanceof String name
                        ? name
                        : null;
        return begin(request.id(), request.method(), tool);
    }

    synchronized Optional<Running> begin(Object id, String method, @Nullable String tool) {
        Running fresh = new Running(method, tool, new Delivery(id));
        return running.putIfAbsent(id, fresh) == null ? Optional.of(fresh) : Optional.empty();
    }

    synchronized Optional<Running> find(Object id) {
        return Optional.ofNullable(running.get(id));
    }

    static Incoming.Bad taken(JSONRPCRequest request) {
        return Incoming.Bad.invalid(request.id(), "a request of this id is running");
    }

    /** Sends the answer, unless its request was cancelled. */
    void answer(JSONRPCResponse response, ClientOutput output) {
        find(response.id())
                .ifPresent(request -> {
                    if (!request.delivery().cancelled()
                            && output.write(Answers.forClient(response, request))) {
                        request.delivery().delivered();
                    }
                    end(response.id());
                });
    }

    synchronized void end(Object id) {
        running.remove(id);
        notifyAll();
    }

    synchronized boolean none() {
        return running.isEmpty();
    }

    /** The client wants the answer of the request that the notification names no more. */
    void cancel(JSONRPCNotification cancelled) {
        Object id = cancelledId(cancelled);
        if (id != null && cancelled.params() instanceof Map<?, ?> parameters) {
            String reason = parameters.get("reason") instanceof String text ? text : "";
            // Ending a process tree takes seconds, and this thread reads.
            Thread.startVirtualThread(() -> cancel(id, reason));
        }
    }

    /** The request that the notification names, null where it names none. */
    static @Nullable Object cancelledId(JSONRPCNotification cancelled) {
        if (!(cancelled.params() instanceof Map<?, ?> parameters)) {
            return null;
        }
        Object id = parameters.get("requestId");
        return id instanceof Number number ? (Long) number.longValue() : id;
    }

    void cancel(Object id, String reason) {
        find(id).ifPresent(request -> request.delivery().cancel(reason));
    }

    /** The client is gone. */
    void vanished() {
        List<Running> all;
        synchronized (this) {
            all = List.copyOf(running.values());
        }
        all.forEach(request -> request.delivery().vanished());
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
