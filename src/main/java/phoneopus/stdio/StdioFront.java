package phoneopus.stdio;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.EarlyMessages;
import phoneopus.mcp.InFlightRequests;
import phoneopus.mcp.JsonRpcMessage;
import phoneopus.mcp.McpConversation;
import phoneopus.mcp.PrecomputedResponses;
import phoneopus.stdio.LineReader.Line;

/**
 * Hears the one client of a stdio server from the first moment of the process. Until the server is
 * there it answers itself what is known since the build, and keeps the rest; then it hands on, in
 * order, whatever comes.
 *
 * <p>One thread reads, so that the end of input is noticed whatever becomes of what the client is
 * told. Another does all that there is to do, and shares none of the state that it needs for that.
 *
 * <p>It is what a user waits for. So nothing that it needs at start may touch a logger, Spring, or
 * a {@code switch} over types: each takes longer to load than the whole of it.
 */
public final class StdioFront {
    /** Bytes: a prompt of 1 MiB in its worst escaping is 6. */
    private static final int LONGEST_LINE = 8 * 1024 * 1024;

    /** What a client that wrote its requests and closed its end may still wait for. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(300);

    /** The first that a client says; reading one loads what reading the next needs. */
    private static final String FIRST_WORDS =
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"","capabilities":{},\
            "clientInfo":{"name":"","version":""}}}\
            """;

    private static final String TOO_EARLY =
            "phone-opus had not started yet when its input ended, so nothing was done: keep the input open until the answer is there.";

    private final StdioConnection connection;
    private final PrecomputedResponses responses;
    private final JsonRpcMessage.Reader reader = new JsonRpcMessage.Reader();
    private final StdioOutput output;
    private final StdioWorker worker;
    private final EarlyMessages backlog = new EarlyMessages();
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable McpConversation server;

    /** Why there will be no server, once that is certain. */
    private @Nullable String refusal;

    /** What must be done before the client is served; false where it must not be served. */
    private volatile BooleanSupplier beforeServing = () -> true;

    private boolean initializeSeen;

    /** Whether something waits for the server that decides over all that follows. */
    private boolean aside;

    private StdioFront(StdioConnection connection, PrecomputedResponses responses) {
        this.connection = connection;
        this.responses = responses;
        this.output = new StdioOutput(connection.out());
        this.worker = new StdioWorker(output);
    }

    /** Begins to hear the client. */
    public static StdioFront open(StdioConnection connection, PrecomputedResponses responses) {
        StdioFront front = new StdioFront(connection, responses);
        front.rehearse();
        front.worker.start();
        Thread.ofPlatform().name("stdio-reader").start(front::readToEnd);
        return front;
    }

    /**
     * There will be no server: whatever waits for it, and all that follows, is told why. The caller
     * ends the process.
     */
    public void fail(String why) {
        over.set(true);
        worker.finish(() -> refuse(why));
    }

    private void refuse(String why) {
        if (refusal == null && server == null) {
            refusal = why;
            for (EarlyMessages.Kept kept : backlog.messages()) {
                if (!kept.answered()
                        && kept.message().message() instanceof JSONRPCRequest waiting) {
                    answer(new JsonRpcMessage.Bad(waiting.id(), JsonRpcMessage.NO_SERVER, why));
                }
            }
            backlog.clear();
        }
    }

    /** To be run once, just before the client is served: it is not where this returns false. */
    public void beforeServing(BooleanSupplier action) {
        beforeServing = action;
    }

    /** The server is there: it gets what was kept, and then all that follows. */
    void handOver(McpConversation conversation) {
        worker.finish(() -> serve(conversation));
    }

    private void serve(McpConversation conversation) {
        if (refusal != null || !beforeServing.getAsBoolean()) {
            return;
        }
        for (EarlyMessages.Kept kept : backlog.messages()) {
            if (kept.answered() && kept.message().message() instanceof JSONRPCRequest handshake) {
                conversation.takeNote(handshake);
            } else {
                conversation.receive(kept.message());
            }
        }
        backlog.clear();
        server = conversation;
    }

    /** Brings a message to the client. */
    void send(String message) throws IOException {
        output.send(message);
    }

    /** The client is gone. */
    void end() {
        // Else what waits might be begun while the process ends.
        worker.end();
        if (over.compareAndSet(false, true)) {
            connection.whenOver().run();
        }
    }

    private void rehearse() {
        if (reader.read(StandardCharsets.UTF_8.encode(FIRST_WORDS))
                instanceof JsonRpcMessage.Message(JSONRPCRequest handshake)) {
            String known = responses.handshake(handshake.params());
            PrecomputedResponses.answer(handshake.method(), known == null ? "" : known);
        }
    }

    private void readToEnd() {
        LineReader lines = new LineReader(connection.in(), LONGEST_LINE);
        try {
            Line line = lines.next();
            while (!(line instanceof Line.End) && pass(line)) {
                line = lines.next();
            }
        } catch (IOException e) {
            System.err.println("phone-opus: input ended: " + e.getMessage());
        }
        worker.finish(this::giveLastAnswers);
        end();
    }

    /** False where the client is gone. */
    private boolean pass(Line line) {
        int size = line instanceof Line.Text(ByteBuffer bytes) ? bytes.remaining() : 0;
        return worker.takeOn(() -> take(line, size), size);
    }

    private void giveLastAnswers() throws InterruptedException {
        refuse(TOO_EARLY);
        McpConversation client = server;
        if (client != null) {
            client.awaitNone(LAST_ANSWERS);
        }
    }

    private void take(Line line, int size) {
        if (line instanceof Line.Text(ByteBuffer bytes)) {
            take(reader.read(bytes), size);
        } else {
            take(JsonRpcMessage.Bad.invalid(null, "a line is at most 8 MiB long"), 0);
        }
    }

    private void take(JsonRpcMessage incoming, int size) {
        McpConversation client = server;
        if (client != null) {
            client.receive(incoming);
        } else if (incoming instanceof JsonRpcMessage.Bad bad) {
            answer(bad);
        } else if (incoming instanceof JsonRpcMessage.Message message) {
            if (message.message() instanceof JSONRPCRequest request) {
                request(message, request, size);
            } else if (refusal == null) {
                keep(message, size);
            }
        }
    }

    private void request(JsonRpcMessage.Message message, JSONRPCRequest request, int size) {
        String known = null;
        if (request.method().equals(McpSchema.METHOD_PING)) {
            known = "{}";
        } else if (refusal != null) {
            answer(new JsonRpcMessage.Bad(request.id(), JsonRpcMessage.NO_SERVER, refusal));
            return;
        } else if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
            known = initializeSeen ? null : responses.handshake(request.params());
            initializeSeen = true;
            aside = known == null;
            if (known != null) {
                backlog.addAnswered(message);
            }
        } else if (!initializeSeen) {
            answer(JsonRpcMessage.Bad.tooEarly(request));
            return;
        } else if (!aside && !backlog.holds(request.id())) {
            if (request.method().equals(JsonRpcMessage.NEWER_HANDSHAKE)) {
                answer(JsonRpcMessage.Bad.unknownMethod(request));
                return;
            }
            if (request.method().equals(McpSchema.METHOD_TOOLS_LIST)) {
                known = responses.tools();
            }
        }
        if (known != null) {
            write(PrecomputedResponses.answer(request.id(), known));
        } else if (!backlog.add(message, size)) {
            answer(
                    new JsonRpcMessage.Bad(
                            request.id(),
                            JsonRpcMessage.NO_SERVER,
                            "phone-opus is still starting and too much waits for it already: send this again in a moment."));
        }
    }

    private void keep(JsonRpcMessage.Message message, int size) {
        if (message.message() instanceof JSONRPCNotification notification
                && notification.method().equals(InFlightRequests.CANCELLED)) {
            backlog.addCancelled(message, notification);
        } else {
            // One that there is no room for is about nothing that the server knows already.
            backlog.add(message, size);
        }
    }

    private void answer(JsonRpcMessage.Bad bad) {
        write(bad.answer());
    }

    private void write(String message) {
        try {
            send(message);
        } catch (IOException _) {
            end();
        }
    }
}
