package phoneopus.http;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.mcp.Caller;
import phoneopus.mcp.ClientOutput;
import phoneopus.mcp.InFlightRequests;
import phoneopus.mcp.InFlightRequests.Running;
import phoneopus.mcp.MemoryBudget;
import phoneopus.mcp.RequestLog;
import reactor.core.publisher.Mono;

/**
 * A Streamable HTTP client. Every request has a stream for its answer, and at most one stream is
 * open for messages that the server sends on its own.
 */
final class StreamableSession implements ClientSession {
    private static final Logger log = LoggerFactory.getLogger(StreamableSession.class);

    private final McpStreamableServerSession session;
    private final Caller caller;
    private final McpJsonMapper json;
    private final EventStreams streams;
    private final MemoryBudget.Share share;
    private final InFlightRequests running;
    private final AtomicReference<@Nullable EventStream> listening = new AtomicReference<>();

    StreamableSession(
            McpStreamableServerSession session,
            Caller caller,
            McpJsonMapper json,
            EventStreams streams,
            MemoryBudget memory) {
        this.session = session;
        this.caller = caller;
        this.json = json;
        this.streams = streams;
        this.share = memory.of(caller);
        this.running = new InFlightRequests(share);
    }

    @Override
    public String id() {
        return session.getId();
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean busy() {
        return !running.none() || listening.get() != null;
    }

    @Override
    public void close() {
        EventStream stream = listening.getAndSet(null);
        if (stream != null) {
            stream.close();
        }
        session.close();
    }

    /**
     * Serves a request.
     *
     * @return the stream for its answer
     */
    EventStream serve(JSONRPCRequest request) {
        EventStream stream = streams.open();
        Running fresh = running.begin(request).orElse(null);
        if (fresh == null) {
            stream.close();
            throw HttpRefusal.bad(running.refusal(request));
        }
        // If it closes before the answer, the client is gone.
        stream.onClose(fresh.delivery()::vanished);
        Thread.startVirtualThread(
                () -> RequestLog.naming(request.id(), id(), () -> served(request, fresh, stream)));
        return stream;
    }

    private EventStream served(JSONRPCRequest request, Running fresh, EventStream stream) {
        try {
            session.responseStream(new Transport(stream))
                    .handle(request)
                    .contextWrite(with ->
                            with.put(McpTransportContext.KEY, caller.context(fresh.delivery())))
                    .block();
        } catch (RuntimeException e) {
            log.error("method={} was not served", request.method(), e);
        } finally {
            running.end(request.id());
            stream.close();
        }
        return stream;
    }

    void accept(JSONRPCMessage message) {
        if (message instanceof JSONRPCNotification notification
                && notification.method().equals(InFlightRequests.CANCELLED)) {
            running.cancel(notification);
            return;
        }
        Mono<Void> accepted =
                switch (message) {
                    case JSONRPCNotification notification -> session.accept(notification);
                    case JSONRPCResponse response -> session.accept(response);
                    default -> Mono.empty();
                };
        accepted.contextWrite(with -> with.put(McpTransportContext.KEY, caller.context())).block();
    }

    /** Opens the stream for the server's own messages, which replaces an earlier one. */
    EventStream listen() {
        EventStream stream = streams.open();
        var listener = session.listeningStream(new Transport(stream));
        EventStream former = listening.getAndSet(stream);
        if (former != null) {
            former.close();
        }
        stream.onClose(() -> {
            listening.compareAndSet(stream, null);
            listener.releaseTransport();
        });
        return stream;
    }

    /** The library's access to a stream. */
    private final class Transport implements McpStreamableServerTransport {
        private final EventStream stream;
        private final ClientOutput output;

        Transport(EventStream stream) {
            this.stream = stream;
            this.output =
                    new ClientOutput(
                            json, text -> stream.send("message", text), stream::close, share);
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String eventId) {
            return sendMessage(message);
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> {
                if (message instanceof JSONRPCResponse response) {
                    running.answer(response, output);
                } else {
                    output.write(message);
                }
            });
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return json.convertValue(data, type);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.fromRunnable(this::close);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
