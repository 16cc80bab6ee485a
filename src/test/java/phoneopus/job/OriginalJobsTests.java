package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobStatus;

/** What whoever looks for a consult of the original program's finds. */
@Timeout(60)
class OriginalJobsTests {

    static final JobFilter ALL = new JobFilter(null, null, null, null, 50);
    static final String ANSWER = "\"result\": {\"response\": \"Rename it.\"%s}";

    final JobId id = new JobId(UUID.randomUUID());
    final List<Process> runners = new ArrayList<>();
    @TempDir Path temporary;
    Path state;
    WiredServer server;

    @BeforeEach
    void makeServer() throws IOException {
        state = temporary.toRealPath().resolve("state");
        Files.createDirectories(state.resolve("mcp/consult_jobs"));
        Files.createFile(temporary.resolve("claude"));
        server = server(Clock.systemUTC());
    }

    @AfterEach
    void endAll() throws Exception {
        runners.forEach(runner -> runner.descendants().forEach(ProcessHandle::destroyForcibly));
        runners.forEach(Process::destroyForcibly);
        server.endAll();
    }

    @Test
    void oneIsFoundBeforeAnyRoundHasTakenItOver() throws Exception {
        over("succeeded", ANSWER.formatted(""));

        var job = server.jobs.find(id, null);

        assertThat(answer(job).response()).isEqualTo("Rename it.");
    }

    @Test
    void allAreListedBeforeAnyRoundHasTakenThemOver() throws Exception {
        over("succeeded", ANSWER.formatted(""));

        var jobs = server.lists.list(ALL).jobs();

        assertThat(jobs).extracting(Job::id).containsExactly(id);
    }

