package phoneopus.stdio;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * Reads a stdio server's client from the first moment of the process. Until the server is ready it
 * answers what was precomputed by the build and queues the rest; then it passes everything on in
 * order.
 *
 * <p>One thread only reads, so that it notices the end of input even if the output is blocked.
 * Another does all the work and shares no state with it.
 *
 * <p>A user waits for it. So nothing it needs at start may use a logger, Spring, or a {@code
 * switch} over types: each takes longer to load than this whole class.
 */
public final class StdioFront {
    /** In bytes: a prompt of 1 MiB takes 6 MiB with the worst escaping. */
    private static final int LONGEST_LINE = 8 * 1024 * 1024;

    /** How long requests in progress may still be answered after the client has closed its end. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(300);

    private static final String TOO_EARLY =
            "The input ended before phone-opus had started, so nothing was done: keep the input open until the answer arrives.";

    private final StdioConnection connection;
    private final PrecomputedResponses responses;
    private final JsonRpcMessage.Reader reader = new JsonRpcMessage.Reader();
    private final StdioOutput output;
    private final StdioWorker worker;
    private final EarlyMessages backlog = new EarlyMessages();
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable McpConversation server;

    /** Why the start failed, once it has. */
    private @Nullable String refusal;

    /** Runs before the client is served; returns false if it must not be served. */
    private volatile BooleanSupplier beforeServing = () -> true;

    private boolean initializeSeen;

    /** Whether a queued message affects how all later ones are handled. */
    private boolean aside;

    private StdioFront(StdioConnection connection, PrecomputedResponses responses) {
        this.connection = connection;
        this.responses = responses;
        this.output = new StdioOutput(connection.out());
        this.worker = new StdioWorker(output);
    }

    /** Starts reading the client. */
    public static StdioFront open(StdioConnection connection, PrecomputedResponses responses) {
        StdioFront front = new StdioFront(connection, responses);
        responses.warmUp(front.reader);
        front.worker.start();
        Thread.ofPlatform().name("stdio-reader").start(front::readToEnd);
        return front;
    }

    /**
     * Reports a failed start: answers every queued and later request with the reason. The caller
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

    /**
     * Sets the action that runs once, just before the client is served. If it returns false, the
     * client is not served.
     */
    public void beforeServing(BooleanSupplier action) {
        beforeServing = action;
    }

    /** Passes the queued messages and all later ones to the server, which is ready now. */
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

    /** Sends a message to the client. */
    void send(String message) throws IOException {
        output.send(message);
    }

    /** Ends the connection because the client is gone. */
    void end() {
        // Otherwise queued work could start while the process ends.
        worker.end();
        if (over.compareAndSet(false, true)) {
            connection.whenOver().run();
        }
    }

    /** How long the client has sent nothing. */
    Duration silence() {
        return worker.silence();
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

    /** False if the client is gone. */
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
                            "phone-opus is still starting and too many messages are queued: send this again in a moment."));
        }
    }

    private void keep(JsonRpcMessage.Message message, int size) {
        if (message.message() instanceof JSONRPCNotification notification
                && notification.method().equals(InFlightRequests.CANCELLED)) {
            backlog.addCancelled(message, notification);
        } else {
            // A notification that does not fit cannot concern anything the server knows already.
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
