package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests background consults with clients of the packaged server: three servers share one state
 * directory, and one of them has a short patience.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class JobToolsIT {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String NO_SUCH_JOB = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    /** It usually takes well under a second, but the machine may be busy. */
    private static final Duration END_OF_A_SERVER = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Surroundings surroundings;
    private RawServer server;
    private RawServer other;
    private RawServer hasty;

    @BeforeAll
    void startServers(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server = start();
        other = start();
        hasty =
                RawServer.start(
                                surroundings.desk(),
                                surroundings.environment(
                                        Map.of("PHONE_OPUS_CONSULT_PATIENCE", "2s")))
                        .shakeHands();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        surroundings.releaseAll();
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(surroundings.state().resolve("open").toFile().list()).isEmpty());
    }

    @AfterAll
    void endEverything() {
        List.of(server, other, hasty).forEach(RawServer::close);
        surroundings.endEverything();
    }

    @Test
    void aBackgroundConsultIsAHandleAtOnceAndItsAnswerIsWaitedFor() {
        var repository = surroundings.held(Map.of("ANSWER", "Rename it."));

        var submitted = text(server.call("consult", background(repository)));
        Surroundings.awaitHeld(repository, 1);
        var running = text(server.call("consult_job", job(idIn(submitted))));
        Surroundings.release(repository);
        var done = text(server.call("consult_wait", job(idIn(submitted))));

        assertThat(submitted)
                .matches(
                        "background consult submitted job=(%s) session=%s status=(queued|running)\nnext: consult_wait \\{\"job_id\":\"\\1\"}"
                                .formatted(ID, ID));
        assertThat(running)
                .matches(
                        "job=%s status=running\nstarting.*\nnext: consult_wait \\{\"job_id\":\"%s\"}"
                                .formatted(ID, ID));
        assertThat(done)
                .matches(
                        "job=%s status=succeeded\nresult ready model=demo-opus turns=2 duration=\\d+\\.\\ds cost=\\$0\\.0000 denied=0 session=%s\nresponse:\nRename it\\."
                                .formatted(ID, ID));
    }

    @Test
    void aBackgroundConsultInJsonSaysWhichToolsFollowUp() {
        var repository = surroundings.repository(Map.of("DELAY", 2));

        var submitted =
                json(server.call("consult", with(background(repository), "render", "json")));
        var done = awaitDone(server, submitted.path("job_id").asString());

        assertThat(submitted.path("mode").asString()).isEqualTo("background");
        assertThat(submitted.path("done").asBoolean(true)).isFalse();
        assertThat(submitted.path("session_mode").asString()).isEqualTo("new");
        assertThat(submitted.path("follow_up_tools").toString())
                .isEqualTo(
                        "[\"consult_wait\",\"consult_job\",\"consult_jobs\",\"consult_cancel\"]");
        assertThat(done.path("session_id")).isEqualTo(submitted.path("session_id"));
        assertThat(done.path("mode").asString()).isEqualTo("background");
        assertThat(done.path("succeeded").asBoolean()).isTrue();
        assertThat(done.has("activity")).isFalse();
    }

    @Test
    void patienceCountsFromTheCallAlsoWhereTheClientSaysItsRootsLate() {
        var held = surroundings.held(Map.of());
        try (var server =
                RawServer.start(
                        surroundings.desk(),
                        surroundings.environment(
                                Map.of(
                                        "PHONE_OPUS_CONSULT_PATIENCE",
                                        PATIENCE.toSeconds() + "s")))) {
            server.send(
                    "{'jsonrpc':'2.0','id':'hello','method':'initialize','params':{'protocolVersion':'2025-06-18','capabilities':{'roots':{}},'clientInfo':{'name':'late','version':'1'}}}");
            server.answerTo("hello");
            server.send("{'jsonrpc':'2.0','method':'notifications/initialized'}");
            var called = System.nanoTime();
            var call = server.consult(Map.of("prompt", "Why?"));
            var asked =
                    await().atMost(Surroundings.A_WHILE)
                            .until(
                                    () ->
                                            server.messages().stream()
                                                    .filter(message ->
                                                            message.path("method")
                                                                    .asString("")
                                                                    .equals("roots/list"))
                                                    .findFirst(),
                                    Optional::isPresent);
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> System.nanoTime() - called > PATIENCE.toNanos());

            var said = System.nanoTime();
            server.send(
                    "{'jsonrpc':'2.0','id':%s,'result':{'roots':[{'uri':'%s'}]}}"
                            .formatted(asked.get().path("id"), held.toUri()));
            var answer = text(server.answerTo(call).path("result"));

            assertThat(answer).startsWith("consult still running job=");
            assertThat(Duration.ofNanos(System.nanoTime() - said)).isLessThan(PATIENCE);
            Surroundings.release(held);
            server.call("consult_wait", job(idIn(answer)));
        }
    }

    @Test
    void aLongAnswerIsReadOnToItsEnd() {
        var repository = surroundings.repository(Map.of("ANSWER_BYTES", 100_000));
        var id = submit(server, repository);
        awaitDone(server, id);

        var read = new StringBuilder();
        int pages = 0;
        JsonNode next;
        do {
            var offset = read.length();
            var page = json(server.call("consult_job", inJson(with(job(id), "offset", offset))));
            read.append(page.at("/result/response").asString());
            next = page.at("/result/next_offset");
            pages++;
        } while (!next.isMissingNode() && next.asInt() == read.length());
        var porcelain = text(server.call("consult_job", job(id)));
        var past = json(server.call("consult_job", inJson(with(job(id), "offset", 200_000))));

        assertThat(pages).isEqualTo(3);
        assertThat(read).hasSize(100_000).matches("(x{80}\n)+x+");
        assertThat(porcelain)
                .containsPattern(
                        "\n\\[cut at \\d+ of 100000; next: consult_job \\{\"job_id\":\"%s\",\"offset\":\\d+}]$"
                                .formatted(id));
        assertThat(past.at("/result/response").asString("?")).isEmpty();
    }

    @Test
    void jobsAreListedNewestFirstByStatusModeAndDirectory() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var first = submit(server, repository);
        awaitDone(server, first);
        var second = submit(server, repository, "And | why\nnot?");
        awaitDone(server, second);
        var third =
                json(server.call("consult", inJson(consult(repository, "Once more?"))))
                        .path("job_id")
                        .asString();

        assertThat(listed(server, Map.of("cwd", "" + repository))).containsExactly(second, first);
        assertThat(listed(other, Map.of("cwd", "" + repository, "limit", 1)))
                .containsExactly(second);
        assertThat(listed(server, Map.of("cwd", "" + repository, "limit", "50"))).hasSize(2);
        assertThat(listed(server, Map.of("cwd", "" + repository, "mode", "sync")))
                .containsExactly(third);
        assertThat(listed(server, Map.of("cwd", "" + repository, "mode", "all")))
                .containsExactly(third, second, first);
        assertThat(listed(server, Map.of("cwd", "" + repository, "status", "succeeded")))
                .containsExactly(second, first);
        assertThat(listed(server, Map.of("cwd", "" + repository, "status", "failed"))).isEmpty();
        assertThat(text(server.call("consult_jobs", Map.of("cwd", "/never/was"))))
                .isEqualTo("no background consult jobs");
        assertThat(
                        text(
                                server.call(
                                        "consult_jobs",
                                        Map.of("cwd", "" + repository, "status", "running"))))
                .isEqualTo("no background consult jobs");
        assertThat(text(server.call("consult_jobs", Map.of("cwd", "" + repository))))
                .matches(
                        """
                        job \\| status \\| age \\| model \\| turns \\| cost \\| cwd \\| session \\| prompt
                        %s \\| succeeded \\| \\d+s \\| demo-opus \\| 2 \\| \\$0\\.0000 \\| %s \\| [0-9a-f-]{36} \\| And   why
                        %s \\| succeeded \\| \\d+s \\| demo-opus \\| 2 \\| \\$0\\.0000 \\| %s \\| [0-9a-f-]{36} \\| Why\\?\
                        """
                                .formatted(second, repository, first, repository));
    }

    @Test
    void aListInFullIsRecordsWithShortAnswers() {
        var repository = surroundings.repository(Map.of("ANSWER_BYTES", 5_000));
        awaitDone(server, submit(server, repository));

        var list =
                json(
                        server.call(
                                "consult_jobs",
                                Map.of(
                                        "cwd",
                                        "" + repository,
                                        "render",
                                        "json",
                                        "detail",
                                        "full")));

        assertThat(list.path("count").asInt()).isEqualTo(1);
        assertThat(list.at("/jobs/0/request/prompt").asString()).isEqualTo("Why?");
        assertThat(list.at("/jobs/0/result/response").asString()).hasSizeBetween(1_800, 2_000);
    }

    @Test
    void theWholeRecordOfAJobIsWrapped() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var id = submit(server, repository);
        awaitDone(server, id);

        var full = json(server.call("consult_job", with(inJson(job(id)), "detail", "full")));

        assertThat(full.propertyNames()).containsExactly("job");
        assertThat(full.at("/job/result/response").asString()).isEqualTo("Yes.");
        assertThat(full.at("/job/result/usage/service_tier").asString()).isEqualTo("standard");
        assertThat(full.at("/job/runner_pid").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    void aRunningJobIsCancelledWithAllItStartedByAnyServerAndAsOftenAsOneLikes(String ignoreTerm) {
        var repository =
                surroundings.repository(
                        Map.of("HANG", 1, "GRANDCHILD", "grandchild", "IGNORE_TERM", ignoreTerm));
        var id = submit(server, repository);
        awaitHanging(repository);

        var before = System.nanoTime();
        var cancelled = text(other.call("consult_cancel", job(id)));
        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        var took = Duration.ofNanos(System.nanoTime() - before);
        var again = text(server.call("consult_cancel", job(id)));
        var record = json(server.call("consult_job", inJson(job(id))));

        assertThat(took).isLessThan(END_OF_A_RUN);
        assertThat(cancelled)
                .startsWith("job=" + id + " status=cancelled\nfailed code=process/interrupted ")
                .contains("retryable=false session=" + record.path("session_id").asString());
        assertThat(again).isEqualTo(cancelled);
        assertThat(record.path("done").asBoolean()).isTrue();
        assertThat(record.path("failed").asBoolean(true)).isFalse();
    }

    @Test
    void aQueuedJobIsCancelledAndNeverStarts() {
        var session = UUID.randomUUID().toString();
        var busy = surroundings.held(Map.of());
        var repository = surroundings.recorded(Map.of());
        var first =
                idIn(text(server.call("consult", with(background(busy), "session_id", session))));
        Surroundings.awaitHeld(busy, 1);
        var queued =
                idIn(
                        text(
                                server.call(
                                        "consult",
                                        with(background(repository), "session_id", session))));

        var waiting = text(server.call("consult_job", job(queued)));
        var cancelled = text(other.call("consult_cancel", job(queued)));
        var again = text(server.call("consult_cancel", job(queued)));
        Surroundings.release(busy);
        awaitDone(server, first);

        assertThat(waiting)
                .startsWith(
                        "job=%s status=queued\nqueued until job=%s of the same session has ended session=%s\n"
                                .formatted(queued, first, session));
        assertThat(cancelled).startsWith("job=" + queued + " status=cancelled\n");
        assertThat(again).isEqualTo(cancelled);
        assertThat(repository.resolve("record")).doesNotExist();
    }

    @Test
    void aFinishedJobIsLeftAsItIs() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var id = submit(server, repository);
        awaitDone(server, id);
        var before = text(server.call("consult_job", job(id)));

        var cancelled = text(server.call("consult_cancel", job(id)));

        assertThat(cancelled).isEqualTo(before).contains("status=succeeded").endsWith("\nYes.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consult_job", "consult_wait", "consult_cancel"})
    void aJobThatIsNotThereIsAnError(String tool) {
        var text = server.call(tool, job(NO_SUCH_JOB));
        var json = server.call(tool, inJson(job(NO_SUCH_JOB)));
        var wrong = server.call(tool, job("7"));

        assertThat(text.path("isError").asBoolean()).isTrue();
        assertThat(text(text)).startsWith("No job " + NO_SUCH_JOB + ": ");
        assertThat(json.path("isError").asBoolean()).isTrue();
        assertThat(json(json).at("/fault/class").asString()).isEqualTo("protocol");
        assertThat(json(json).at("/fault/code").asString()).isEqualTo("not_found");
        assertThat(json(json).path("operation").asString()).isEqualTo(tool);
        assertThat(text(wrong)).startsWith("job_id must be a valid UUID, got `7` (string); ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, 51, 1_000})
    void aLimitOutOfRangeIsRefused(int limit) {
        var result = server.call("consult_jobs", Map.of("limit", limit));

        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(text(result))
                .isEqualTo(
                        "limit must be an integer from 1 to 50, got `%d` (number); for example \"limit\": 10"
                                .formatted(limit));
    }

    @Test
    void aWaitOutOfRangeIsRefused() {
        var result = server.call("consult_wait", with(job(NO_SUCH_JOB), "timeout_s", 601));

        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(text(result))
                .startsWith("timeout_s must be an integer from 0 to 600, got `601` (number); ");
    }

    @Test
    void aConsultThatOutlastsPatienceGoesOnAndItsAnswerIsWaitedFor() {
        var repository = surroundings.recorded(Map.of("ANSWER", "At last.", "DELAY", 5));

        var text = text(hasty.call("consult", consult(repository, "Why?")));
        var id = idIn(text);
        var background = listed(hasty, Map.of("cwd", "" + repository));
        var done = awaitDone(hasty, id);

        assertThat(text)
                .matches(
                        """
                        consult still running job=(%1$s) elapsed=[2-4]s turn=1 last="Read .*README\\.md" session=%1$s
                        Not finished, not failed\\. Do not resubmit\\. Next: consult_wait \\{"job_id":"\\1"}\
                        """
                                .formatted(ID));
        assertThat(background).containsExactly(id);
        assertThat(done.at("/result/response").asString()).isEqualTo("At last.");
        assertThat(done.path("mode").asString()).isEqualTo("background");
        assertThat(starts(repository)).isEqualTo(1);
    }

    @Test
    void aConsultThatOutlastsPatienceInJsonIsABackgroundAnswer() {
        var repository = surroundings.held(Map.of());

        var result = hasty.call("consult", inJson(consult(repository, "Why?")));
        var id = json(result).path("job_id").asString();
        Surroundings.release(repository);
        awaitDone(hasty, id);

        assertThat(result.path("isError").asBoolean()).isFalse();
        assertThat(json(result).path("mode").asString()).isEqualTo("background");
        assertThat(json(result).path("status").asString()).isEqualTo("running");
        assertThat(json(result).path("done").asBoolean(true)).isFalse();
    }

    @Test
    void aWaitInVainSaysWhenToTryAgainLaterAndLater() {
        var repository = surroundings.held(Map.of());
        var id = submit(hasty, repository);
        Surroundings.awaitHeld(repository, 1);

        var first = json(hasty.call("consult_wait", inJson(with(job(id), "timeout_s", 0))));
        var second = json(hasty.call("consult_wait", inJson(with(job(id), "timeout_s", 1))));
        var before = System.nanoTime();
        var third = json(hasty.call("consult_wait", inJson(with(job(id), "timeout_s", 600))));
        var took = Duration.ofNanos(System.nanoTime() - before);
        Surroundings.release(repository);
        awaitDone(hasty, id);

        assertThat(first.path("status").asString()).isEqualTo("running");
        assertThat(first.path("activity").propertyNames())
                .containsExactly("turns", "last", "cost_usd", "silent_s");
        assertThat(
                        List.of(first, second, third).stream()
                                .map(wait -> wait.path("retry_after_s").asInt()))
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain(0);
        assertThat(took).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(15));
    }

    @Test
    void aWaitInVainIsToldToTryAgainWithinAMinuteHoweverOftenItWas() {
        var repository = surroundings.held(Map.of());
        var id = submit(server, repository);
        Surroundings.awaitHeld(repository, 1);

        var later =
                IntStream.range(0, 14)
                        .mapToObj(_ ->
                                json(
                                        server.call(
                                                "consult_wait",
                                                inJson(with(job(id), "timeout_s", 0)))))
                        .map(wait -> wait.path("retry_after_s").asInt())
                        .toList();
        Surroundings.release(repository);

        assertThat(later).isSorted().endsWith(55, 60, 60, 60);
    }

    @Test
    void whoeverWaitsWithATokenIsToldWhatHappens() {
        var repository = surroundings.repository(Map.of("DELAY", 6));
        var id = submit(server, repository);

        var wait =
                server.request(
                        "tools/call",
                        Map.of(
                                "name",
                                "consult_wait",
                                "arguments",
                                job(id),
                                "_meta",
                                Map.of("progressToken", "of-the-wait")));
        server.answerTo(wait);

        // By the second message, the fake may have reached its second turn.
        assertThat(server.messages())
                .filteredOn(message ->
                        message.at("/params/progressToken").asString("").equals("of-the-wait"))
                .extracting(message -> message.at("/params/message").asString())
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message).startsWith("job=" + id + " turn "))
                .first(STRING)
                .startsWith("job=" + id + " turn 1: Read ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error: MCP error -32001: Request timed out",
                "request timeout",
                "SdkError: Request timed out",
                "McpError: MCP error -32001: Request timed out"
            })
    void aClientWhoseClockRanOutFindsItsConsultGoingOn(String reason) {
        var repository = surroundings.held(Map.of("ANSWER", "At last."));
        var call = server.consult(consult(repository, "Why?"));
        Surroundings.awaitHeld(repository, 1);

        server.cancel(call, reason);
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(listed(server, Map.of("cwd", "" + repository))).hasSize(1));
        var id = listed(server, Map.of("cwd", "" + repository)).getFirst();
        Surroundings.release(repository);
        var done = awaitDone(server, id);

        assertThat(done.at("/result/response").asString()).isEqualTo("At last.");
        assertThat(answersTo(server, call)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MCP request cancelled by caller", "the user stopped", ""})
    void aClientThatNoLongerWantsItsConsultEndsIt(String reason) {
        var repository = surroundings.repository(Map.of("HANG", 1));
        var call = server.consult(consult(repository, "Why?"));
        awaitHanging(repository);

        server.cancel(call, reason);
        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());

        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(
                                        listed(
                                                server,
                                                Map.of(
                                                        "cwd",
                                                        "" + repository,
                                                        "mode",
                                                        "sync",
                                                        "status",
                                                        "cancelled")))
                                .hasSize(1));
        assertThat(listed(server, Map.of("cwd", "" + repository))).isEmpty();
        assertThat(answersTo(server, call)).isEmpty();
    }

    @Test
    void whoeverStopsWaitingForAJobDoesNotEndIt() {
        var repository = surroundings.held(Map.of("ANSWER", "At last."));
        var id = submit(server, repository);
        Surroundings.awaitHeld(repository, 1);

        var wait = server.callLater("consult_wait", job(id));
        server.ping();
        server.cancel(wait, "the user stopped");
        server.ping();
        Surroundings.release(repository);

        assertThat(awaitDone(server, id).at("/result/response").asString()).isEqualTo("At last.");
        assertThat(answersTo(server, wait)).isEmpty();
    }

    @Test
    void whoeverStoppedWaitingForAJobKeepsNobodyFromEndingIt() {
        var repository = surroundings.repository(Map.of("HANG", 1));
        try (var patient = patient()) {
            var call = patient.consult(consult(repository, "Why?"));
            awaitHanging(repository);
            var mine = Map.<String, Object>of("cwd", "" + repository, "mode", "all");
            var id = listed(patient, mine).getFirst();

            patient.cancel(patient.callLater("consult_wait", job(id)), "the user stopped");
            await().atMost(Surroundings.A_WHILE).until(() -> calls(patient, "consult_wait") == 1);
            patient.cancel(call, "the user stopped this too");

            await().atMost(Surroundings.A_WHILE)
                    .until(() -> listed(patient, with(mine, "status", "cancelled")).contains(id));
        }
    }

    /** A server that waits forever for an answer. */
    private RawServer patient() {
        return RawServer.start(
                        surroundings.desk(),
                        surroundings.environment(Map.of("PHONE_OPUS_CONSULT_PATIENCE", "0s")))
                .shakeHands();
    }

    /** The number of finished calls of that tool. */
    private static int calls(RawServer server, String tool) {
        return json(server.call("telemetry_snapshot", inJson(Map.of())))
                .path("tools")
                .valueStream()
                .filter(row -> row.path("tool").asString().equals(tool))
                .mapToInt(row -> row.path("requests").asInt())
                .sum();
    }

    @Test
    void theSameAskedTwiceOfOneServerIsPaidOnce() {
        assertPaidOnce(server, server);
    }

    @Test
    void theSameAskedOfTwoServersIsPaidOnce() {
        assertPaidOnce(server, other);
    }

    @Test
    void freshAsksAnew() {
        var repository = surroundings.held(Map.of("RECORD", "record"));

        var first = server.consult(consult(repository, "Why?"));
        Surroundings.awaitHeld(repository, 1);
        var second = server.consult(with(consult(repository, "Why?"), "fresh", true));
        Surroundings.awaitHeld(repository, 2);
        Surroundings.release(repository);

        assertThat(head(server, first)).startsWith("consult ok ").doesNotEndWith(" joined");
        assertThat(head(server, second)).startsWith("consult ok ").doesNotEndWith(" joined");
        assertThat(starts(repository)).isEqualTo(2);
    }

    @Test
    void aBackgroundConsultJoinsTooAndSaysSo() {
        var repository = surroundings.held(Map.of("RECORD", "record"));
        var first = submit(server, repository);
        Surroundings.awaitHeld(repository, 1);

        var joined = text(other.call("consult", background(repository)));
        var json = json(other.call("consult", inJson(background(repository))));
        var impatient = text(hasty.call("consult", consult(repository, "Why?")));
        Surroundings.release(repository);
        awaitDone(server, first);

        assertThat(joined)
                .matches(
                        "(?s)background consult submitted job=%s session=%s status=running joined\n.*"
                                .formatted(first, ID));
        assertThat(json.path("joined").asBoolean()).isTrue();
        assertThat(impatient.lines().findFirst().orElseThrow())
                .startsWith("consult still running job=" + first)
                .endsWith(" joined");
        assertThat(starts(repository)).isEqualTo(1);
    }

    @Test
    void anAnswerThatReachedNobodyIsKeptForWhoeverAsksTheSame() {
        var repository = surroundings.held(Map.of("RECORD", "record", "ANSWER", "Paid for."));
        try (var doomed = start()) {
            doomed.consult(consult(repository, "Why?"));
            Surroundings.awaitHeld(repository, 1);
        }
        Surroundings.release(repository);
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());

        try (var fresh = start()) {
            var answer = text(fresh.call("consult", consult(repository, "Why?")));
            var startsBefore = starts(repository);
            var again = text(fresh.call("consult", consult(repository, "Why?")));

            assertThat(answer).startsWith("consult ok ").endsWith(" joined\nPaid for.");
            assertThat(startsBefore).isEqualTo(1);
            assertThat(again.lines().findFirst().orElseThrow()).doesNotEndWith(" joined");
            assertThat(starts(repository)).isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatCouldNotBeHandedOverIsListedAndKeptForWhoeverAsksTheSame() {
        var repository = surroundings.held(Map.of("RECORD", "record", "ANSWER", "Paid for."));
        var readsOneLine = "'%s' | head -n 1".formatted(PackagedServer.launcher());
        try (var unheard =
                RawServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        List.of("sh", "-c", readsOneLine))) {
            unheard.shakeHands().consult(consult(repository, "Why?"));
            Surroundings.awaitHeld(repository, 1);
            Surroundings.release(repository);
            unheard.exitCode();
        }

        try (var fresh = start()) {
            var kept = listed(fresh, Map.of("cwd", "" + repository));
            var answer = text(fresh.call("consult", consult(repository, "Why?")));

            assertThat(answer).startsWith("consult ok ").endsWith(" joined\nPaid for.");
            assertThat(kept).containsExactly(idIn(answer));
            assertThat(starts(repository)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"end of input", "SIGTERM", "SIGTERM at its start"})
    void aServerThatLeavesLeavesItsConsultToOthers(String how, TestReporter report) {
        var repository = surroundings.held(Map.of("RECORD", "record", "ANSWER", "At last."));
        var leaving = start();
        leaving.consult(consult(repository, "Why?"));
        if (how.endsWith("start")) {
            await().atMost(Surroundings.A_WHILE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !started(repository).isEmpty());
        } else {
            Surroundings.awaitHeld(repository, 1);
        }

        var before = System.nanoTime();
        if (how.startsWith("SIGTERM")) {
            leaving.terminate();
        } else {
            leaving.closeInput();
        }
        leaving.exitCode();
        var took = Duration.ofNanos(System.nanoTime() - before);
        report.publishEntry(how, took.toMillis() + " ms");

        assertThat(took).isLessThan(END_OF_A_SERVER);
        assertThat(promoted(repository)).hasSize(1);
        try (var fresh = start()) {
            var running = listed(fresh, Map.of("cwd", "" + repository, "status", "running"));
            Surroundings.release(repository);

            assertThat(running).hasSize(1);
            var done = awaitDone(fresh, running.getFirst());
            assertThat(done.path("mode").asString()).isEqualTo("background");
            assertThat(done.at("/result/response").asString()).isEqualTo("At last.");
            assertThat(starts(repository)).isEqualTo(1);
        }
    }

    /** The directories of its promoted consults, whose callers stopped waiting. */
    private List<Path> promoted(Path repository) {
        return having("promoted", repository);
    }

    private List<Path> started(Path repository) {
        return having("pid", repository);
    }

    private List<Path> having(String file, Path repository) {
        var spool = surroundings.state().resolve("spool");
        if (!Files.exists(spool)) {
            return List.of();
        }
        try (var jobs = Files.list(spool)) {
            return jobs.filter(job -> Files.exists(job.resolve(file)))
                    .filter(job ->
                            Surroundings.read(job.resolve("request.json"))
                                    .contains(repository.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertPaidOnce(RawServer one, RawServer two) {
        var repository = surroundings.held(Map.of("RECORD", "record", "ANSWER", "Yes."));

        var first = one.consult(consult(repository, "Why?"));
        Surroundings.awaitHeld(repository, 1);
        var second = two.consult(consult(repository, "Why?"));
        var id = listed(one, Map.of("cwd", "" + repository, "mode", "all")).getFirst();
        await().atMost(Surroundings.A_WHILE).until(() -> Files.exists(spool(id).resolve("joined")));
        Surroundings.release(repository);

        assertThat(head(one, first)).contains(" job=" + id).doesNotEndWith(" joined");
        assertThat(head(two, second)).endsWith(" job=" + id + " joined");
        assertThat(text(two.answerTo(second).path("result"))).endsWith("\nYes.");
        assertThat(starts(repository)).isEqualTo(1);
    }

    private RawServer start() {
        return RawServer.start(surroundings.desk(), surroundings.environment()).shakeHands();
    }

    private Path spool(String id) {
        return surroundings.state().resolve("spool").resolve(id);
    }

    private static Map<String, Object> consult(Path repository, String prompt) {
        return Map.of("prompt", prompt, "cwd", repository.toString());
    }

    private static Map<String, Object> background(Path repository) {
        return with(consult(repository, "Why?"), "background", true);
    }

    private static Map<String, Object> job(String id) {
        return Map.of("job_id", id);
    }

    private static Map<String, Object> inJson(Map<String, Object> arguments) {
        return with(arguments, "render", "json");
    }

    private static Map<String, Object> with(
            Map<String, Object> arguments, String name, Object value) {
        var more = new HashMap<>(arguments);
        more.put(name, value);
        return more;
    }

    private static String submit(RawServer server, Path repository) {
        return submit(server, repository, "Why?");
    }

    private static String submit(RawServer server, Path repository, String prompt) {
        return idIn(
                text(
                        server.call(
                                "consult", with(consult(repository, prompt), "background", true))));
    }

    /** Waits repeatedly, as the instructions tell models to. */
    private static JsonNode awaitDone(RawServer server, String id) {
        return await().atMost(Surroundings.A_WHILE)
                .until(
                        () -> json(server.call("consult_wait", inJson(job(id)))),
                        job -> job.path("done").asBoolean());
    }

    private static List<String> listed(RawServer server, Map<String, Object> filter) {
        var list = json(server.call("consult_jobs", inJson(filter)));
        assertThat(list.path("jobs").size()).isEqualTo(list.path("count").asInt());
        return list.path("jobs").valueStream().map(job -> job.path("job_id").asString()).toList();
    }

    private static void awaitHanging(Path repository) {
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(RunningProcesses.in(repository))
                                .extracting(RunningProcesses.Living::command)
                                .contains("sleep 2147483647"));
    }

    private static long starts(Path repository) {
        return Surroundings.read(repository.resolve("record/journal"))
                .lines()
                .filter(line -> line.startsWith("start "))
                .count();
    }

    private static List<JsonNode> answersTo(RawServer server, long id) {
        return server.messages().stream()
                .filter(message -> message.path("id").asString("").equals("" + id))
                .toList();
    }

    private static String head(RawServer server, long call) {
        return text(server.answerTo(call).path("result")).lines().findFirst().orElseThrow();
    }

    private static String idIn(String text) {
        return text.replaceFirst("(?s).*?\\bjob=(%s).*".formatted(ID), "$1");
    }

    private static String text(JsonNode result) {
        assertThat(result.path("content").size()).isEqualTo(1);
        return result.at("/content/0/text").asString();
    }

    private static JsonNode json(JsonNode result) {
        return result.path("structuredContent");
    }
}
