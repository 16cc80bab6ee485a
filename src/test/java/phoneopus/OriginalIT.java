package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.spool.JobId;
import phoneopus.spool.JobNotFoundException;
import tools.jackson.databind.json.JsonMapper;

/** Tests the switch from the original program, with its clients' entries and its consults. */
@Timeout(120)
class OriginalIT {

    private final UUID id = UUID.randomUUID();
    private Surroundings surroundings;
    private Script phoneOpus;

    @BeforeEach
    void findLauncher(@TempDir Path temporary) throws IOException {
        surroundings = Surroundings.in(temporary);
        phoneOpus =
                new Script(
                        PackagedServer.command(), surroundings.desk(), surroundings.environment());
        Files.createDirectories(originals());
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp serve", "mcp background-consult --job x", "mcp"})
    void itsWordsServeAndSayWhatIsMeant(String words) {
        var command = new ArrayList<>(List.of(PackagedServer.launcher().toString()));
        command.addAll(List.of(words.split(" ")));

        try (var server =
                PackagedServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        command,
                        UnaryOperator.identity())) {
            var repository = surroundings.repository(Map.of("ANSWER", "Rename it."));

            var answer = server.full("consult", Map.of("prompt", "Why?", "cwd", "" + repository));

            assertThat(answer.path("response").asString()).isEqualTo("Rename it.");
            await().untilAsserted(() ->
                    assertThat(server.log())
                            .contains("phone-opus mcp is how the original program was started")
                            .contains("phone-opus install CLIENT"));
        }
    }

    @Test
    void theFirstLookUpsOfAServerFindItsConsults() throws IOException {
        var other = UUID.randomUUID();
        write(id, "\"status\": \"succeeded\", \"result\": {\"response\": \"Rename it.\"}");
        write(other, "\"status\": \"succeeded\", \"result\": {\"response\": \"Drop it.\"}");

        try (var server = PackagedServer.start(surroundings.desk(), surroundings.environment())) {
            var job = server.full("consult_job", Map.of("job_id", "" + id)).path("job");
            var list = server.full("consult_jobs", Map.of("cwd", "/gone/for/good"));

            assertThat(job.at("/result/response").asString()).isEqualTo("Rename it.");
            assertThat(job.path("session_id").isNull()).isTrue();
            assertThat(list.path("jobs").valueStream().map(it -> it.path("job_id").asString()))
                    .containsExactlyInAnyOrder("" + id, "" + other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "wait", "cancel"})
    void aTerminalFindsThemWithNoServer(String word) throws IOException {
        write(id, "\"status\": \"succeeded\", \"result\": {\"response\": \"Rename it.\"}");

        var shown = phoneOpus.run(word, "" + id);

        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).contains("Rename it.");
    }

    @Test
    void aTerminalListsThemWithNoServer() throws IOException {
        write(
                id,
                "\"status\": \"failed\", \"failure\": {\"class\": \"process\", \"detail\": \"No such file or directory\"}");

        var listed = phoneOpus.run("jobs");
        var shown = phoneOpus.run("job", "" + id);

        assertThat(listed.exitCode()).isZero();
        assertThat(listed.out()).containsPattern(("" + id).substring(0, 8) + " +failed ");
        assertThat(shown.out())
                .contains("process/spawn_failed", "No such file or directory", " session=-")
                .doesNotContain("esume with session_id");
    }

    @Test
    void oneThatRunsThereIsCancelledFromATerminal() throws Exception {
        var runner = new ProcessBuilder("setsid", "sleep", "60").start();
        try {
            var now = System.currentTimeMillis();
            write(
                    id,
                    "\"status\": \"running\", \"updated_unix_ms\": %d, \"runner_pid\": %d"
                            .formatted(now, runner.pid()));

            var waited = phoneOpus.run("wait", "--timeout", "1", "" + id);
            var cancelled = phoneOpus.run("cancel", "--json", "" + id);

            assertThat(waited.exitCode()).isEqualTo(4);
            assertThat(waited.err()).contains("status=running");
            var record = JsonMapper.shared().readTree(cancelled.out());
            assertThat(record.path("status").asString()).isEqualTo("cancelled");
            assertThat(record.path("runner_pid").isNull()).isTrue();
            assertThat(runner.isAlive()).isFalse();
        } finally {
            runner.destroyForcibly();
        }
    }

    @Test
    void anUnreadableOneIsCalledSoAndNamedByTheDoctor() throws IOException {
        Files.writeString(originals().resolve(id + ".json"), "{\"job_id\": ");

        var unknown = new JobNotFoundException(new JobId(id)).getMessage();
        var shown = phoneOpus.run("job", "" + id);
        var doctor = phoneOpus.run("doctor");

        assertThat(shown.exitCode()).isEqualTo(3);
        assertThat(shown.err()).contains("unreadable").doesNotContain(unknown);
        assertThat(doctor.out()).contains("1 unreadable: " + id + ".json (it is not valid JSON)");
    }

    private Path originals() {
        return surroundings.state().resolve("mcp/consult_jobs");
    }

    private void write(UUID job, String rest) throws IOException {
        Files.writeString(
                originals().resolve(job + ".json"),
                """
                {"job_id": "%s", "mode": "background", "created_unix_ms": %d,
                 "request": {"prompt": "Why?", "cwd": "/gone/for/good", "max_turns": null, "session_id": null}, %s}
                """
                        .formatted(job, System.currentTimeMillis() - 1_000, rest));
    }
}
