package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.run.Outcome;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobStatus;

@Timeout(60)
class OriginalImportTests {

    static final String SUCCEEDED =
            """
            "status": "succeeded",
            "result": {"response": "Rename it.", "num_turns": 3, "duration_ms": 9000, "stop_reason": "end_turn",
              "session_id": "399c3241-20ab-4480-a9f1-2c1142de3308", "total_cost_usd": 0.4,
              "usage": {"input_tokens": 7}, "model_usage": {}, "permission_denials": []},
            "failure": null
            """;
    static final String FAILED =
            """
            "status": "failed", "result": null,
            "failure": {"class": "downstream", "code": "claude_error", "detail": "It said no."}
            """;
    static final String TIMED_OUT =
            """
            "status": "failed", "failure": {"class": "timeout", "code": "timed_out", "detail": "60 min"}
            """;
    static final String CANCELLED =
            """
            "status": "cancelled", "result": null, "failure": null
            """;

    final UUID id = UUID.randomUUID();
    final HandMovedClock clock = new HandMovedClock();
    @TempDir Path temporary;
    Path state;
    WiredServer server;

    @BeforeEach
    void makeServer() throws IOException {
        state = temporary.toRealPath().resolve("state");
        Files.createDirectories(state.resolve("mcp/consult_jobs"));
        Files.createFile(temporary.resolve("claude"));
        server = new WiredServer(state, temporary.resolve("claude"), clock, Map.of()).start();
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @Test
    void anAnswerComesWithAllThatWasKept() throws Exception {
        record(SUCCEEDED, 1);

        server.original.takeOver();
        server.awaitBooked();

        var job = server.jobs.find(new JobId(id), null);
        var answer = ((Outcome.Answered) job.ended().outcome()).answer();
        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.mode()).isEqualTo(JobMode.BACKGROUND);
        assertThat(job.request().consult().prompt()).isEqualTo("Why?");
        assertThat(job.request().consult().cwd()).isEqualTo("/a repo");
        assertThat(job.request().consult().maxTurns()).isEqualTo(9);
        assertThat(job.request().created()).isEqualTo(Instant.ofEpochMilli(1_690_000_000_000L));
        assertThat(job.request().sessionId()).hasToString("399c3241-20ab-4480-a9f1-2c1142de3308");
        assertThat(job.ended().finished()).isEqualTo(Instant.ofEpochMilli(1_690_000_009_000L));
        assertThat(job.ended().consultCostUsd()).isEqualTo(0.4);
        assertThat(answer.response()).isEqualTo("Rename it.");
        assertThat(answer.numTurns()).isEqualTo(3);
        assertThat(answer.usage()).hasToString("{\"input_tokens\":7}");
        assertThat(server.lists.list(new JobFilter(null, null, null, "/a repo", 10)).jobs())
                .containsExactly(job);
    }

    /** What the original program has noted is what the whole session has cost. */
    @Test
    void whatOneOfAResumedSessionHasCostIsUnknown() throws Exception {
        var file = record(SUCCEEDED, 1);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("\"session_id\": null", "\"session_id\": \"%s\"".formatted(id)));

        server.original.takeOver();

