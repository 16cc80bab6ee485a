package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The tests of both HTTP transports, in addition to those of every transport. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class AnyHttpTransport extends AnyTransport {

    private static final Duration BEAT = Duration.ofSeconds(15);

    private CompletableFuture<Duration> firstBeat;

    abstract TestClient connect(HttpServer server, UnaryOperator<McpClient.SyncSpec> more);

    /** Opens a stream without sending a request on it. */
    abstract void listen(BareClient client) throws IOException;

    @Override
    Connection connect(
            Path desk, Map<String, String> environment, UnaryOperator<McpClient.SyncSpec> more) {
        var server = HttpServer.start(desk, environment);
        firstBeat =
                CompletableFuture.supplyAsync(
                        () -> untilABeat(server), task -> Thread.ofVirtual().start(task));
        return new Connection(server, connect(server, more));
    }

    @Override
    String transport() {
        return "http";
    }

    /** Runs last, since the stream is open during all other tests. */
    @Test
    @Order(Integer.MAX_VALUE)
    void anOpenStreamThatNothingIsAskedOnGetsABeat() {
        assertThat(firstBeat.join()).isLessThan(BEAT.plusSeconds(2));
    }

    private Duration untilABeat(HttpServer server) {
        try {
            var client = BareClient.connect(server);
            listen(client);
            var opened = System.nanoTime();
            client.awaitBeat();
            var took = Duration.ofNanos(System.nanoTime() - opened);
            client.vanish(false);
            return took;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
