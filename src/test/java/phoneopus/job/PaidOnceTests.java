package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.files.SharedLock;
import phoneopus.job.Dispatch.Submission;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

@Timeout(90)
class PaidOnceTests {

    final HandMovedClock clock = new HandMovedClock();
    @TempDir Path temporary;
    Path folder;
    FakeClaude fake;
    WiredServer server;

    @BeforeEach
    void makeServer() throws IOException {
        folder = temporary.toRealPath();
        fake = new FakeClaude(folder.resolve("fake"));
        server = server();
    }

    @AfterEach
    void endAll() throws Exception {
        fake.open();
        server.endAll();
    }

    @Test
    void equalRequestsAtOnceAreOneRun() throws Exception {
        fake.shut();
        var servers = List.of(server, server());
        var asking =
                Stream.iterate(0, i -> i < 8, i -> i + 1)
                        .<Callable<Submission>>map(i -> () -> submit(servers.get(i % 2), false))
                        .toList();
        var jobs = new HashSet<JobId>();
        int joined = 0;

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var submitted : threads.invokeAll(asking)) {
                jobs.add(submitted.get().request().jobId());
                joined += submitted.get().joined() ? 1 : 0;
            }
        }
        fake.open();
        server.drain();

        assertThat(jobs).hasSize(1);
        assertThat(joined).isEqualTo(7);
        assertThat(fake.sessions()).hasSize(1);
    }

    @Test
    void whatIsToBeFreshIsAskedAnew() throws Exception {
        fake.shut();
        var first = submit(server, false);

        var fresh = submit(server, true);
        var again = submit(server, false);

        assertThat(fresh.joined()).isFalse();
        assertThat(fresh.request().jobId()).isNotEqualTo(first.request().jobId());
        assertThat(again.request().jobId()).isEqualTo(fresh.request().jobId());
    }

    @Test
    void anAnswerThatReachedNobodyIsReturnedForTenMinutes() throws Exception {
        var first = submit(server, false);
        end(first);

        clock.move(Duration.ofMinutes(10).minusMillis(1));
        var inTime = submit(server, false);
        clock.move(Duration.ofMillis(1));
        var late = submit(server, false);

        assertThat(inTime.joined()).isTrue();
        assertThat(inTime.request().jobId()).isEqualTo(first.request().jobId());
        assertThat(end(inTime).outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(late.joined()).isFalse();
    }

    @Test
    void anAnswerFromTheFutureIsAskedForAnewUnlessClocksMayDifferSoMuch() throws Exception {
        end(submit(server, false));

        clock.move(Duration.ofSeconds(-59));
        var ofAnotherClock = submit(server, false);
        clock.move(Duration.ofSeconds(-1));
        var ofTheFuture = submit(server, false);

        assertThat(ofAnotherClock.joined()).isTrue();
        assertThat(ofTheFuture.joined()).isFalse();
    }

    /** On the disk and on their way to Claude they are one text. */
    @Test
    void twoQuestionsThatDifferInHalfASurrogatePairAreTwo() throws Exception {
        var first = submit(server, "a\uD800b");
        var second = submit(server, "a\uDC00b");
        var again = submit(server, "a\uD800b");

        assertThat(second.joined()).isFalse();
        assertThat(again.joined()).isTrue();
        assertThat(again.request().jobId()).isEqualTo(first.request().jobId());
    }

    @Test
    void anAnswerThatReachedItsCallerIsAskedForAnew() throws Exception {
        var first = submit(server, false);
        end(first);
        server.jobs.delivered(first.request());

        assertThat(submit(server, false).joined()).isFalse();
    }

    @Test
    void whoeverAsksAgainBeforeItIsNotedThatTheAnswerArrivedAsksAnew() throws Exception {
        var first = submit(server, false);
        end(first);
        var arrived = server.jobs.handOver(first.request());

        assertThat(askedAgainUntil(arrived).joined()).isFalse();
    }

    @Test
    void anAnswerThatArrivedDoesNotEndTheWaitForTheNextToTheSameQuestion() throws Exception {
        var first = submit(server, false);
        end(first);
        var second = submit(server, true);
        end(second);
        var firstArrived = server.jobs.handOver(first.request());
        var secondArrived = server.jobs.handOver(second.request());
        firstArrived.run();

        assertThat(askedAgainUntil(secondArrived).joined()).isFalse();
    }

    @Test
    void anAnswerThatNeverArrivesIsKept() throws Exception {
        var first = submit(server, false);
        end(first);
        server.jobs.handOver(first.request());

        assertThat(submit(server, false).joined()).isTrue();
    }

    @Test
    void whatHasNoAnswerIsAskedAnew() throws Exception {
        fake.set("FAKE_CLAUDE_EMPTY=1", "FAKE_CLAUDE_EXIT=1");
        end(submit(server, false));

        assertThat(submit(server, false).joined()).isFalse();
    }

    @Test
    void anotherQuestionJoinsNothing() throws Exception {
        fake.shut();
        var session = UUID.randomUUID();
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        submit(server, false);

        assertThat(
                        Stream.of(
                                Consults.of("Why not?", folder),
                                Consults.of("Why?", elsewhere),
                                new Consult("Why?", folder.toString(), 3, null, null, null, null),
                                Consults.of("Why?", folder, session, null),
                                new Consult(
                                        "Why?", folder.toString(), null, null, "haiku", null, null),
                                new Consult(
                                        "Why?",
                                        folder.toString(),
                                        null,
                                        null,
                                        null,
                                        Effort.LOW,
                                        null)))
                .allSatisfy(consult ->
                        assertThat(server.jobs.submit(consult, JobMode.SYNC, false).joined())
                                .isFalse());
    }

    @Test
    void anotherCallerJoinsNothing() throws Exception {
        var mine = server.request(folder, "Why?");
        var again = server.request(folder, "Why?");

        assertThat(again.digest()).isEqualTo(mine.digest());
        assertThat(of("one", mine).digest())
                .isNotEqualTo(mine.digest())
                .isNotEqualTo(of("two", mine).digest())
                .isEqualTo(of("one", again).digest());
    }

    @Test
    void stoppedWhileAnotherWaitsItGoesOnInTheBackground() throws Exception {
        fake.shut();
        var request = submit(server, false).request();
        var other = await(server, submit(server, false).request());

        server.jobs.stop(request);
        fake.open();

        assertThat(other.get().outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(server.jobs.find(request.jobId(), null).mode()).isEqualTo(JobMode.BACKGROUND);
    }

    @Test
    void stoppedWhileAnotherWaitsForItByItsIdItGoesOnInTheBackground() throws Exception {
        fake.shut();
        var request = submit(server, false).request();
        var caller = await(server, request);
        var other = await(server, request);

        server.jobs.stop(request);
        fake.open();

        assertThat(other.get().outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(caller.get()).isEqualTo(other.get());
        assertThat(server.jobs.find(request.jobId(), null).mode()).isEqualTo(JobMode.BACKGROUND);
    }

    @Test
    void stoppedByItsOnlyCallerItIsCancelled() throws Exception {
        fake.shut();
        var request = submit(server, false).request();
        var only = await(server, request);

        server.jobs.stop(request);

        assertThat(only.get().outcome()).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void oneThatItsCallerIsAboutToStopIsJoinedByNobody() throws Exception {
        fake.shut();
        var first = submit(server, false);

        assertThat(server.dispatch.abandon(first.request())).isTrue();
        var second = submit(server(), false);

        assertThat(second.joined()).isFalse();
    }

    @Test
    void oneThatIsStoppedBeforeItsTurnNeverStarts() throws Exception {
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});

        assertThat(server.dispatch.abandon(request)).isTrue();

        assertThat(server.dispatch.round()).isEmpty();
        assertThat(server.jobs.find(request.jobId(), null).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void aDamagedAnswerIsAskedForAnew() throws Exception {
        var first = submit(server, false);
        end(first);
        // Else the round after its end may bring it in order again, from its events.
        server.awaitBooked();
        Files.writeString(
                server.spool.directory(first.request().jobId()).resolve("outcome.json"), "{");

        assertThat(submit(server, false).joined()).isFalse();
    }

    @Test
    void aCancelledOneIsAskedAnew() throws Exception {
        fake.shut();
        var request = submit(server, false).request();
        server.jobs.cancel(request);

        assertThat(submit(server, false).joined()).isFalse();
    }

    @Test
    void patienceEndsTheWaitAndNotTheConsult() throws Exception {
        fake.shut();
        var request = submit(server, false).request();

        var first = server.jobs.await(request, Duration.ofMillis(300), () -> false, _ -> {});
        var none = server.jobs.await(request, Duration.ZERO, () -> false, _ -> {});
        fake.open();
        var second = server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {});

        assertThat(first).isEmpty();
        assertThat(none).isEmpty();
        assertThat(second.orElseThrow().outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(fake.sessions()).hasSize(1);
    }

    @Test
    void whoIsGoneWaitsNoMore() throws Exception {
        fake.shut();
        var request = submit(server, false).request();

        assertThat(server.jobs.await(request, null, () -> true, _ -> {})).isEmpty();

        assertThat(server.spool.ended(request.jobId())).isEmpty();
    }

    @Test
    void theSameAskedOfTheDemoAndOfClaudeIsTwoRuns() throws Exception {
        var demo = new FakeClaude(folder.resolve("demo")).set("FAKE_CLAUDE_ANSWER='A demo.'");
        fake.set("FAKE_CLAUDE_ANSWER='Of Claude.'");
        var demoServer =
                new WiredServer(folder.resolve("state"), demo.command(), clock, Map.of()).start();
        end(submit(demoServer, false));

        var asked = submit(server, false);

        assertThat(asked.joined()).isFalse();
        assertThat(end(asked).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered ->
                                assertThat(answered.answer().response()).isEqualTo("Of Claude."));
    }

    @ParameterizedTest
    @CsvSource({"SYNC, SYNC", "BACKGROUND, BACKGROUND"})
    void whoJoinsInTheBackgroundMakesItABackgroundJobAndWhoWaitsDoesNot(
            JobMode joining, JobMode then) throws Exception {
        fake.shut();
        var request = submit(server, false).request();

        var joined = server().jobs.submit(consult("Why?"), joining, false);

        assertThat(joined.joined()).isTrue();
        assertThat(server.jobs.find(request.jobId(), null).mode()).isEqualTo(then);
    }

    @Test
    void whoStopsWhileAnotherServerJoinsWaitsForItAndCancelsNothing() throws Exception {
        fake.shut();
        var request = submit(server, false).request();
        var other = server();
        var stop = new FutureTask<>(() -> stop(server, request));
        var stopping = Thread.ofPlatform().unstarted(stop);

        new SharedLock()
                .hold(
                        other.spool.file(Dispatch.LOCK),
                        () -> {
                            stopping.start();
                            Awaitility.await()
                                    .atMost(WiredServer.LONG)
                                    .pollInterval(Duration.ofMillis(1))
                                    .until(() ->
                                            stopping.getState() == Thread.State.TIMED_WAITING
                                                    || stop.isDone());
                            return other.spool.mark(request.jobId(), JobMarker.JOINED);
                        });
        stop.get();
        fake.open();

        assertThat(end(other, request).outcome()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void whoeverWaitedForAHandOverFindsItNoted() throws Exception {
        fake.shut();
        var running = submit(server, "Busy?");
        assertThat(running.joined()).isFalse();
        for (int i = 0; i < 15; i++) {
            var question = "Why " + i + "?";
            var answered = submit(server, question).request();
            server.spool.end(
                    answered.jobId(),
                    new Completion(clock.instant(), 0.25, WiredServer.answered()));
            var arrived = server.jobs.handOver(answered);
            var again = new FutureTask<>(() -> submit(server, question));
            var asking = Thread.ofPlatform().start(again);
            Awaitility.await()
                    .atMost(WiredServer.LONG)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> asking.getState() == Thread.State.TIMED_WAITING || again.isDone());

            arrived.run();

            assertThat(again.get().joined()).isFalse();
        }
    }

    private static boolean stop(WiredServer by, JobRequest request) throws InterruptedException {
        by.jobs.stop(request);
        return true;
    }

    private static JobRequest of(String principal, JobRequest one) {
        return new JobRequest(
                one.jobId(),
                one.mode(),
                one.created(),
                new Consult(
                        one.consult().prompt(),
                        one.consult().cwd(),
                        one.consult().maxTurns(),
                        one.consult().sessionId(),
                        one.consult().model(),
                        one.consult().effort(),
                        principal),
                one.effectivePrompt(),
                one.promptPrefixInjected(),
                one.sessionId(),
                one.timeout(),
                one.stallTimeout(),
                one.command(),
                null,
                null);
    }

    private WiredServer server() {
        return new WiredServer(folder.resolve("state"), fake.command(), clock, Map.of()).start();
    }

    /** The same question, asked while that answer is on its way. */
    private Submission askedAgainUntil(Runnable arrived) throws Exception {
        var again = new FutureTask<>(() -> submit(server, false));
        var asking = Thread.ofPlatform().start(again);
        Awaitility.await()
                .atMost(WiredServer.LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> waitsForADelivery(asking) || again.isDone());
        arrived.run();
        return again.get();
    }

    private static boolean waitsForADelivery(Thread asking) {
        return asking.getState() == Thread.State.TIMED_WAITING
                && Arrays.stream(asking.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("awaitEnd"));
    }

    private Submission submit(WiredServer by, boolean fresh) throws InterruptedException {
        return by.jobs.submit(consult("Why?"), JobMode.SYNC, fresh);
    }

    private Submission submit(WiredServer by, String question) throws InterruptedException {
        return by.jobs.submit(consult(question), JobMode.SYNC, false);
    }

    private Consult consult(String question) {
        return Consults.of(question, folder);
    }

    private Completion end(Submission submission) throws InterruptedException {
        return end(server, submission.request());
    }

    private static Completion end(WiredServer by, JobRequest request) throws InterruptedException {
        return by.jobs.await(request, null, () -> false, _ -> {}).orElseThrow();
    }

    /** A caller that waits by now. */
    private static CompletableFuture<Completion> await(WiredServer by, JobRequest request) {
        var waits = new CompletableFuture<Boolean>();
        var ended =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return by.jobs
                                .await(request, null, () -> false, _ -> waits.complete(true))
                                .orElseThrow();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        waits.join();
        return ended;
    }
}
