package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the client still waits for the answer to one request and whether the answer was
 * delivered. A tool gets it from its transport context.
 */
public final class RequestContext {
    static final String KEY = RequestContext.class.getName();

    private final List<Consumer<Stopped>> actions = new ArrayList<>();
    private @Nullable Stopped stopped;
    private @Nullable Runnable whenDelivered;
    private final Object request;
    private boolean delivered;

    /**
     * @param request the id of the request
     */
    RequestContext(Object request) {
        this.request = request;
    }

    /** Why the client no longer waits for the answer. */
    public sealed interface Stopped {
        /**
         * The client cancelled the request.
         *
         * @param reason the client's words; may be empty
         */
        record Cancelled(String reason) implements Stopped {}

        /** The client is gone without having cancelled the request. */
        record Vanished() implements Stopped {}
    }

    /**
     * The request's context from its transport context, or one that never reports anything if the
     * transport provides none.
     */
    public static RequestContext of(McpTransportContext context) {
        return context.get(KEY) instanceof RequestContext delivery
                ? delivery
                : new RequestContext("none");
    }

    /** Runs the action when the client stops waiting; immediately if it already has. */
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

    /** Runs the action once the answer has been sent to the client. */
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

    /** Records that the client is gone. No-op once the answer is delivered. */
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
