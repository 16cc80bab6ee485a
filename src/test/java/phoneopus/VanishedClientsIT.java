package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what remains in the packaged server of clients that connect and then vanish. */
@Timeout(180)
class VanishedClientsIT {

    private static final int CLIENTS = 1_000;

    @Test
    void aThousandClientsThatVanishLeaveNothingBehind(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        var environment = surroundings.environment(Map.of("PHONE_OPUS_HTTP_SESSION_IDLE", "1s"));
        var held = surroundings.held(Map.of());
        try (var server = HttpServer.start(surroundings.desk(), environment)) {
            var job = submit(server, held);
            // The first clients fill the web server's own pools.
            comeAndGo(server, job);
            var before = settled(server, 0, Long.MAX_VALUE);

            comeAndGo(server, job);

            var after = settled(server, before.sessions(), before.descriptors());
            System.out.printf(
                    "%d clients vanished%n before %s%n after  %s%n", CLIENTS, before, after);
            // One or two descriptors may be open briefly, since the watch over the consult reads
            // its files.
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 2);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 5);
            assertThat(after.heapK()).isLessThanOrEqualTo(before.heapK() * 11 / 10);
            assertThat(RunningProcesses.in(held)).isNotEmpty();
        } finally {
            Surroundings.release(held);
            surroundings.endEverything();
        }
    }

    private static String submit(HttpServer server, Path repository) {
        try (var client = server.streamable(more -> more)) {
            var question =
                    Map.<String, Object>of(
                            "prompt", "Why?", "cwd", repository.toString(), "background", true);
            return client.full("consult", question).path("job_id").asString();
        }
    }

    /** Connects all clients at once: a quarter listens, a quarter waits for a job, half use SSE. */
    private static void comeAndGo(HttpServer server, String job) throws IOException {
        var wait =
                """
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":\
                {"name":"consult_wait","arguments":{"job_id":"%s"}}}\
                """
                        .formatted(job);
        var all = new ArrayList<BareClient>();
        for (int i = 0; i < CLIENTS; i++) {
            var client = BareClient.connect(server);
            all.add(client);
            switch (i % 4) {
                case 0 -> client.listen();
                case 1 -> client.call(wait);
                default -> client.connectSse();
            }
        }
        for (int i = 0; i < CLIENTS; i++) {
            all.get(i).vanish(i % 3 == 0);
        }
    }

    /**
     * The footprint once the server has noticed all vanished clients, which takes a heartbeat or
     * two.
     */
    private static Footprint settled(HttpServer server, long sessions, long descriptors) {
        await().atMost(Surroundings.A_WHILE)
                .pollInterval(Duration.ofMillis(250))
                .until(() ->
                        Footprint.sessions(server) == sessions
                                && Footprint.descriptors(server) <= descriptors);
        return Footprint.of(server);
    }
}
