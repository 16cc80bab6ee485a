package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import phoneopus.mcp.LineReader.Line;
import reactor.core.publisher.Mono;

/**
 * One message a line, over the standard streams. The end of input ends the server whatever is
 * running: consults go on by themselves.
 */
final class StdioTransportProvider implements McpServerTransportProvider, SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(StdioTransportProvider.class);

    /** Bytes: a prompt of 1 MiB in its worst escaping is 6. */
    private static final int LONGEST_LINE = 8 * 1024 * 1024;

    /** What a client that wrote its requests and closed its end may still wait for. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(300);

    private final McpJsonMapper json;
    private final StdioConnection connection;
    private final Incoming.Reader reader = new Incoming.Reader();
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable Conversation conversation;
    private volatile boolean started;

    StdioTransportProvider(McpJsonMapper json, StdioConnection connection) {
        this.json = json;
        this.connection = connection;
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory sessions) {
        conversation =
                new Conversation(
                        json,
                        new ClientOutput(json, this::writeLine, this::broken),
                        Caller.UNNAMED,
                        sessions);
    }

    /** Reading begins when the whole server is there, not when the library's part is. */
    @Override
    public void start() {
        Conversation client = conversation;
        if (client == null) {
            throw new IllegalStateException("the server is not there yet");
        }
        started = true;
        Thread.ofPlatform().name("stdio-reader").start(() -> readToEnd(client));
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
        Conversation client = conversation;
        return client == null
                ? Mono.empty()
                : client.sendMessage(new JSONRPCNotification(method, params));
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    private void writeLine(String message) throws IOException {
        OutputStream out = connection.out();
        out.write((message + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void readToEnd(Conversation client) {
        LineReader lines = new LineReader(connection.in(), LONGEST_LINE);
        try {
            while (true) {
                switch (lines.next()) {
                    case Line.Text(ByteBuffer bytes) -> client.receive(reader.read(bytes));
                    case Line.TooLong _ ->
                            client.receive(
                                    Incoming.Bad.invalid(null, "a line is at most 8 MiB long"));
                    case Line.End _ -> {
                        client.awaitNone(LAST_ANSWERS);
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

    /** Nobody gets the answers that are still to come, nor the one that was just being written. */
    private void broken() {
        Conversation client = conversation;
        if (client != null) {
            client.vanished();
        }
        end();
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            connection.whenOver().run();
        }
    }
}
