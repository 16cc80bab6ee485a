package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.unit.DataSize;
import phoneopus.mcp.Caller;
import phoneopus.mcp.MemoryBudget;
import reactor.core.publisher.Mono;

class EventStreamsTests {

    private final EventStreams streams =
            new EventStreams(
                    new SimpleAsyncTaskScheduler(),
                    new HttpProperties(
                            "127.0.0.1",
                            0,
                            List.of(),
                            List.of(),
                            DataSize.ofMegabytes(2),
                            Duration.ofMinutes(30),
                            1,
                            null,
                            false));

    @Test
    void aServerThatEndsClosesItsStreamsAndOpensNoMore() {
        var closed = new AtomicBoolean();
        streams.start();
        streams.open().onClose(() -> closed.set(true));

        streams.stop();

        assertThat(closed).isTrue();
        assertThatExceptionOfType(HttpRefusal.class)
                .isThrownBy(streams::open)
                .satisfies(refusal ->
                        assertThat(refusal.response().getStatusCode().value()).isEqualTo(503));
    }

    @Test
    void aRequestThatTheLibraryDoesNotAnswerIsOverToo() {
        streams.start();
        McpRequestHandler<Object> silent = (_, _) -> Mono.empty();
        var session =
                new StreamableSession(
                        new McpStreamableServerSession(
                                "one",
                                ClientCapabilities.builder().build(),
                                Implementation.builder("client", "1").build(),
                                Duration.ofMinutes(1),
                                Map.of("silent", silent),
                                Map.of()),
                        Caller.UNNAMED,
                        McpJsonDefaults.getMapper(),
                        streams,
                        MemoryBudget.ofThisProcess());

        session.serve(new JSONRPCRequest("silent", 7L, Map.of()));

        await().until(() -> !session.busy());
    }
}