    @Test
    void whatIsKnownOfAnAnswerIsKeptAndWhatIsNotIsNull() throws Exception {
        over(
                "succeeded",
                ANSWER.formatted(
                        """
                        , "model_usage": {"claude-haiku-4-5": {"outputTokens": 12}, "claude-opus-4-1": {"outputTokens": 900},
                         "claude-sonnet-4-5": {"outputTokens": 40}}
                        """));

        var job = server.jobs.find(id, null);

        assertThat(job.started()).isEqualTo(Instant.ofEpochMilli(1_690_000_000_100L));
        assertThat(job.runnerPid()).isNull();
        assertThat(answer(job).model()).isEqualTo("claude-opus-4-1");
        assertThat(job.request().consult().model()).isNull();
        assertThat(job.request().consult().effort()).isNull();
        assertThat(job.request().sessionId()).isNull();
        server.awaitBooked();
        assertThat(server.lists.list(ALL).jobs()).containsExactly(job);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"num_turns\": 3.9, \"duration_ms\": 5.5, \"total_cost_usd\": 1",
                "\"num_turns\": 1e30, \"duration_ms\": 1e400, \"total_cost_usd\": 1e400",
                "\"num_turns\": 99999999999999999999, \"duration_ms\": -1e19",
                "\"num_turns\": \"3\", \"duration_ms\": {}, \"total_cost_usd\": [], \"uuid\": 7, \"stop_reason\": true",
                "\"model_usage\": [], \"usage\": 5, \"permission_denials\": \"none\"",
                "\"model_usage\": {\"a\": 7, \"b\": {\"outputTokens\": \"many\"}}, \"session_id\": \"none\""
            })
    void aValueOfAnOddKindHarmsNothing(String odd) throws Exception {
        over("succeeded", ANSWER.formatted(", " + odd));
        var other = new JobId(UUID.randomUUID());
        write(other, "succeeded", 1, System.currentTimeMillis(), ANSWER.formatted(""));

        var jobs = server.lists.list(ALL).jobs();

        assertThat(jobs).extracting(Job::id).containsExactlyInAnyOrder(id, other);
        assertThat(answer(server.jobs.find(id, null)).response()).isEqualTo("Rename it.");
        server.awaitBooked();
        assertThat(server.lists.list(ALL).jobs()).hasSize(2);
    }

    @Test
    void whatIsTooLongForTheBooksKeepsNobodyElseOut() throws Exception {
        over("succeeded", ANSWER.formatted(""));
        var file = file(id);
        Files.writeString(
                file, Files.readString(file).replace("/a repo", "/a" + "b".repeat(9_000)));

        server.original.takeOver();

        server.awaitBooked();
        assertThat(server.lists.list(ALL).jobs()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "downstream, claude_error, 'API Error: 529 {\"type\":\"overloaded_error\"}', OVERLOADED, true",
        "downstream, claude_error, API Error: 429 Too many requests, RATE_LIMITED, true",
        "downstream, claude_error, Invalid API key · Please run /login, NOT_AUTHENTICATED, false",
        "downstream, claude_error, No conversation found with session ID: 1, SESSION_NOT_FOUND, false",
        "downstream, claude_error, 'API Error: 500 at 127.0.0.1:429', CLAUDE_ERROR, true",
        "downstream, claude_error, It said no in 4290 words., CLAUDE_ERROR, false",
        "process, exit, 'exit status: 1: API Error (529 Overloaded)', OVERLOADED, true"
    })
    void aRefusalIsToldApartByItsWords(
            String kind, String code, String detail, Refusal refusal, boolean retryable)
            throws Exception {
        failed(kind, code, detail);

        var outcome = outcome();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> {
                            assertThat(refused.refusal()).isEqualTo(refusal);
                            assertThat(refused.retryable()).isEqualTo(retryable);
                            assertThat(refused.words()).isEqualTo(detail);
                        });
    }

    @Test
    void otherFailuresKeepTheirKindAndTheirWords() throws Exception {
        failed("process", "spawn", "No such file or directory (os error 2)");
        assertThat(outcome())
                .isEqualTo(new Outcome.NotStarted("No such file or directory (os error 2)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal: 9 (SIGKILL)", "its runner was not found any more"})
    void aRunThatWasKilledIsInterruptedInItsOwnWords(String detail) throws Exception {
        failed("process", "interrupted", detail);
        assertThat(outcome()).isEqualTo(new Outcome.Interrupted(detail));
    }

    @ParameterizedTest
    @CsvSource({"no answer after 90 min, PT1H30M", "too long, PT8.9S", "after 3600s, PT1H"})
    void aTimeOutSaysTheLimitThatItKnows(String detail, Duration limit) throws Exception {
        failed("timeout", "timed_out", detail);
        assertThat(outcome()).isEqualTo(new Outcome.TimedOut(limit));
    }

    @Test
    void oneThatWaitsForItsRunnerStaysOpenUntilItsFileSaysHowItEnded() throws Exception {
        var minutesAgo = System.currentTimeMillis() - Duration.ofMinutes(9).toMillis();
        write(id, "queued", null, minutesAgo, "\"result\": null");
        server.original.takeOver();

        var queued = server.jobs.find(id, null);
        over("succeeded", ANSWER.formatted(""));

        assertThat(queued.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(answer(server.jobs.find(id, null)).response()).isEqualTo("Rename it.");
    }

    @Test
    void oneThatWasQueuedLongAgoWasInterrupted() throws Exception {
        write(id, "queued", null, 1_690_000_000_000L, "\"result\": null");

        var job = server.jobs.find(id, null);

        assertThat(job.ended().outcome()).isInstanceOf(Outcome.Interrupted.class);
        assertThat(job.request().sessionId()).isNull();
        assertThat(job.started()).isEqualTo(Instant.ofEpochMilli(1_690_000_000_100L));
    }

    @Test
    void whatItsRunnerWroteLastCountsAlsoWhereItIsGoneByThen() throws Exception {
        write(id, "queued", null, 1_690_000_000_000L, "\"result\": null");
        server = server(new ClockThat(() -> over("succeeded", ANSWER.formatted(""))));

        server.original.takeOver();

        assertThat(answer(server.jobs.find(id, null)).response()).isEqualTo("Rename it.");
    }

    @Test
    void oneThatRunsIsListedReadAndAwaited() throws Exception {
        var runner = runs("sleep 30");

        var job = server.jobs.find(id, null);

        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.started()).isEqualTo(Instant.ofEpochMilli(1_690_000_000_100L));
        assertThat(job.runnerPid()).isEqualTo(runner.pid());
        assertThat(job.request().consult().prompt()).isEqualTo("Why?");
        assertThat(server.jobs.activity(job)).isEmpty();
        assertThat(server.jobs.silence(job)).isEmpty();
        assertThat(server.lists.list(ALL).jobs()).containsExactly(job);
        assertThat(server.jobs.await(job.request(), Duration.ofMillis(300), () -> false, _ -> {}))
                .isEmpty();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    threads.submit(
                            () -> server.jobs.await(job.request(), null, () -> false, _ -> {}));
            over("succeeded", ANSWER.formatted(""));
            assertThat(waiting.get().orElseThrow().outcome()).isInstanceOf(Outcome.Answered.class);
        }
        assertThat(runner.isAlive()).isTrue();
    }

    @Test
    void oneThatRunsIsListedOnlyWhereItIsAskedFor() throws Exception {
        runs("sleep 30");

        assertThat(listed(JobStatus.RUNNING, JobMode.BACKGROUND, "/a repo")).containsExactly(id);
        assertThat(listed(JobStatus.SUCCEEDED, null, null)).isEmpty();
        assertThat(listed(null, JobMode.SYNC, null)).isEmpty();
        assertThat(listed(null, null, "/another repo")).isEmpty();
    }

    @Test
    void theNewestIsListedWhereOnlySomeAreAskedFor() throws Exception {
        runs("sleep 30");
        Script.writeExecutable(temporary.resolve("claude"), "#!/bin/sh\n");
        var longAgo = server(Clock.fixed(Instant.ofEpochMilli(1_600_000_000_000L), ZoneOffset.UTC));
        longAgo.spool.accept(longAgo.request(temporary.toRealPath(), "Why not?"), () -> {});
        server.booked(ALL, 1);

        var newest = server.lists.list(new JobFilter(null, null, null, null, 1)).jobs();

        assertThat(newest).extracting(Job::id).containsExactly(id);
    }

    private List<JobId> listed(
            @Nullable JobStatus status, @Nullable JobMode mode, @Nullable String cwd)
            throws InterruptedException {
        return server.lists.list(new JobFilter(null, status, mode, cwd, 9)).jobs().stream()
                .map(Job::id)
                .toList();
    }

    @Test
    void oneThatRunsTakesNobodysPlaceAndIsNeverStarted() throws Exception {
        runs("sleep 30");
        server.original.takeOver();
        server.jobs.find(id, null);

        var started = server.dispatch.round();

        assertThat(started).isEmpty();
        assertThat(server.spool.open()).isEmpty();
        assertThat(server.health.workload()).contains(new JobHealth.Workload(0, 0));
    }

    @Test
    void oneWhoseRunnerGoesWithNoWordWasInterrupted() throws Exception {
        var runner = runs("sleep 30");
        assertThat(server.jobs.find(id, null).status()).isEqualTo(JobStatus.RUNNING);

        runner.destroyForcibly().waitFor();

        assertThat(server.jobs.find(id, null).ended().outcome())
                .isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void cancelledItEndsWithAllItStarted() throws Exception {
        var runner = runs("sleep 30 & trap '' TERM; wait; sleep 30");
        await().until(() -> runner.descendants().count() > 0);
        var children = runner.descendants().toList();

        server.jobs.cancel(server.jobs.find(id, null).request());

        assertThat(server.jobs.find(id, null).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(runner.isAlive()).isFalse();
        await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void cancelledAMomentAfterItsAnswerWasWrittenItIsAnswered() throws Exception {
        runs("sleep 30");
        var request = server.jobs.find(id, null).request();
        over("succeeded", ANSWER.formatted(""));

        server.jobs.cancel(request);

        assertThat(server.jobs.find(id, null).status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void cancelledWhileItsRunnerWritesItsAnswerItIsAnswered() throws Exception {
        over("succeeded", ANSWER.formatted(""));
        var answered = Files.move(file(id), temporary.resolve("answered"));
        var ready = temporary.resolve("ready");
        runs(
                "trap \"mv '%s' '%s'\" TERM; touch '%s'; sleep 30 & wait"
                        .formatted(answered, file(id), ready));
        await().until(() -> Files.exists(ready));

        server.jobs.cancel(server.jobs.find(id, null).request());

        assertThat(answered).doesNotExist();
        assertThat(answer(server.jobs.find(id, null)).response()).isEqualTo("Rename it.");
    }

    @Test
    void aProcessThatIsOlderThanTheConsultIsNoneOfIts() throws Exception {
        var runner = start("sleep 30");
        var file = write(id, "running", runner.pid(), System.currentTimeMillis(), "\"x\": 1");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "1690000000000",
                                ""
                                        + (System.currentTimeMillis()
                                                + Duration.ofHours(1).toMillis())));
        var request = server.jobs.find(id, null).request();

        assertThatThrownBy(() -> server.jobs.cancel(request))
                .hasMessageContaining("was not ended")
                .hasMessageContaining("is older than the consult");

        assertThat(runner.isAlive()).isTrue();
    }

    @Test
    void oneThatHasNoProcessYetCannotBeCancelledAndSaysSo() throws Exception {
        write(id, "queued", null, System.currentTimeMillis(), "\"result\": null");
        var request = server.jobs.find(id, null).request();

        assertThatThrownBy(() -> server.jobs.cancel(request))
                .hasMessageContaining("it has no process yet; try again when it runs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"job_id\":", "[]", "7", "{\"status\": \"succeeded\"}"})
    void anUnreadableFileIsCalledUnreadableAndPassedOver(String text) throws Exception {
        Files.writeString(file(id), text);
        var other = new JobId(UUID.randomUUID());
        write(other, "succeeded", 1, System.currentTimeMillis(), ANSWER.formatted(""));

        assertThatThrownBy(() -> server.jobs.find(id, null))
                .hasMessageContaining(id.toString())
                .hasMessageContaining("unreadable");
        assertThat(server.lists.list(ALL).jobs()).extracting(Job::id).containsExactly(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"result\": null", "\"result\": {}", "\"result\": {\"response\": 7}"})
    void aSuccessWithNoAnswerIsUnreadable(String result) throws Exception {
        over("succeeded", result);

        assertThatThrownBy(() -> server.jobs.find(id, null))
                .hasMessageContaining("it is marked as succeeded but has no answer");
    }

    @Test
    void aPipeAmongThemKeepsNobodyWaiting() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", "" + file(id)).start().waitFor()).isZero();

        assertThat(server.lists.list(ALL).jobs()).isEmpty();
        assertThatThrownBy(() -> server.jobs.find(id, null))
                .hasMessageContaining("it is not a file");
    }

    @Test
    void theyAreNobodysInParticular() throws Exception {
        over("succeeded", ANSWER.formatted(""));

        assertThatThrownBy(() -> server.jobs.find(id, "anna"))
                .isInstanceOf(JobNotFoundException.class);
        assertThat(server.lists.list(new JobFilter("anna", null, null, null, 9)).jobs()).isEmpty();
    }

    @Test
    void theCostOfASessionThatIsGoneOnWithHereIsTheConsultsOwn() throws Exception {
        var session = UUID.randomUUID();
        over(
                "succeeded",
                ANSWER.formatted(", \"total_cost_usd\": 0.4, \"session_id\": \"" + session + "\""));

        server.original.takeOver();

        assertThat(server.sessions.costOf(session)).hasValue(0.4);
    }

    private WiredServer server(Clock clock) {
        return new WiredServer(state, temporary.resolve("claude"), clock, Map.of()).start();
    }

    private Answer answer(Job job) {
        return ((Outcome.Answered) job.ended().outcome()).answer();
    }

    private Outcome outcome() {
        return server.jobs.find(id, null).ended().outcome();
    }

    private void failed(String kind, String code, String detail) throws IOException {
        over(
                "failed",
                "\"result\": null, \"failure\": {\"class\": \"%s\", \"code\": \"%s\", \"detail\": \"%s\"}"
                        .formatted(kind, code, detail.replace("\"", "\\\"")));
    }

    private void over(String status, String rest) throws IOException {
        write(id, status, null, 1_690_000_009_000L, rest);
    }

    /** By a process of its own. */
    private Process runs(String script) throws IOException {
        var runner = start(script);
        write(id, "running", runner.pid(), System.currentTimeMillis(), "\"result\": null");
        var file = file(id);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("1690000000000", "" + (System.currentTimeMillis() - 1_000)));
        return runner;
    }

    private Process start(String script) throws IOException {
        var runner = new ProcessBuilder("setsid", "sh", "-c", script).start();
        runners.add(runner);
        return runner;
    }

    private Path file(JobId job) {
        return state.resolve("mcp/consult_jobs/" + job + ".json");
    }

    private Path write(JobId job, String status, Object pid, long updated, String rest)
            throws IOException {
        var text =
                """
                {"job_id": "%s", "mode": "background", "status": "%s", "created_unix_ms": 1690000000000,
                 "updated_unix_ms": %d, "started_unix_ms": 1690000000100, "finished_unix_ms": 1690000009000,
                 "runner_pid": %s, "request": {"prompt": "Why?", "cwd": "/a repo", "max_turns": null, "session_id": null}, %s}
                """
                        .formatted(job, status, updated, pid, rest);
        var whole = Files.writeString(temporary.resolve("new"), text);
        return Files.move(
                whole,
                file(job),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Something happens whenever somebody asks for the time. */
    private static final class ClockThat extends Clock {
        private final Happening happening;

        ClockThat(Happening happening) {
            this.happening = happening;
        }

        interface Happening {
            void happen() throws IOException;
        }

        @Override
        public Instant instant() {
            try {
                happening.happen();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
