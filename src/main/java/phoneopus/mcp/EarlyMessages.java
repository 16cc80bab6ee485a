package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one client said before there was a server to hear it, in order and bounded. */
public final class EarlyMessages {
    public static final int MOST_MESSAGES = 1_000;

    /** Two prompts of the longest. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    private final List<Kept> kept = new ArrayList<>();
    private final Set<Object> unanswered = new HashSet<>();
    private final Set<Object> cancelled = new HashSet<>();
    private long bytes;

    /**
     * One message.
     *
     * @param answered whether the client has its answer, so that the server only takes note of it
     */
    public record Kept(JsonRpcMessage.Message message, boolean answered) {}

    /** Keeps it, if there is room. */
    public boolean add(JsonRpcMessage.Message message, int size) {
        if (kept.size() >= MOST_MESSAGES || bytes + size > MOST_BYTES) {
            return false;
        }
        bytes += size;
        keep(message);
        return true;
    }

    /** Keeps the handshake, that its client has had an answer to. */
    public void addAnswered(JsonRpcMessage.Message handshake) {
        kept.add(new Kept(handshake, true));
    }

    /**
     * Keeps a cancellation, always: there is at most one for each request. One of nothing is
     * nothing.
     */
    public void addCancelled(JsonRpcMessage.Message message, JSONRPCNotification notification) {
        Object id = InFlightRequests.cancelledId(notification);
        if (id != null && unanswered.contains(id) && cancelled.add(id)) {
            keep(message);
        }
    }

    /** Whether a request of that id is in it. */
    public boolean holds(Object id) {
        return unanswered.contains(id);
    }

    public List<Kept> messages() {
        return kept;
    }

    public void clear() {
        kept.clear();
        unanswered.clear();
        cancelled.clear();
        bytes = 0;
    }

    private void keep(JsonRpcMessage.Message message) {
        kept.add(new Kept(message, false));
        if (message.message() instanceof JSONRPCRequest request) {
            unanswered.add(request.id());
        }
    }
}
