package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;

class RunFinalizerTests {

    static final String ANSWERED =
            """
            {"type":"result","subtype":"success","is_error":false,"result":"Yes.","total_cost_usd":%s}
            """;

    @TempDir Path temporary;
    Path command;

    @AfterEach
    void endAll() throws Exception {
        serverAt(9).endAll();
    }

    @BeforeEach
    void makeCommand() throws IOException {
        command = Files.writeString(temporary.resolve("claude"), "#!/bin/sh\n");
        command.toFile().setExecutable(true);
    }

    @Test
    void anAnswerGoesIntoTheBooks() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), ANSWERED.formatted(0.25));

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.finished()).isEqualTo(Instant.ofEpochMilli(5));
        assertThat(ended.consultCostUsd()).isEqualTo(0.25);
        assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(server.spool.ended(request.jobId()).orElseThrow()).hasToString(ended.toString());
        server.start().awaitBooked();
        assertThat(server.sessions.costOf(request.sessionId())).hasValue(0.25);
    }

    @Test
    void theFirstSettlementStands() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), ANSWERED.formatted(0.25));
        var first = server.finalizer.settle(request, server.run(request));
        Files.writeString(file(server, request, "events.jsonl"), "");

        var again = serverAt(9).finalizer.settle(request, server.run(request));

        assertThat(again).hasToString(first.toString());
    }

    @Test
    void aSettlementThatWasCutShortIsFinished() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), ANSWERED.formatted(0.25));
        Files.writeString(file(server, request, "settings.json"), "{\"env\":{\"KEY\":\"secret\"}}");
        server.finalizer.settle(request, server.run(request));
        Files.delete(temporary.resolve("state/sessions/" + request.sessionId()));

        server.finalizer.settle(request, server.run(request));

        server.start().awaitBooked();
        assertThat(server.sessions.costOf(request.sessionId())).hasValue(0.25);
        assertThat(file(server, request, "settings.json")).doesNotExist();
    }

    /** Of a server that was killed while it wrote them: they may hold a key. */
    @Test
    void settingsThatWereHalfWrittenAreRemoved() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), ANSWERED.formatted(0.25));
        var half = ".settings.json." + UUID.randomUUID();
        Files.writeString(file(server, request, half), "{\"env\":{\"KEY\":\"sec");

        server.finalizer.settle(request, server.run(request));

        assertThat(file(server, request, half)).doesNotExist();
    }

    @Test
    void anAnswerThatWasPaidForWinsOverALateCancel() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), ANSWERED.formatted(0.25));
        Files.createFile(file(server, request, "cancelled"));

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aRefusalCostsToo() throws IOException {
        var server = serverAt(5);
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        var request =
                over(
                        server,
                        server.request(temporary, "Why?", session),
                        """
                        {"type":"result","subtype":"error_max_turns","is_error":true,"total_cost_usd":0.4}
                        """);

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.MAX_TURNS));
        assertThat(ended.consultCostUsd()).isCloseTo(0.15, within(1e-9));
        assertThat(server.sessions.costOf(session)).hasValue(0.4);
    }

    @Test
    void whatSaidNoCostLeavesTheSessionsCostAlone() throws IOException {
        var server = serverAt(5);
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        var request = over(server, server.request(temporary, "Why?", session), "");

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.consultCostUsd()).isNull();
        assertThat(server.sessions.costOf(session)).hasValue(0.25);
    }

    @Test
    void aCostBelowTheKnownOneIsTheConsultsOwn() throws IOException {
        var server = serverAt(5);
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        var request =
                over(
                        server,
                        server.request(temporary, "Why?", session),
                        ANSWERED.formatted("0.10"));

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.consultCostUsd()).isEqualTo(0.10);
    }

    @ParameterizedTest
    @CsvSource({
        "2.1.111, 0.4",
        "2.1.282, 0.4",
        "2.1.283, 0.15",
        "2.2.0, 0.15",
        "0.0.0, 0.15",
        "'', 0.15"
    })
    void whatAnOldReleaseNamesIsTheCostOfItsLastRunAlone(String release, double own)
            throws IOException {
        var server = serverAt(5);
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        var init =
                "{\"type\":\"system\",\"subtype\":\"init\",\"claude_code_version\":\"%s\"}\n"
                        .formatted(release);
        var request =
                over(
                        server,
                        server.request(temporary, "Why?", session),
                        init + ANSWERED.formatted("0.40"));

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(ended.consultCostUsd()).isCloseTo(own, within(1e-9));
    }

    @RepeatedTest(5)
    void manyWhoSettleAtOnceAgree() throws Exception {
        var server = serverAt(5);
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        var request =
                over(
                        server,
                        server.request(temporary, "Why?", session),
                        ANSWERED.formatted("0.40"));
        var settlers =
                IntStream.range(0, 8)
                        .<Callable<Completion>>mapToObj(i ->
                                () -> serverAt(i).finalizer.settle(request, server.run(request)))
                        .toList();

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var settled : threads.invokeAll(settlers)) {
                assertThat(settled.get().consultCostUsd()).isCloseTo(0.15, within(1e-9));
                assertThat(server.spool.ended(request.jobId()).orElseThrow())
                        .hasToString(settled.get().toString());
            }
        }
    }

    @Test
    void aRunOfAnEarlierBootWasInterrupted() throws IOException {
        var server = serverAt(5);
        var request = over(server, server.request(temporary, "Why?"), "");
        Files.delete(file(server, request, "exit"));

        var ended = server.finalizer.settle(request, server.run(request));

        assertThat(server.run(request).over()).isTrue();
        assertThat(ended.outcome()).isInstanceOf(Outcome.Interrupted.class);
    }

    private WiredServer serverAt(long ms) {
        var clock = Clock.fixed(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
        return new WiredServer(temporary.resolve("state"), command, clock, Map.of());
    }

    /** The directory as a run leaves it: its leader is of another boot. */
    private static JobRequest over(WiredServer server, JobRequest request, String events)
            throws IOException {
        server.spool.accept(request, () -> {});
        Files.writeString(file(server, request, "pid"), "1 1 another-boot\n");
        Files.writeString(file(server, request, "events.jsonl"), events);
        Files.writeString(file(server, request, "exit"), "0\n");
        return request;
    }

    private static Path file(WiredServer server, JobRequest request, String name)
            throws IOException {
        return server.spool.directory(request.jobId()).resolve(name);
    }
}
