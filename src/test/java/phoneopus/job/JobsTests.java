package phoneopus.job;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;
import phoneopus.claude.Consult;
import phoneopus.files.DurableFiles;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.StateUnavailableException;

@Timeout(90)
class JobsTests {

    @TempDir Path temporary;
    Path folder;
    Path repository;
    FakeClaude fake;
    WiredServer server;

    @BeforeEach
    void makeServer() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        fake = new FakeClaude(folder.resolve("fake"));
        server = server(1);
    }

    @AfterEach
    void endAll() throws Exception {
        fake.open();
        server(9).endAll();
    }

    @Test
    void theAnswerIsAwaited() throws Exception {
        fake.set("FAKE_CLAUDE_ANSWER='Rename the method.'", "FAKE_CLAUDE_COST=0.25");

        var request = submit(server, consult(null));
        var ended = awaitEnd(server, request);

        assertThat(answer(ended)).isEqualTo("Rename the method.");
        assertThat(ended.consultCostUsd()).isEqualTo(0.25);
        assertThat(server.spool.ended(request.jobId())).contains(ended);
        server.awaitBooked();
    }

    @Test
    void whoeverWaitsSeesWhatIsGoingOn() throws Exception {
        fake.set("FAKE_CLAUDE_HANG=1");
        var seen = new ConcurrentLinkedQueue<String>();
        var first = submit(server, consult(null));
        var second = submit(server, consult(null));

        var waiting =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return server.jobs.await(
                                first,
                                null,
                                () -> false,
                                activity ->
                                        seen.add(
                                                activity == null
                                                        ? "nothing yet"
                                                        : activity.line()));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        await().atMost(WiredServer.LONG).until(() -> seen.stream().anyMatch(this::reading));
        server.jobs.cancel(second);
        server.jobs.cancel(first);

        assertThat(waiting.get(30, SECONDS).orElseThrow().outcome())
                .isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void ofARunThatAnotherServerWatchesNoEventIsReadTwice() throws Exception {
        fake.shut();
        var request = submit(server, consult(null));
        await().atMost(WiredServer.LONG).until(() -> fake.started() == 1);
        var events = server.spool.directory(request.jobId()).resolve("events.jsonl");
        var first = turn(1) + turn(2);
        var other = server(1);

        Files.writeString(events, first);
        var before = turns(other, request);
        Files.writeString(events, " ".repeat(first.length()) + turn(3));
        var after = turns(other, request);

        assertThat(before).isEqualTo(2);
        assertThat(after).isEqualTo(3);
        server.jobs.cancel(request);
    }

    private static String turn(int number) {
        return "{\"type\":\"assistant\",\"message\":{\"id\":\"m%d\",\"model\":\"opus\",\"content\":[]}}\n"
                .formatted(number);
    }

    private static int turns(WiredServer server, JobRequest request) {
        return server.jobs.activity(server.jobs.now(request)).orElseThrow().turns();
    }

    @Test
    void allWhoWaitGetTheSameEnd() throws Exception {
        fake.shut();
        var request = submit(server, consult(null));
        var others = List.of(server, server, server(1), server(1));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    others.stream()
                            .map(other -> threads.submit(() -> awaitEnd(other, request)))
                            .toList();
            fake.open();
            var ended = awaitEnd(server, request);

            assertThat(waiting)
                    .allSatisfy(one -> assertThat(one.get(30, SECONDS)).isEqualTo(ended));
        }
    }

    @Test
    void oneThatWaitsIsStartedWhenItsTurnComes() throws Exception {
        fake.shut();
        var first = submit(server, consult(null));
        var second = submit(server, consult(null));

        fake.open();
        var ended = awaitEnd(server, second);

        assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(fake.sessions())
                .containsExactly(first.sessionId().toString(), second.sessionId().toString());
    }

    @Test
    void cancelledWhileItWaitsItNeverStarts() throws Exception {
        fake.shut();
        var running = submit(server, consult(null));
        var request = submit(server, consult(null));

        server.jobs.cancel(request);
        var ended = awaitEnd(server, request);

        assertThat(ended.outcome()).isInstanceOf(Outcome.Cancelled.class);
        fake.open();
        awaitEnd(server, running);
        server.drain();
        assertThat(fake.sessions()).containsExactly(running.sessionId().toString());
    }

    @Test
    void cancelledWhileOthersLookItIsStillCancelled() throws Exception {
        fake.shut();
        submit(server, consult(null));
        var done = new AtomicBoolean();
        var looking =
                CompletableFuture.runAsync(() -> {
                    var other = server(1);
                    while (!done.get()) {
                        try {
                            other.dispatch.round();
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });

        try {
            for (int i = 0; i < 20; i++) {
                var request = submit(server, consult(null));
                server.jobs.cancel(request);

                assertThat(awaitEnd(server, request).outcome())
                        .isInstanceOf(Outcome.Cancelled.class);
            }
        } finally {
            done.set(true);
            looking.get(30, SECONDS);
        }
    }

    @Test
    void cancelledWhileItRunsItEnds() throws Exception {
        fake.set("FAKE_CLAUDE_HANG=1");
        var request = submit(server, consult(null));
        await().atMost(WiredServer.LONG).until(() -> fake.sessions().size() == 1);

        server.jobs.cancel(request);
        var ended = awaitEnd(server, request);

        assertThat(ended.outcome()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(ProcessHandle.of(server.run(request).pid().getAsLong())).isEmpty();
    }

    @Test
    void cancelledByAnotherServerItEnds() throws Exception {
        fake.set("FAKE_CLAUDE_HANG=1");
        var request = submit(server, consult(null));
        await().atMost(WiredServer.LONG).until(() -> fake.sessions().size() == 1);

        server(1).jobs.cancel(request);

        assertThat(awaitEnd(server, request).outcome()).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void itsEndACancelAndTheTimeOutAtOnceAreOneOutcomeAndWhatWasPaidForWins() throws Exception {
        Map<String, Object> settings =
                Map.of("phone-opus.consult.max-concurrent", 9, "phone-opus.consult.timeout", "1s");
        var one = new WiredServer(folder.resolve("state"), fake.command(), settings).start();
        var other = new WiredServer(folder.resolve("state"), fake.command(), settings).start();
        var requests = new ArrayList<JobRequest>();
        var cancels = new ArrayList<CompletableFuture<Void>>();
        for (var delay : List.of("0.7", "0.8", "0.85", "0.9", "0.95", "1", "1.05", "1.1")) {
            fake.set("FAKE_CLAUDE_DELAY=" + delay);
            var request = submit(one, consult(null));
            requests.add(request);
            await().atMost(WiredServer.LONG).until(() -> fake.started() == requests.size());
            cancels.add(
                    CompletableFuture.runAsync(
                            () -> cancel(other, request),
                            CompletableFuture.delayedExecutor(950, MILLISECONDS)));
        }

        for (var request : requests) {
            var ended = awaitEnd(one, request);

            assertThat(other.spool.ended(request.jobId())).contains(ended);
            assertThat(ended.outcome() instanceof Outcome.Answered)
                    .as("%s", ended)
                    .isEqualTo(paidFor(request));
            assertThat(ended.outcome())
                    .isInstanceOfAny(
                            Outcome.Answered.class,
                            Outcome.Cancelled.class,
                            Outcome.TimedOut.class);
        }
        cancels.forEach(CompletableFuture::join);
    }

    @Test
    void cancelledAfterItsEndItIsLeftAsItIs() throws Exception {
        var request = submit(server, consult(null));
        var ended = awaitEnd(server, request);

        server.jobs.cancel(request);

        assertThat(awaitEnd(server, request)).isEqualTo(ended);
        assertThat(awaitEnd(server(1), request)).isEqualTo(ended);
        assertThat(server.spool.directory(request.jobId()))
                .isDirectoryNotContaining("glob:**/cancelled");
    }

    @Test
    void oneThatAnotherServerStartedIsAdopted() throws Exception {
        fake.shut();
        var request = server.request(repository, "Why?");
        var other = server(1);
        var started = other.dispatch.submit(request, true, () -> {}).started();

        fake.open();
        var ended = awaitEnd(server, request);

        assertThat(started).hasSize(1);
        assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(fake.sessions()).hasSize(1);
    }

    @Test
    void oneThatADeadServerLeftInTheQueueIsStartedByWhoWaits() throws Exception {
        var request = server.request(repository, "Why?");
        server(1).spool.accept(request, () -> {});

        var ended = awaitEnd(server, request);

        assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void theCostOfAResumedSessionIsTheDifference() throws Exception {
        fake.set("FAKE_CLAUDE_COST=0.25");
        var first = submit(server, consult(null));
        awaitEnd(server, first);

        fake.set("FAKE_CLAUDE_COST=0.40");
        var second = awaitEnd(server, submit(server, consult(first.sessionId())));
        fake.set("FAKE_CLAUDE_COST=1.00");
        var third = awaitEnd(server(1), submit(server(1), consult(first.sessionId())));

        assertThat(second.consultCostUsd()).isCloseTo(0.15, within(1e-9));
        assertThat(third.consultCostUsd()).isCloseTo(0.60, within(1e-9));
    }

    @Test
    void whatAConsultOfAnUnknownSessionHasCostIsNotKnown() throws Exception {
        fake.set("FAKE_CLAUDE_COST=0.40");

        var ended = awaitEnd(server, submit(server, consult(UUID.randomUUID())));

        assertThat(ended.consultCostUsd()).isNull();
        assertThat(((Outcome.Answered) ended.outcome()).answer().totalCostUsd()).isEqualTo(0.40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "null", "{}", "\u0000\u0000", "NaN", "Infinity"})
    void whereTheCostOfASessionIsDamagedItIsNotKnownAndNothingElseHappens(String left)
            throws Exception {
        fake.set("FAKE_CLAUDE_COST=0.40");
        var session = UUID.randomUUID();
        var file = folder.resolve("state/sessions/" + session);
        DurableFiles.createDirectories(file.getParent());
        Files.writeString(file, left);

        var other = awaitEnd(server, submit(server, consult(null)));
        var ended = awaitEnd(server, submit(server, consult(session)));

        assertThat(other.consultCostUsd()).isEqualTo(0.40);
        assertThat(ended.consultCostUsd()).isNull();
        assertThat(ended.outcome().totalCostUsd()).isEqualTo(0.40);
        assertThat(server.sessions.costOf(session)).hasValue(0.40);
    }

    /** A thousand refused calls would leave a thousand synced files. */
    @Test
    void onlyAnAcceptedConsultLeavesWhoBeganItsSession() throws Exception {
        fake.shut();
        var small =
                new WiredServer(
                                folder.resolve("state"),
                                fake.command(),
                                Map.of(
                                        "phone-opus.consult.max-concurrent", 1,
                                        "phone-opus.consult.queue-capacity", 1))
                        .start();
        var running = small.jobs.submit(annas("one"), JobMode.BACKGROUND, false).request();
        var waiting = small.jobs.submit(annas("two"), JobMode.BACKGROUND, false).request();

        var joined = small.jobs.submit(annas("two"), JobMode.BACKGROUND, false);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> small.jobs.submit(annas("three"), JobMode.BACKGROUND, false))
                    .isInstanceOf(JobQueue.QueueFullException.class);
        }

        assertThat(joined.joined()).isTrue();
        assertThat(folder.resolve("state/owners").toFile().list())
                .containsExactlyInAnyOrder(
                        running.session().toString(), waiting.session().toString());
        fake.open();
        awaitEnd(small, waiting);
    }

    private Consult annas(String prompt) {
        return Consults.of(prompt, folder, null, "anna");
    }

    @Test
    void aConsultWhoseCommandDeletedItsDirectoryIsFoundByAnyServer() throws Exception {
        var command = folder.resolve("deletes");
        Script.writeExecutable(
                command,
                """
                #!/bin/sh
                [ "$1" = --version ] || { sleep 0.5; rm -rf '%s'/*; }
                exec '%s' "$@"
                """
                        .formatted(folder.resolve("state/spool"), fake.command()));
        var deleted = new WiredServer(folder.resolve("state"), command, Map.of()).start();
        fake.set("FAKE_CLAUDE_ANSWER='Yes.'");

        var request = submit(deleted, consult(null));
        var ended = awaitEnd(deleted, request);
        deleted.awaitBooked();

        assertThat(answer(ended)).isEqualTo("Yes.");
        assertThat(deleted.jobs.find(request.jobId(), null).ended()).isEqualTo(ended);
        assertThat(server.jobs.find(request.jobId(), null).request()).isEqualTo(request);
        assertThat(server.jobs.find(request.jobId(), null).ended()).isEqualTo(ended);
    }

    @Test
    void withoutACommandNothingIsAccepted() throws Exception {
        var without =
                new WiredServer(
                        folder.resolve("state"), folder.resolve("no such command"), Map.of());

        assertThatThrownBy(() -> submit(without, consult(null)))
                .isInstanceOf(ClaudeNotFoundException.class)
                .hasMessageContaining(folder.resolve("no such command").toString());

        assertThat(without.spool.open()).isEmpty();
    }

    @Test
    void withoutAStateDirectoryItSaysSo() throws Exception {
        var file = Files.createFile(folder.resolve("file"));
        var without = new WiredServer(file, fake.command(), Map.of());

        assertThatThrownBy(() -> submit(without, consult(null)))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessageStartingWith("The state directory cannot be written (")
                .hasMessageContaining("Nothing was started.");
    }

    @Test
    void somebodyElsesIsNotFoundAndNotListed() throws Exception {
        var alices =
                server.jobs.submit(
                        Consults.of("Why?", repository, null, "alice"), JobMode.SYNC, false);
        var id = alices.request().jobId();
        awaitEnd(server, alices.request());

        var bobs =
                server.jobs.submit(
                        Consults.of("Why?", repository, null, "bob"), JobMode.SYNC, false);

        assertThat(bobs.joined()).isFalse();
        assertThat(server.jobs.find(id, "alice").id()).isEqualTo(id);
        assertThatThrownBy(() -> server.jobs.find(id, "bob"))
                .isInstanceOf(JobNotFoundException.class);
        assertThatThrownBy(() -> server.jobs.find(id, null))
                .isInstanceOf(JobNotFoundException.class);
        assertThat(server.lists.list(new JobFilter("alice", null, null, null, 10)).jobs())
                .extracting(Job::id)
                .containsExactly(id);
        assertThat(server.lists.list(new JobFilter("bob", null, null, null, 10)).jobs())
                .extracting(Job::id)
                .containsExactly(bobs.request().jobId());
        assertThat(server.lists.list(new JobFilter(null, null, null, null, 10)).jobs()).isEmpty();
    }

    @Test
    void somebodyElsesIsNotListedWhileItRunsOrWaitsForItsTurn() throws Exception {
        fake.shut();
        var ids = new ArrayList<JobId>();
        for (int i = 0; i < 2; i++) {
            ids.add(submit(server, Consults.of("Why?", repository, null, "alice")).jobId());
        }

        assertThat(server.lists.list(new JobFilter(null, null, null, null, 10)).jobs()).isEmpty();
        assertThat(server.lists.list(new JobFilter("bob", null, null, null, 10)).jobs()).isEmpty();
        assertThat(server.lists.list(new JobFilter("alice", null, null, null, 10)).jobs())
                .extracting(Job::id)
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aRunnerThatLeavesBeforeItHasSaidWhoItIsIsNotTriedAgain() throws Exception {
        var withoutTools =
                new WiredServer(
                                folder.resolve("state"),
                                fake.command(),
                                Map.of("phone-opus.claude.environment", "PATH=/nowhere"))
                        .start();

        var request = submit(withoutTools, consult(null));
        var ended = withoutTools.jobs.await(request, Duration.ofSeconds(10), () -> false, _ -> {});

        assertThat(ended)
                .hasValueSatisfying(
                        end -> assertThat(end.outcome()).isInstanceOf(Outcome.NotStarted.class));
        assertThat(withoutTools.dispatch.round()).isEmpty();
        assertThat(fake.started()).isZero();
    }

    @Test
    void oneWhoseOutcomeIsUnreadableEndsAllTheSame() throws Exception {
        var request = server.request(repository, "Why?");
        server.spool.accept(request, () -> {});
        Files.writeString(server.spool.directory(request.jobId()).resolve("outcome.json"), "{");

        assertThat(awaitEnd(server, request).outcome()).isInstanceOf(Outcome.Interrupted.class);
        assertThat(fake.started()).isZero();
    }

    @Test
    void aCommandThatIsTooOldIsNamedAndNothingIsStartedOrKept() throws Exception {
        var old = folder.resolve("old/claude");
        Script.writeExecutable(
                old,
                "#!/bin/sh\n[ \"$1\" = --version ] || exec touch '%s'\necho '1.0.60 (Claude Code)'\n"
                        .formatted(folder.resolve("asked")));
        var outdated = new WiredServer(folder.resolve("state"), old, Map.of()).start();

        assertThatThrownBy(() -> submit(outdated, consult(null)))
                .isInstanceOf(ClaudeTooOldException.class)
                .hasMessageContainingAll(
                        "Claude Code 1.0.60 (" + old + ")", "needs at least 2.1.111");
        assertThat(outdated.spool.lastChangedFirst()).isEmpty();
        assertThat(outdated.spool.open()).isEmpty();
        assertThat(folder.resolve("asked")).doesNotExist();
    }

    private static void cancel(WiredServer server, JobRequest request) {
        try {
            server.jobs.cancel(request);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether Claude has told its whole answer. */
    private boolean paidFor(JobRequest request) throws IOException {
        var events = server.spool.directory(request.jobId()).resolve("events.jsonl");
        return Files.readAllLines(events).stream()
                .anyMatch(line -> line.contains("\"subtype\":\"success\"") && line.endsWith("}"));
    }

    private boolean reading(String line) {
        return line.startsWith("turn 1: Read ");
    }

    @Test
    void aServerThatEndsRightAfterTheStartPromotesWhatItsCallerWasToWaitFor() throws Exception {
        fake.shut();
        var request = submit(server, consult(null));

        server.jobs.promoteAllThatAreWaitedFor();
        fake.open();

        assertThat(server.spool.marked(request.jobId(), JobMarker.PROMOTED)).isTrue();
        assertThat(answer(awaitEnd(server, request))).isNotBlank();
    }

    @Test
    void onePromotedAfterItsEndIsInTheListAlsoWhereItsServerDiesThen() throws Exception {
        var request = submit(server, consult(null));
        awaitEnd(server, request);
        server.awaitBooked();
        server.stop();

        server.jobs.promote(request);
        var next = server(1);
        next.supervisor.makeTheRound();

        var background = new JobFilter(null, null, JobMode.BACKGROUND, null, 10);
        await().atMost(WiredServer.LONG)
                .untilAsserted(() ->
                        assertThat(next.booked(background, 10)).containsExactly(request.jobId()));
    }

    @Test
    void aServerThatEndsTakesNothingMore() throws Exception {
        server.jobs.promoteAllThatAreWaitedFor();

        assertThatThrownBy(() -> submit(server, consult(null)))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessageContaining("shutting down");
        assertThat(server.spool.lastChangedFirst()).isEmpty();
    }

    private WiredServer server(int maxConcurrent) {
        return new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Map.of("phone-opus.consult.max-concurrent", maxConcurrent))
                .start();
    }

    private Consult consult(UUID session) {
        return Consults.of("Why?", repository, session, null);
    }

    /** Not joined to the one before, although the question is the same. */
    private static JobRequest submit(WiredServer server, Consult consult)
            throws InterruptedException {
        return server.jobs.submit(consult, JobMode.SYNC, true).request();
    }

    private static Completion awaitEnd(WiredServer server, JobRequest request)
            throws InterruptedException {
        return server.jobs.await(request, null, () -> false, _ -> {}).orElseThrow();
    }

    private static String answer(Completion ended) {
        return ((Outcome.Answered) ended.outcome()).answer().response();
    }
}
