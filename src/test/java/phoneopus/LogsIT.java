package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests what the packaged server logs and what it never logs. */
@Timeout(120)
class LogsIT {

    private Surroundings surroundings;
    private HttpServer server;

    @BeforeEach
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server =
                HttpServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        "--logging.structured.format.console=ecs");
    }

    @AfterEach
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    @Test
    void everyLineOfAJobNamesItAndNoneHasAWordOfIt() {
        var answers = surroundings.repository(Map.of("ANSWER", "canary-answer"));
        var fails =
                surroundings.repository(Map.of("EMPTY", 1, "EXIT", 1, "STDERR", "canary-stderr"));
        try (var client = server.streamable(more -> more);
                var sse = server.sse(more -> more)) {
            client.full("consult", question(answers));
            sse.full("consult", question(fails));
            sse.full("consult", Map.of("prompt", "canary", "max_turns", "canary"));
            var jobs = client.full("consult_jobs", Map.of("mode", "all")).path("jobs");

            await().atMost(Surroundings.A_WHILE)
                    .untilAsserted(() -> assertThat(lines("ended=")).hasSize(2));
            assertThat(lines("job="))
                    .isNotEmpty()
                    .allSatisfy(line ->
                            assertThat(line.path("message").asString())
                                    .contains("job=" + line.path("job_id").asString() + " "));
            assertThat(lines("job=").stream().map(line -> line.path("job_id").asString()))
                    .containsAll(jobs.findValuesAsString("job_id"));
            assertThat(lines("started"))
                    .hasSize(2)
                    .allSatisfy(line -> {
                        assertThat(line.path("request_id").asString()).isNotEmpty();
                        assertThat(line.path("client_session").asString()).hasSize(8);
                        assertThat(line.path("service").path("name").asString())
                                .isEqualTo("phone-opus");
                    });
            assertThat(server.log()).doesNotContain("canary");
        }
    }

    private List<JsonNode> lines(String with) {
        return server.log()
                .lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("message").asString().contains(with))
                .toList();
    }

    private static Map<String, Object> question(Path repository) {
        return Map.of("prompt", "canary-prompt", "cwd", repository.toString());
    }
}
