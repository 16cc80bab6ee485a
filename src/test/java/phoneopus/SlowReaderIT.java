package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the packaged server with a client that requests much and reads nothing. */
@Timeout(120)
class SlowReaderIT {

    private static final int CALLS = 20;
    private static final String READ_ALL =
            """
            {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"consult_job",\
            "arguments":{"job_id":"%s","render":"json","detail":"full"}}}\
            """;

    @Test
    void itKeepsNobodyWaitingAndTheServerFromNoEnd(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        try (var server = HttpServer.start(surroundings.desk(), surroundings.environment());
                var other = server.streamable(more -> more)) {
            var repository = surroundings.repository(Map.of());
            var question =
                    Map.<String, Object>of(
                            "prompt", "x".repeat(1_000_000), "cwd", repository.toString());
            other.full("consult", question);
            var job = other.full("consult_jobs", Map.of("mode", "all")).at("/jobs/0/job_id");
            var slow = BareClient.connectSlow(server);
            var address = slow.connectSse();
            post(server, address, BareClient.INITIALIZE);
            for (int i = 0; i < CALLS; i++) {
                post(server, address, READ_ALL.formatted(i + 2, job.asString()));
            }

            await().atMost(Surroundings.A_WHILE)
                    .until(() ->
                            Footprint.metric(
                                            server,
                                            "mcp_tool_duration_seconds_count{tool=\"consult_job\"}")
                                    == CALLS);
            server.process().destroy();

            assertThat(server.process().waitFor(5, TimeUnit.SECONDS)).as(server.log()).isTrue();
            assertThat(server.log()).doesNotContain(" WARN ", " ERROR ");
            slow.vanish(false);
        } finally {
            surroundings.endEverything();
        }
    }

    private static void post(HttpServer server, String path, String body) {
        var answer =
                server.send(
                        HttpRequest.newBuilder(server.at(path))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(202);
    }
}
