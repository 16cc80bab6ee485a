package phoneopus.stdio;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import phoneopus.mcp.Caller;
import phoneopus.mcp.ClientOutput;
import phoneopus.mcp.McpConversation;
import phoneopus.mcp.MemoryBudget;
import phoneopus.mcp.PrecomputedResponses;
import reactor.core.publisher.Mono;

/**
 * One message a line, over the standard streams. The end of input ends the server whatever is
 * running: consults go on by themselves.
 */
final class StdioTransportProvider implements McpServerTransportProvider, SmartLifecycle {
    private final McpJsonMapper json;
    private final StdioFront front;
    private @Nullable McpConversation conversation;
    private volatile boolean started;

    StdioTransportProvider(McpJsonMapper json, StdioFront front) {
        this.json = json;
        this.front = front;
    }

    @Override
    public List<String> protocolVersions() {
        return PrecomputedResponses.PROTOCOL_VERSIONS;
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory sessions) {
        MemoryBudget.Share share = MemoryBudget.ofThisProcess().of(Caller.UNNAMED);
        conversation =
                new McpConversation(
                        json,
                        new ClientOutput(json, front::send, this::broken, share),
                        Caller.UNNAMED,
                        share,
                        sessions);
    }

    /** The client is handed over when the whole server is there, not when the library's part is. */
    @Override
    public void start() {
        McpConversation client = conversation;
        if (client == null) {
            throw new IllegalStateException("the server is not there yet");
        }
        started = true;
        front.handOver(client);
    }

    @Override
    public void stop() {
        started = false;
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        McpConversation client = conversation;
        return client == null
                ? Mono.empty()
                : client.sendMessage(new JSONRPCNotification(method, params));
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    /** Nobody gets the answers that are still to come, nor the one that was just being written. */
    private void broken() {
        McpConversation client = conversation;
        if (client != null) {
            client.vanished();
        }
        front.end();
    }
}
