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

/** Streamable HTTP as the library's server sees it. */
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

    /** A new session and the response to its client. */
    record Begun(StreamableSession session, InitializeResult result) {}

    /**
     * Begins a session.
     *
     * @throws HttpRefusal if the request cannot be read or there are too many sessions
     */
    Begun begin(JSONRPCRequest request, Caller caller) {
        InitializeRequest initialize;
        try {
            initialize = json.convertValue(request.params(), InitializeRequest.class);
        } catch (IllegalArgumentException _) {
            throw HttpRefusal.bad(request.id(), "initialize has invalid params");
        }
        if (factory == null || initialize == null) {
            throw HttpRefusal.bad(request.id(), "initialize needs params");
        }
        var begun = factory.startSession(initialize);
        StreamableSession session =
                new StreamableSession(begun.session(), caller, json, streams, memory);
        InitializeResult result = begun.initResult().block();
        if (result == null) {
            throw new IllegalStateException("the library did not answer initialize");
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

    /** Does nothing: the tools never change, so there are no notifications to all clients. */
    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
