package phoneopus.http;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import phoneopus.mcp.Caller;
import phoneopus.mcp.LineSafeJson;
import phoneopus.mcp.MemoryBudget;

/** The Streamable HTTP transport, with one address for everything. */
@RestController
@ConditionalOnWebApplication
@RequestMapping(StreamableEndpoint.PATH)
final class StreamableEndpoint {
    static final String PATH = "/mcp";

    private final StreamableTransportProvider provider;
    private final ClientSessions sessions;
    private final McpJsonMapper json;
    private final HttpProperties properties;
    private final MemoryBudget memory;

    StreamableEndpoint(
            StreamableTransportProvider provider,
            ClientSessions sessions,
            McpJsonMapper json,
            HttpProperties properties,
            MemoryBudget memory) {
        this.provider = provider;
        this.sessions = sessions;
        this.json = json;
        this.properties = properties;
        this.memory = memory;
    }

    /** Receives a message: returns a stream with its answer, or 202 if it needs none. */
    @PostMapping
    Object post(HttpServletRequest http) throws IOException {
        JSONRPCMessage message =
                HttpBody.of(http, properties.maxBody(), memory.of(Caller.of(http))).message();
        if (message instanceof JSONRPCRequest request
                && request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            return initialize(request, Caller.of(http));
        }
        StreamableSession session =
                session(http, message instanceof JSONRPCRequest request ? request.id() : null);
        if (message instanceof JSONRPCRequest request) {
            return session.serve(request).response();
        }
        session.accept(message);
        return ResponseEntity.accepted().build();
    }

    /** Opens a stream for messages that the server sends on its own. */
    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter listen(HttpServletRequest http) {
        return session(http, null).listen().response();
    }

    @DeleteMapping
    ResponseEntity<Void> end(HttpServletRequest http) {
        StreamableSession session = session(http, null);
        sessions.remove(session);
        session.close();
        return ResponseEntity.ok().build();
    }

    private ResponseEntity<String> initialize(JSONRPCRequest request, Caller caller)
            throws IOException {
        StreamableTransportProvider.Begun begun = provider.begin(request, caller);
        return ResponseEntity.status(HttpStatus.OK)
                .header(HttpHeaders.MCP_SESSION_ID, begun.session().id())
                .contentType(MediaType.APPLICATION_JSON)
                .body(
                        LineSafeJson.of(
                                json.writeValueAsString(
                                        JSONRPCResponse.result(request.id(), begun.result()))));
    }

    private StreamableSession session(HttpServletRequest http, @Nullable Object requestId) {
        String version = http.getHeader(HttpHeaders.PROTOCOL_VERSION);
        if (version != null && !provider.protocolVersions().contains(version)) {
            throw HttpRefusal.bad(
                    requestId,
                    "MCP-Protocol-Version must be one of "
                            + String.join(", ", provider.protocolVersions()));
        }
        String id = http.getHeader(HttpHeaders.MCP_SESSION_ID);
        if (id == null) {
            throw HttpRefusal.bad(
                    requestId,
                    "Mcp-Session-Id is missing: use the one in the response to initialize");
        }
        return sessions.find(id, Caller.of(http), StreamableSession.class)
                .orElseThrow(() -> HttpRefusal.sessionNotFound(requestId));
    }
}
