package phoneopus.http;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.Caller;
import phoneopus.mcp.MemoryBudget;
import reactor.core.publisher.Mono;

/** Streamable HTTP, as far as the library's server sees it. */
final class StreamableTransportProvider implements McpStreamableServerTransportProvider {
    private final McpJsonMapper json;
    private final ClientSessions sessions;
    private final EventStreams streams;
    private final MemoryBudget memory;
    private volatile McpStreamableServerSession.@Nullable Factory factory;

    StreamableTransportProvider(
            McpJsonMapper json,
            ClientSessions sessions,
            EventStreams streams,
            MemoryBudget memory) {
        this.json = json;
        this.sessions = sessions;
        this.streams = streams;
        this.memory = memory;
    }

    /** A session that has just begun, and what its client is told. */
    record Begun(StreamableSession session, InitializeResult result) {}

    /**
     * Begins one.
     *
     * @throws HttpRefusal where the request cannot be read, or there are too many
     */
    Begun begin(JSONRPCRequest request, Caller caller) {
        InitializeRequest initialize;
        try {
            initialize = json.convertValue(request.params(), InitializeRequest.class);
        } catch (IllegalArgumentException _) {
            throw HttpRefusal.bad(request.id(), "initialize has params that cannot be read");
        }
        if (factory == null || initialize == null) {
            throw HttpRefusal.bad(request.id(), "initialize needs params");
        }
        var begun = factory.startSession(initialize);
        StreamableSession session =
                new StreamableSession(begun.session(), caller, json, streams, memory);
        InitializeResult result = begun.initResult().block();
        if (result == null) {
            throw new IllegalStateException("the library answered initialize with nothing");
        }
        sessions.add(session);
        return new Begun(session, result);
    }

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory sessionFactory) {
        factory = sessionFactory;
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2025_03_26,
                ProtocolVersions.MCP_2025_06_18,
                ProtocolVersions.MCP_2025_11_25);
    }

    /** The tools never change, so there is nothing that all are told. */
    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
