package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import phoneopus.Script;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.job.JobMetrics.ConsultTotals;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

class JobMetricsTests {

    private static final String ANSWERED =
            """
            {"type":"result","subtype":"success","is_error":false,"result":"Yes.","total_cost_usd":0.25,"num_turns":3,\
            "usage":{"input_tokens":100,"cache_creation_input_tokens":20,"cache_read_input_tokens":3,"output_tokens":50}}
            """;

    @TempDir Path temporary;
    WiredServer server;

    @BeforeEach
    void wireServer() throws IOException {
        server = wired();
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of(WiredServer.answered(), "succeeded", "none"),
                Arguments.of(new Outcome.Cancelled(), "cancelled", "none"),
                Arguments.of(
                        new Outcome.Refused(Refusal.RATE_LIMITED, "No.", true, null),
                        "failed",
                        "rate_limited"),
                Arguments.of(new Outcome.TimedOut(Duration.ofMinutes(1)), "failed", "timed_out"),
                Arguments.of(new Outcome.Stalled(Duration.ofMinutes(1)), "failed", "stalled"),
                Arguments.of(new Outcome.Interrupted("killed"), "failed", "interrupted"),
                Arguments.of(new Outcome.NotStarted("no"), "failed", "spawn_failed"));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void anEndIsCountedByItsOutcomeAndItsFault(Outcome outcome, String word, String code) {
        server.metrics.ended(
                request(null, "opus"),
                new Completion(Instant.ofEpochMilli(9), null, outcome),
                null);

        assertThat(
                        server.meters
                                .get("consult.ended")
                                .tags("outcome", word, "code", code, "model", "opus")
                                .counter()
                                .count())
                .isEqualTo(1);
        assertThat(count("consult.interrupted")).isEqualTo(code.equals("interrupted") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"haiku,haiku", "claude-of-another-server,other"})
    void aModelThatTheSettingsDoNotNameIsAnOther(String model, String label) {
        server.metrics.ended(
                request(null, model),
                new Completion(Instant.ofEpochMilli(9), null, WiredServer.answered()),
                null);

        assertThat(server.meters.get("consult.ended").counter().getId().getTag("model"))
                .isEqualTo(label);
    }

