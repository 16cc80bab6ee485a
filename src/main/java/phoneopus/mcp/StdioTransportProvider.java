package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import phoneopus.mcp.LineReader.Line;
import phoneopus.mcp.RunningRequests.Running;
import reactor.core.publisher.Mono;

/**
 * One message a line, over the standard streams. A bad line gets an error and never ends the
 * server, a cancelled request gets no answer, and the end of input ends the server whatever is
 * running: consults go on by themselves.
 */
final class StdioTransportProvider
        implements McpServerTransportProvider, McpServerTransport, SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(StdioTransportProvider.class);

    /** A newer client asks for it first, and falls back to initialize where it is not known. */
    private static final String NEWER_HANDSHAKE = "server/discover";

    /** Bytes: a prompt of 1 MiB in its worst escaping is 6. */
    private static final int LONGEST_LINE = 8 * 1024 * 1024;

    /** What a client that wrote its requests and closed its end may still wait for. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(300);

    private final McpJsonMapper json;
    private final StdioConnection connection;
    private final StdioOutput output;
    private final RunningRequests running = new RunningRequests();
    private final Incoming.Reader reader = new Incoming.Reader();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable McpServerSession session;
    private volatile boolean started;
    private boolean initializeSeen;
    private boolean initializedSeen;

    StdioTransportProvider(McpJsonMapper json, StdioConnection connection) {
        this.json = json;
        this.connection = connection;
        this.output = new StdioOutput(json, connection.out(), this::end);
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        session = factory.create(this);
    }

    /** Reading begins when the whole server is there, not when the library's part is. */
    @Override
    public void start() {
        started = true;
        Thread.ofPlatform().name("stdio-reader").start(this::readToEnd);
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
        return sendMessage(new JSONRPCNotification(method, params));
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    @Override
    public void close() {}

    @Override
    public List<String> protocolVersions() {
        return McpServerTransportProvider.super.protocolVersions();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            if (!(message instanceof JSONRPCResponse response)) {
                output.write(message);
                return;
            }
            Optional<Running> request = running.find(response.id());
            if (request.isPresent()) {
                answer(response, request.get());
                running.end(response.id());
            }
        });
    }

    private void answer(JSONRPCResponse response, Running request) {
        if (!request.delivery().cancelled() && output.write(Answers.forClient(response, request))) {
            request.delivery().delivered();
        }
    }

    private void readToEnd() {
        LineReader lines = new LineReader(connection.in(), LONGEST_LINE);
        try {
            while (true) {
                switch (lines.next()) {
                    case Line.Text(ByteBuffer bytes) -> receive(reader.read(bytes));
                    case Line.TooLong _ ->
                            output.refuse(
                                    null,
                                    ErrorCodes.INVALID_REQUEST,
                                    "Invalid request: a line is at most 8 MiB long");
                    case Line.End _ -> {
                        running.awaitNone(LAST_ANSWERS);
                        end();
                        return;
                    }
                }
            }
        } catch (IOException e) {
            log.warn("input ended: {}", e.getMessage());
            end();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            end();
        }
    }

    private void receive(Incoming incoming) {
        switch (incoming) {
            case Incoming.Message(JSONRPCRequest request) -> request(request);
            case Incoming.Message(JSONRPCNotification notification) -> notification(notification);
            case Incoming.Message(JSONRPCMessage message) ->
                    hand(message, McpTransportContext.EMPTY);
            case Incoming.Bad(Object id, int code, String text) -> output.refuse(id, code, text);
            case Incoming.Blank _ -> {}
        }
    }

    private void request(JSONRPCRequest request) {
        if (request.method().equals(McpSchema.METHOD_PING)) {
            // The library answers it only after the handshake.
            output.write(JSONRPCResponse.result(request.id(), Map.of()));
            return;
        }
        if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            initializeSeen = true;
        } else if (!initializeSeen) {
            if (request.method().equals(NEWER_HANDSHAKE)) {
                output.refuse(
                        request.id(),
                        ErrorCodes.METHOD_NOT_FOUND,
                        "Method not found: " + NEWER_HANDSHAKE);
                return;
            }
            output.refuse(
                    request.id(),
                    ErrorCodes.INVALID_REQUEST,
                    "Invalid request: initialize comes first");
            return;
        } else if (!initializedSeen) {
            // The library keeps every request until the client has said so, for ever where it never
            // does.
            notification(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED));
        }
        String tool =
                request.params() instanceof Map<?, ?> params
                                && params.get("name") instanceof String name
                        ? name
                        : null;
        running.begin(request.id(), request.method(), tool)
                .ifPresentOrElse(
                        fresh -> hand(request, fresh.delivery().context()),
                        () ->
                                output.refuse(
                                        request.id(),
                                        ErrorCodes.INVALID_REQUEST,
                                        "Invalid request: a request of this id is running"));
    }

    private void notification(JSONRPCNotification notification) {
        switch (notification.method()) {
            case "notifications/cancelled" -> cancel(notification.params());
            case McpSchema.METHOD_NOTIFICATION_INITIALIZED -> {
                if (!initializedSeen) {
                    initializedSeen = true;
                    hand(notification, McpTransportContext.EMPTY);
                }
            }
            default -> hand(notification, McpTransportContext.EMPTY);
        }
    }

    /** The library ignores it. */
    private void cancel(@Nullable Object params) {
        if (params instanceof Map<?, ?> parameters) {
            Object id = parameters.get("requestId");
            Object normal = id instanceof Number number ? (Long) number.longValue() : id;
            String reason = parameters.get("reason") instanceof String text ? text : "";
            if (normal != null) {
                // Ending a process tree takes seconds, and this thread reads.
                Thread.startVirtualThread(() -> running.cancel(normal, reason));
            }
        }
    }

    private void hand(JSONRPCMessage message, McpTransportContext context) {
        McpServerSession server = session;
        if (server == null) {
            throw new IllegalStateException("a message came before the server was there");
        }
        server.handle(message)
                .contextWrite(with -> with.put(McpTransportContext.KEY, context))
                .subscribe(_ -> {}, failure -> log.error("a message was not served", failure));
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            connection.whenOver().run();
        }
    }
}
