package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client still wants the answer of one request, and whether it got there. Reaches the
 * tool through its transport context.
 */
public final class Delivery {
    private static final String KEY = Delivery.class.getName();

    private final List<Consumer<String>> actions = new ArrayList<>();
    private @Nullable String reason;
    private @Nullable Runnable delivered;

    Delivery() {}

    /**
     * The one of the request that the context belongs to; one that never happens where the
     * transport knows none.
     */
    public static Delivery of(McpTransportContext context) {
        return context.get(KEY) instanceof Delivery delivery ? delivery : new Delivery();
    }

    /**
     * Runs the action with the client's reason when the client cancels; at once where it did
     * already.
     */
    public void onCancel(Consumer<String> action) {
        String already;
        synchronized (this) {
            already = reason;
            if (already == null) {
                actions.add(action);
            }
        }
        if (already != null) {
            action.accept(already);
        }
    }

    /** Runs the action once the answer is on its way to the client. */
    public synchronized void onDelivered(Runnable action) {
        delivered = action;
    }

    void delivered() {
        Runnable due;
        synchronized (this) {
            due = delivered;
        }
        if (due != null) {
            due.run();
        }
    }

    McpTransportContext context() {
        return McpTransportContext.create(Map.of(KEY, this));
    }

    synchronized boolean cancelled() {
        return reason != null;
    }

    void cancel(String why) {
        List<Consumer<String>> due;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            due = List.copyOf(actions);
        }
        due.forEach(action -> action.accept(why));
    }
}
