package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client still wants the answer of one request. Reaches the tool through its transport
 * context.
 */
public final class Cancellation {
    private static final String KEY = Cancellation.class.getName();

    private final List<Consumer<String>> actions = new ArrayList<>();
    private @Nullable String reason;

    Cancellation() {}

    /**
     * The one of the request that the context belongs to; one that never happens where the
     * transport knows none.
     */
    public static Cancellation of(McpTransportContext context) {
        return context.get(KEY) instanceof Cancellation cancellation
                ? cancellation
                : new Cancellation();
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

    McpTransportContext context() {
        return McpTransportContext.create(Map.of(KEY, this));
    }

    synchronized boolean requested() {
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
