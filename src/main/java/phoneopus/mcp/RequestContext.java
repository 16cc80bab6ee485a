package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client still wants the answer of one request, and whether it got there. Reaches the
 * tool through its transport context.
 */
public final class RequestContext {
    static final String KEY = RequestContext.class.getName();

    private final List<Consumer<Stopped>> actions = new ArrayList<>();
    private @Nullable Stopped stopped;
    private @Nullable Runnable whenDelivered;
    private final Object request;
    private boolean delivered;

    /**
     * Of one request.
     *
     * @param request its id
     */
    RequestContext(Object request) {
        this.request = request;
    }

    /** Why nobody waits for the answer any more. */
    public sealed interface Stopped {
        /**
         * The client said so.
         *
         * @param reason in its words, may be empty
         */
        record Cancelled(String reason) implements Stopped {}

        /** The client is gone, and said nothing. */
        record Vanished() implements Stopped {}
    }

    /**
     * The one of the request that the context belongs to; one that never happens where the
     * transport knows none.
     */
    public static RequestContext of(McpTransportContext context) {
        return context.get(KEY) instanceof RequestContext delivery
                ? delivery
                : new RequestContext("none");
    }

    /** Runs the action when the client stops waiting; at once where it did already. */
    public void onStop(Consumer<Stopped> action) {
        Stopped already;
        synchronized (this) {
            already = stopped;
            if (already == null) {
                actions.add(RequestLog.naming(action));
            }
        }
        if (already != null) {
            action.accept(already);
        }
    }

    /** Runs the action once the answer is on its way to the client. */
    public synchronized void onDelivered(Runnable action) {
        whenDelivered = action;
    }

    /** The id of the request. */
    public Object request() {
        return request;
    }

    void delivered() {
        Runnable due;
        synchronized (this) {
            delivered = true;
            due = whenDelivered;
        }
        if (due != null) {
            due.run();
        }
    }

    synchronized boolean cancelled() {
        return stopped instanceof Stopped.Cancelled;
    }

    void cancel(String reason) {
        stop(new Stopped.Cancelled(reason));
    }

    /** Means nothing where the answer got there. */
    public void vanished() {
        stop(new Stopped.Vanished());
    }

    private void stop(Stopped why) {
        List<Consumer<Stopped>> due;
        synchronized (this) {
            if (stopped != null || delivered) {
                return;
            }
            stopped = why;
            due = List.copyOf(actions);
        }
        due.forEach(action -> action.accept(why));
    }
}
