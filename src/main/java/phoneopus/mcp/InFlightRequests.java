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
import phoneopus.time.Deadline;

/** The unanswered requests of one client. */
public final class InFlightRequests {
    /** The library ignores this notification. */
    public static final String CANCELLED = "notifications/cancelled";

    private final Map<Object, Running> running = new HashMap<>();
    private final MemoryBudget.Share share;

    /**
     * @param share the client's share of the memory budget
     */
    public InFlightRequests(MemoryBudget.Share share) {
        this.share = share;
    }

    /**
     * An unanswered request.
     *
     * @param tool the tool it calls; null if it calls none
     * @param weight the memory of its parameters, in bytes
     */
    public record Running(
            String method, @Nullable String tool, RequestContext delivery, long weight) {}

    /** Registers the request; empty if it cannot be served, for the reason in {@link #refusal}. */
    public Optional<Running> begin(JSONRPCRequest request) {
        String tool =
                request.params() instanceof Map<?, ?> params
                                && params.get("name") instanceof String name
                        ? name
                        : null;
        Running fresh =
                new Running(
                        request.method(),
                        tool,
                        new RequestContext(request.id()),
                        MemoryBudget.weight(request.params()));
        return begin(request.id(), fresh) ? Optional.of(fresh) : Optional.empty();
    }

    private synchronized boolean begin(Object id, Running fresh) {
        if (running.containsKey(id) || !share.take(fresh.weight())) {
            return false;
        }
        running.put(id, fresh);
        return true;
    }

    /** The error for a request that could not begin. */
    public JsonRpcMessage.Bad refusal(JSONRPCRequest request) {
        return find(request.id()).isPresent()
                ? JsonRpcMessage.Bad.invalid(request.id(), "a request with this id is in progress")
                : JsonRpcMessage.Bad.tooMuch(request.id());
    }

    synchronized Optional<Running> find(Object id) {
        return Optional.ofNullable(running.get(id));
    }

    /** Sends the answer, unless its request was cancelled. */
    public void answer(JSONRPCResponse response, ClientOutput output) {
        find(response.id())
                .ifPresent(request -> {
                    if (!request.delivery().cancelled()
                            && output.write(ErrorSanitizer.forClient(response, request))) {
                        request.delivery().delivered();
                    }
                    end(response.id());
                });
    }

    public synchronized void end(Object id) {
        Running over = running.remove(id);
        if (over != null) {
            share.give(over.weight());
        }
        notifyAll();
    }

    public synchronized boolean none() {
        return running.isEmpty();
    }

    /** Cancels the request that the notification names. */
    public void cancel(JSONRPCNotification cancelled) {
        Object id = cancelledId(cancelled);
        if (id != null && cancelled.params() instanceof Map<?, ?> parameters) {
            String reason = parameters.get("reason") instanceof String text ? text : "";
            // Ending a process tree takes seconds and must not block the thread that reads
            // messages.
            Thread.startVirtualThread(() -> cancel(id, reason));
        }
    }

    /** The id of the request that the notification names; null if it names none. */
    static @Nullable Object cancelledId(JSONRPCNotification cancelled) {
        if (!(cancelled.params() instanceof Map<?, ?> parameters)) {
            return null;
        }
        Object id = parameters.get("requestId");
        return id instanceof Number number ? (Long) number.longValue() : id;
    }

    public void cancel(Object id, String reason) {
        find(id).ifPresent(request -> request.delivery().cancel(reason));
    }

    /** Tells all requests that the client is gone. */
    void vanished() {
        List<Running> all;
        synchronized (this) {
            all = List.copyOf(running.values());
        }
        all.forEach(request -> request.delivery().vanished());
    }

    /** Waits until no request is running or the time is up. */
    synchronized void awaitNone(Duration atMost) throws InterruptedException {
        Deadline.in(atMost).await(this, running::isEmpty);
    }
}
