package phoneopus.http;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import phoneopus.mcp.Caller;
import phoneopus.mcp.ClientOutput;
import phoneopus.mcp.McpConversation;
import phoneopus.mcp.MemoryBudget;
import reactor.core.publisher.Mono;

/**
 * The older HTTP+SSE transport, for clients without Streamable HTTP: one stream for all answers,
 * and an address to post messages to. The library's own makes a client's post wait until the tool
 * is done.
 */
@RestController
@ConditionalOnWebApplication
final class SseEndpoint implements McpServerTransportProvider {
    private static final String MESSAGES = "/mcp/message";

    private final McpJsonMapper json;
    private final ClientSessions sessions;
    private final EventStreams streams;
    private final HttpProperties properties;
    private final MemoryBudget memory;
    private volatile McpServerSession.@Nullable Factory factory;

    SseEndpoint(
            McpJsonMapper json,
            ClientSessions sessions,
            EventStreams streams,
            HttpProperties properties,
            MemoryBudget memory) {
        this.json = json;
        this.sessions = sessions;
        this.streams = streams;
        this.properties = properties;
        this.memory = memory;
    }

    @GetMapping(path = "/sse", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter connect(HttpServletRequest http) throws IOException {
        if (factory == null) {
            throw HttpRefusal.ending();
        }
        EventStream stream = streams.open();
        Caller caller = Caller.of(http);
        MemoryBudget.Share share = memory.of(caller);
        ClientOutput output =
                new ClientOutput(json, text -> stream.send("message", text), stream::close, share);
        Session session =
                new Session(new McpConversation(json, output, caller, share, factory), stream);
        try {
            sessions.add(session);
        } catch (HttpRefusal refusal) {
            stream.close();
            throw refusal;
        }
        stream.onClose(() -> {
            sessions.remove(session);
            session.conversation().vanished();
        });
        stream.send("endpoint", MESSAGES + "?sessionId=" + session.id());
        return stream.response();
    }

    @PostMapping(MESSAGES)
    ResponseEntity<Void> post(
            HttpServletRequest http,
            @RequestParam(name = "sessionId", defaultValue = "") String sessionId)
            throws IOException {
        Caller caller = Caller.of(http);
        Session session =
                sessions.find(sessionId, caller, Session.class)
                        .orElseThrow(() -> HttpRefusal.sessionNotFound(null));
        session.conversation().receive(HttpBody.of(http, properties.maxBody(), memory.of(caller)));
        return ResponseEntity.accepted().build();
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory sessionFactory) {
        factory = sessionFactory;
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

    /** A session, which lasts as long as its stream. */
    private record Session(McpConversation conversation, EventStream stream)
            implements ClientSession {
        @Override
        public String id() {
            return conversation.id();
        }

        @Override
        public Caller caller() {
            return conversation.caller();
        }

        @Override
        public boolean busy() {
            return true;
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