        var ended = server.jobs.find(new JobId(id), null).ended();
        assertThat(ended.consultCostUsd()).isNull();
        assertThat(ended.outcome().totalCostUsd()).isEqualTo(0.4);
    }

    @Test
    void othersEndAsTheyDid() throws Exception {
        assertThat(takenOver(FAILED))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.words()).isEqualTo("It said no."));
        assertThat(takenOver(CANCELLED)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(takenOver(TIMED_OUT)).isInstanceOf(Outcome.TimedOut.class);
    }

    @Test
    void oneWhoseProcessIsGoneWasInterrupted() throws Exception {
        record("\"status\": \"running\"", 0x7fff_fff0L);

        server.original.takeOver();

        assertThat(server.jobs.find(new JobId(id), null).ended().outcome())
                .isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void oneWhosePidAnotherProcessHasNowWasInterrupted() throws Exception {
        record("\"status\": \"running\"", ProcessHandle.current().pid());

        server.original.takeOver();

        assertThat(server.jobs.find(new JobId(id), null).ended().outcome())
                .isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void oneThatLivesIsLeftAlone() throws Exception {
        var file = record("\"status\": \"running\"", ProcessHandle.current().pid());
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("1690000009000", Long.toString(System.currentTimeMillis())));

        server.original.takeOver();

        assertThat(server.spool.lastChangedFirst()).isEmpty();
        assertThat(server.spool.open()).isEmpty();
    }

    /** The kernel tells the start of a process in whole seconds. */
    @ParameterizedTest
    @CsvSource({"1000, true", "4000, false"})
    void aProcessThatSeemsAMomentYoungerThanItsRecordIsItsOwn(long younger, boolean own)
            throws Exception {
        var runner = new ProcessBuilder("sleep", "60").start();
        try {
            long started = runner.info().startInstant().orElseThrow().toEpochMilli();
            var file = record("\"status\": \"running\"", runner.pid());
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("1690000009000", Long.toString(started - younger)));

            server.original.takeOver();

            assertThat(server.spool.lastChangedFirst().isEmpty()).isEqualTo(own);
        } finally {
            runner.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatAServerHasTakenOverThatEndedThenIsBookedByTheNext() throws Exception {
        record(SUCCEEDED, 1);
        server.booked(new JobFilter(null, null, null, null, 1), 1);
        server.stop();
        new WiredServer(state, temporary.resolve("claude"), clock, Map.of()).original.takeOver();

        server = new WiredServer(state, temporary.resolve("claude"), clock, Map.of()).start();
        server.supervisor.makeTheRound();
        server.awaitBooked();

        assertThat(server.booked(new JobFilter(null, null, null, null, 1), 1))
                .containsExactly(new JobId(id));
    }

    @Test
    void itHappensOnceAlsoWhenTheJobWasDroppedSince() throws Exception {
        record(SUCCEEDED, 1);
        server.original.takeOver();
        server.awaitBooked();
        server.dispatch.retire(new JobId(id));

        server.original.takeOver();

        assertThat(server.spool.lastChangedFirst()).isEmpty();
        assertThat(server.spool.open()).isEmpty();
    }

    @Test
    void whatWasTakenOverIsNotReadAgain() throws Exception {
        var file = record(SUCCEEDED, 1);
        server.original.takeOver();
        var other = new JobId(UUID.randomUUID());
        Files.writeString(file, Files.readString(file).replace(id.toString(), "" + other));

        server.original.takeOver();

        assertThat(server.spool.lastChangedFirst()).containsExactly(new JobId(id));
    }

    @Test
    void itsFilesAreLeftAsTheyAreAndUnreadableOnesPassedOver() throws Exception {
        var file = record(SUCCEEDED, 1);
        var text = Files.readString(file);
        var modified = Files.getLastModifiedTime(file);
        Files.writeString(file.resolveSibling("broken.json"), "{\"job_id\":");
        Files.writeString(file.resolveSibling("empty.json"), "");
        Files.writeString(file.resolveSibling("list.json"), "[]");

        server.original.takeOver();

        assertThat(server.spool.lastChangedFirst()).containsExactly(new JobId(id));
        assertThat(file).hasContent(text);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
    }

    private Outcome takenOver(String ending) throws IOException {
        var other = UUID.randomUUID();
        record(other, ending, 1);
        server.original.takeOver();
        return server.spool.ended(new JobId(other)).orElseThrow().outcome();
    }

    private Path record(String ending, long pid) throws IOException {
        return record(id, ending, pid);
    }

    private Path record(UUID job, String ending, long pid) throws IOException {
        return Files.writeString(
                state.resolve("mcp/consult_jobs/" + job + ".json"),
                """
                {"job_id": "%s", "mode": "background", "created_unix_ms": 1690000000000, "updated_unix_ms": 1690000009000,
                 "started_unix_ms": 1690000000100, "finished_unix_ms": 1690000009000, "runner_pid": %d,
                 "request": {"prompt": "Why?", "cwd": "/a repo", "max_turns": 9, "session_id": null},
                 "prompt_prefix_injected": true, %s}
                """
                        .formatted(job, pid, ending));
    }
}
