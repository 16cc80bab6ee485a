package phoneopus.stdio;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.time.Duration;
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
 * One message per line over the standard streams. The end of input ends the server even if calls
 * are in progress: consults keep running.
 */
public final class StdioTransportProvider implements McpServerTransportProvider, SmartLifecycle {
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

    /** Hands the client over once the whole server is ready, not only the library's part. */
    @Override
    public void start() {
        McpConversation client = conversation;
        if (client == null) {
            throw new IllegalStateException("the server is not ready yet");
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

    /** How long the client has sent nothing; zero while it waits for an answer. */
    public Duration silence() {
        McpConversation client = conversation;
        return client == null || !client.isIdle() ? Duration.ZERO : front.silence();
    }

    /** Ends the server. */
    public void end() {
        front.end();
    }

    /** The client is gone: neither the answer being written nor any later one is delivered. */
    private void broken() {
        McpConversation client = conversation;
        if (client != null) {
            client.vanished();
        }
        front.end();
    }
}
