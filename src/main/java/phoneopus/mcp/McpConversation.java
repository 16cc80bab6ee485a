package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.mcp.InFlightRequests.Running;
import reactor.core.publisher.Mono;

/**
 * The conversation with one client over a bidirectional channel. It adds what the library's session
 * lacks: an invalid message gets an error and ends nothing, a cancelled request gets no answer.
 */
public final class McpConversation implements McpServerTransport {
    private static final Logger log = LoggerFactory.getLogger(McpConversation.class);

    private final McpJsonMapper json;
    private final ClientOutput output;
    private final Caller caller;
    private final InFlightRequests running;
    private final McpServerSession session;
    private boolean initializeSeen;
    private boolean initializedSeen;

    public McpConversation(
            McpJsonMapper json,
            ClientOutput output,
            Caller caller,
            MemoryBudget.Share share,
            McpServerSession.Factory sessions) {
        this.json = json;
        this.output = output;
        this.caller = caller;
        this.running = new InFlightRequests(share);
        this.session = sessions.create(this);
    }

    public String id() {
        return session.getId();
    }

    public Caller caller() {
        return caller;
    }

    /** Handles one message at a time. */
    public synchronized void receive(JsonRpcMessage incoming) {
        switch (incoming) {
            case JsonRpcMessage.Message(JSONRPCRequest request) -> request(request);
            case JsonRpcMessage.Message(JSONRPCNotification notification) ->
                    notification(notification);
            case JsonRpcMessage.Message(JSONRPCMessage message) -> hand(message, caller.context());
            case JsonRpcMessage.Bad bad -> output.refuse(bad);
            case JsonRpcMessage.Blank _ -> {}
        }
    }

    /** Passes on a handshake that was already answered; the library's answer is discarded. */
    public synchronized void takeNote(JSONRPCRequest handshake) {
        initializeSeen = true;
        hand(handshake, caller.context());
    }

    /** Whether no request is running. */
    public boolean isIdle() {
        return running.none();
    }

    /** Waits until no request is running or the time is up. */
    public void awaitNone(Duration atMost) throws InterruptedException {
        running.awaitNone(atMost);
    }

    /** Tells all requests that the client is gone and will not receive their answers. */
    public void vanished() {
        running.vanished();
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
        return Mono.empty();
    }

    @Override
    public void close() {}

    private void request(JSONRPCRequest request) {
        if (request.method().equals(McpSchema.METHOD_PING)) {
            // The library answers pings only after the handshake.
            output.write(JSONRPCResponse.result(request.id(), Map.of()));
            return;
        }
        if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            initializeSeen = true;
        } else if (!initializeSeen) {
            output.refuse(JsonRpcMessage.Bad.tooEarly(request));
            return;
        } else if (!initializedSeen) {
            // The library holds back every request until this notification, forever if the client
            // never sends it.
            notification(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED));
        }
        Optional<Running> fresh = running.begin(request);
        if (fresh.isEmpty()) {
            output.refuse(running.refusal(request));
            return;
        }
        McpTransportContext context = caller.context(fresh.get().delivery());
        if (request.method().equals(McpSchema.METHOD_TOOLS_CALL)) {
            // A tool call may take long and must not delay the next message.
            Thread.startVirtualThread(() -> hand(request, context));
        } else {
            hand(request, context);
        }
    }

    private void notification(JSONRPCNotification notification) {
        switch (notification.method()) {
            case InFlightRequests.CANCELLED -> running.cancel(notification);
            case McpSchema.METHOD_NOTIFICATION_INITIALIZED -> {
                if (!initializedSeen) {
                    initializedSeen = true;
                    hand(notification, caller.context());
                }
            }
            default -> hand(notification, caller.context());
        }
    }

    private void hand(JSONRPCMessage message, McpTransportContext context) {
        session.handle(message)
                .contextWrite(with -> with.put(McpTransportContext.KEY, context))
                .subscribe(
                        _ -> {}, failure -> log.error("a message could not be handled", failure));
    }
}