    @RepeatedTest(3)
    void anEndIsCountedOnceByTheServerWhoseEndingStands() throws Exception {
        var request = over(server, ANSWERED);
        var servers = IntStream.range(0, 4).mapToObj(_ -> wired()).toList();
        var settlers =
                Stream.concat(servers.stream(), servers.stream())
                        .<Callable<Completion>>map(
                                one -> () -> one.finalizer.settle(request, one.run(request)))
                        .toList();

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var settled : threads.invokeAll(settlers)) {
                settled.get();
            }
        }

        assertThat(servers.stream().mapToDouble(one -> ended(one)).sum()).isEqualTo(1);
        assertThat(servers.stream().mapToLong(one -> one.metrics.of(null).succeeded()).sum())
                .isEqualTo(1);
    }

    @Test
    void anAnswersTurnsTokensCostAndTimeAreAddedUp() throws IOException {
        for (int i = 0; i < 2; i++) {
            var request = over(server, ANSWERED);
            server.finalizer.settle(request, server.run(request));
        }

        assertThat(count("consult.turns")).isEqualTo(6);
        assertThat(tokens("input")).isEqualTo(246);
        assertThat(tokens("output")).isEqualTo(100);
        assertThat(count("consult.cost")).isCloseTo(0.5, within(1e-9));
        assertThat(server.meters.get("consult.duration").timer().count()).isEqualTo(2);
        assertThat(server.metrics.of(null)).isEqualTo(new ConsultTotals(2, 0, 0, 6, 246, 100, 0.5));
    }

    @Test
    void whatNeverStartedHasNoDuration() throws Exception {
        var request = server.request(temporary, "Why?");
        server.spool.accept(request, () -> {});

        server.jobs.cancel(request);
        server.jobs.now(request);

        assertThat(server.meters.find("consult.duration").timer()).isNull();
        assertThat(server.metrics.of(null).cancelled()).isEqualTo(1);
    }

    @Test
    void totalsAreKeptByPrincipalAndNoMetricNamesOne() {
        server.metrics.ended(
                request("anne", "opus"),
                new Completion(Instant.ofEpochMilli(9), 0.25, WiredServer.answered()),
                null);

        assertThat(server.metrics.of("anne").costUsd()).isEqualTo(0.25);
        assertThat(server.metrics.of(null)).isEqualTo(ConsultTotals.NONE);
        assertThat(server.metrics.of("bob")).isEqualTo(ConsultTotals.NONE);
        assertThat(server.meters.getMeters())
                .noneMatch(meter -> meter.getId().toString().contains("anne"));
    }

    @Test
    void aJoinedAndAPromotedConsultAreCounted() throws Exception {
        var consult = Consults.of("Why?", temporary);
        var first = server.jobs.submit(consult, JobMode.SYNC, false);
        server.jobs.submit(consult, JobMode.SYNC, false);

        server.jobs.promote(first.request());
        server.jobs.promote(first.request());

        assertThat(count("consult.joined")).isEqualTo(1);
        assertThat(count("consult.promoted")).isEqualTo(1);
    }

    @Test
    void aConsultOfAServerThatIsGoneIsCountedWhenItIsTakenOver() throws Exception {
        server.spool.accept(server.request(temporary, "Why?"), () -> {});

        server.supervisor.makeTheRound();
        server.supervisor.makeTheRound();

        assertThat(count("consult.adopted")).isEqualTo(1);
    }

    @Test
    void theGaugesAndEveryPrincipalsShareCountOpenJobs() throws IOException {
        server.health.bindTo(server.meters);
        accept(request(null, "opus"));
        accept(request("anne", "opus"));
        accept(request("anne", "opus"));
        over(server, ANSWERED);

        assertThat(server.meters.get("consult.queued").gauge().value()).isEqualTo(3);
        assertThat(server.meters.get("consult.running").gauge().value()).isZero();
        assertThat(server.health.workloadOf("anne")).contains(new JobHealth.Workload(0, 2));
        assertThat(server.health.workloadOf(null)).contains(new JobHealth.Workload(0, 1));
        assertThat(server.health.workloadOf("bob")).contains(new JobHealth.Workload(0, 0));
    }

    @Test
    void aGaugeOfAStateDirectoryThatCannotBeReadIsNoNumber() throws IOException {
        server.health.bindTo(server.meters);
        var inItsPlace = Files.writeString(temporary.resolve("state"), "a file");

        var queued = server.meters.get("consult.queued").gauge().value();
        var store = server.health.store();
        Files.delete(inItsPlace);

        assertThat(queued).isNaN();
        assertThat(store).isEqualTo(JobHealth.Store.UNAVAILABLE);
    }

    private void accept(JobRequest request) throws IOException {
        server.spool.accept(request, () -> {});
    }

    private WiredServer wired() {
        var sleeping = temporary.resolve("claude");
        Script.writeExecutable(
                sleeping, "#!/bin/sh\n[ \"$1\" != --version ] || exit\nexec sleep 600\n");
        return new WiredServer(temporary.resolve("state"), sleeping, Map.of());
    }

    private double count(String counter) {
        return server.meters.get(counter).counter().count();
    }

    private double tokens(String direction) {
        return server.meters.get("consult.tokens").tag("direction", direction).counter().count();
    }

    private static double ended(WiredServer server) {
        var counter = server.meters.find("consult.ended").counter();
        return counter == null ? 0 : counter.count();
    }

    private JobRequest request(String principal, String model) {
        return new JobRequest(
                JobId.random(),
                JobMode.SYNC,
                Instant.ofEpochMilli(1),
                new Consult("Why?", temporary.toString(), null, null, model, Effort.MAX, principal),
                "Why?",
                false,
                UUID.randomUUID(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                List.of("claude"),
                null,
                null);
    }

    /** The directory as a run leaves it: its leader is of another boot. */
    private JobRequest over(WiredServer at, String events) throws IOException {
        var request = at.request(temporary, "Why? " + UUID.randomUUID());
        at.spool.accept(request, () -> {});
        var directory = at.spool.directory(request.jobId());
        Files.writeString(directory.resolve("pid"), "1 1 another-boot\n");
        Files.writeString(directory.resolve("events.jsonl"), events);
        Files.writeString(directory.resolve("exit"), "0\n");
        return request;
    }
}
