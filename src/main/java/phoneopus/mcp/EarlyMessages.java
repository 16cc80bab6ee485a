package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the messages of one client, in order and bounded, until the server has started. */
public final class EarlyMessages {
    public static final int MOST_MESSAGES = 1_000;

    /** Enough for two prompts of the maximum size. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    private final List<Kept> kept = new ArrayList<>();
    private final Set<Object> unanswered = new HashSet<>();
    private final Set<Object> cancelled = new HashSet<>();
    private long bytes;

    /**
     * A kept message.
     *
     * @param answered whether the client already has its answer, so that the server's own is
     *     discarded
     */
    public record Kept(JsonRpcMessage.Message message, boolean answered) {}

    /** Keeps a message of that many bytes; returns false if there is no room. */
    public boolean add(JsonRpcMessage.Message message, int size) {
        if (kept.size() >= MOST_MESSAGES || bytes + size > MOST_BYTES) {
            return false;
        }
        bytes += size;
        keep(message);
        return true;
    }

    /** Keeps a handshake that was already answered. */
    public void addAnswered(JsonRpcMessage.Message handshake) {
        kept.add(new Kept(handshake, true));
    }

    /**
     * Keeps a cancellation even if there is no room, since there is at most one for each request.
     * Ignores it if its request is not kept.
     */
    public void addCancelled(JsonRpcMessage.Message message, JSONRPCNotification notification) {
        Object id = InFlightRequests.cancelledId(notification);
        if (id != null && unanswered.contains(id) && cancelled.add(id)) {
            keep(message);
        }
    }

    /** Whether a request with that id is kept. */
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
