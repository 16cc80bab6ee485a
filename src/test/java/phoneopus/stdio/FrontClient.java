package phoneopus.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import phoneopus.mcp.PrecomputedResponses;
import phoneopus.mcp.RequestContext;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A front between a client in this process and the library's own session, whose handlers take down
 * what they see.
 */
final class FrontClient {

    static final String INITIALIZE =
            "{'jsonrpc':'2.0','id':'hello','method':'initialize','params':{'protocolVersion':'2025-06-18','capabilities':{},'clientInfo':{'name':'front-tests','version':'1'}}}";

    static final String INITIALIZED = "{'jsonrpc':'2.0','method':'notifications/initialized'}";

    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private final PipedOutputStream input = new PipedOutputStream();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();

    /** What the session saw, in order: the parameter {@code n} of what it was given. */
    final Queue<Object> seen = new ConcurrentLinkedQueue<>();

    /** What the session saw of the handshake, the client's names. */
    final Queue<String> handshakes = new ConcurrentLinkedQueue<>();

    /** The calls of tools whose cancellation got there. */
    final Queue<RequestContext.Stopped> stopped = new ConcurrentLinkedQueue<>();

    final StdioFront front;

    FrontClient(PrecomputedResponses responses) {
        this(responses, null);
    }

    /**
     * @param broken replaces the stream to the client
     */
    FrontClient(PrecomputedResponses responses, OutputStream broken) {
        try {
            front =
                    StdioFront.open(
                            new StdioConnection(
                                    new PipedInputStream(input, 1 << 20),
                                    broken == null ? output : broken,
                                    ends::incrementAndGet),
                            responses);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the server behind the front. */
    StdioTransportProvider handOver() {
        var transport =
                new StdioTransportProvider(new JacksonMcpJsonMapper(new JsonMapper()), front);
        transport.setSessionFactory(this::session);
        transport.start();
        return transport;
    }

    private McpServerSession session(McpServerTransport transport) {
        return new McpServerSession(
                "session",
                Duration.ofSeconds(5),
                transport,
                request -> {
                    handshakes.add(request.clientInfo().name());
                    return Mono.just(
                            InitializeResult.builder(
                                            request.protocolVersion(),
                                            ServerCapabilities.builder().build(),
                                            request.clientInfo())
                                    .instructions("of the session")
                                    .build());
                },
                Map.of(
                        "test/echo",
                        (_, params) -> {
                            seen.add(number(params));
                            return Mono.just(params);
                        },
                        "tools/list",
                        (_, _) -> Mono.just(Map.of("tools", List.of())),
                        "tools/call",
                        // Never answered: whoever stops waiting is noticed.
                        (exchange, _) -> {
                            RequestContext.of(exchange.transportContext()).onStop(stopped::add);
                            return Mono.never();
                        }),
                Map.of(
                        "notifications/initialized",
                        (_, _) -> Mono.empty(),
                        "test/note",
                        (_, params) -> {
                            seen.add(number(params));
                            return Mono.empty();
                        }));
    }

    private static Object number(Object params) {
        return ((Map<?, ?>) params).get("n");
    }

    /** JSON may be given with single quotes. */
    void say(String... lines) {
        try {
            for (var line : lines) {
                input.write((line.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
            }
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void ask(Object id, String method, String params) {
        say(
                "{'jsonrpc':'2.0','id':%s,'method':'%s','params':%s}"
                        .formatted(JsonMapper.shared().writeValueAsString(id), method, params));
    }

    void note(String method, String params) {
        say("{'jsonrpc':'2.0','method':'%s','params':%s}".formatted(method, params));
    }

    void leave() {
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitEnd() {
        await().atMost(A_WHILE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> ends.get() > 0);
        assertThat(ends).hasValue(1);
    }

    int ends() {
        return ends.get();
    }

    List<JsonNode> heard() {
        return lines().stream().map(JsonMapper.shared()::readTree).toList();
    }

    List<String> lines() {
        return output.toString(StandardCharsets.UTF_8).lines().toList();
    }

    List<JsonNode> heard(int atLeast) {
        await().atMost(A_WHILE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(heard()).hasSizeGreaterThanOrEqualTo(atLeast));
        return heard();
    }

    /** Whatever was said before is dealt with after this. */
    void settle() {
        var id = "settled-" + settled.incrementAndGet();
        say("{'jsonrpc':'2.0','id':'%s','method':'ping'}".formatted(id));
        await().atMost(A_WHILE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() ->
                        heard().stream()
                                .anyMatch(message -> message.path("id").asString().equals(id)));
    }

    List<JsonNode> answersTo(Object id) {
        var wanted = JsonMapper.shared().valueToTree(id).toString();
        return heard().stream()
                .filter(message -> message.path("id").toString().equals(wanted))
                .toList();
    }
}
