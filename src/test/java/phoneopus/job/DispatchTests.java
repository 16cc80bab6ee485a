package phoneopus.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.disk.Recording;
import phoneopus.files.DurableFiles;
import phoneopus.job.JobQueue.QueueFullException;
import phoneopus.job.JobQueue.TooManyRequestsException;
import phoneopus.run.Outcome;
import phoneopus.spool.Job;
import phoneopus.spool.JobFiles;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

@Timeout(90)
class DispatchTests {

    @TempDir Path temporary;
    Path folder;
    Path repository;
    FakeClaude fake;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        fake = new FakeClaude(folder.resolve("fake"));
    }

    @AfterEach
    void endAll() throws Exception {
        fake.open();
        server(9).endAll();
    }

    @Test
    void firstComeIsFirstServed() throws Exception {
        var server = server(1);
        fake.shut();
        var first = submit(server, 10);
        var fourth = submit(server, 40);
        var third = submit(server, 30);
        var second = submit(server, 20);

        fake.open();
        server.drain();

        assertThat(fake.sessions()).containsExactlyElementsOf(ids(first, second, third, fourth));
    }

    @Test
    void noMoreThanTheSettingsSayRunAtOnce() throws Exception {
        var server = server(2);
        fake.shut();
        for (int i = 0; i < 5; i++) {
            submit(server, i);
        }

        var more = server.dispatch.round();
        await().atMost(WiredServer.LONG).until(() -> fake.started() == 2);
        fake.open();
        server.drain();

        assertThat(more).isEmpty();
        assertThat(fake.sessions()).hasSize(5);
        assertThat(fake.mostAtOnce()).isLessThanOrEqualTo(2);
    }

    @Test
    void twoOfOneSessionNeverRunAtOnceAndOthersPass() throws Exception {
        var server = server(4);
        var session = UUID.randomUUID();
        fake.shut();
        var first = start(server, server.request(repository, "one", session));
        var second = start(server, server.request(repository, "two", session));
        var other = start(server, server.request(repository, "three"));

        fake.open();
        server.drain();

        assertThat(first).hasSize(1);
        assertThat(second).isEmpty();
        assertThat(other).hasSize(1).noneMatch(one -> one.request().resumed());
        assertThat(fake.sessions()).hasSize(3);
        assertThat(fake.sessions().getLast()).isEqualTo(session.toString());
    }

    @Test
    void aQueuedJobSaysWhatItWaitsFor() throws Exception {
        var server = server(2);
        var session = UUID.randomUUID();
        fake.shut();
        var first = server.request(repository, "one", session);
        start(server, first);
        var resumed = server.request(repository, "two", session);
        start(server, resumed);
        var afterResumed = server.dispatch.waitsFor(resumed);
        var second = server.request(repository, "three");
        start(server, second);
        var third = server.request(repository, "four");
        start(server, third);
        var fourth = server.request(repository, "five");
        start(server, fourth);

        assertThat(afterResumed)
                .isEqualTo("queued until job=%s of the same session has ended", first.jobId());
        assertThat(server.dispatch.waitsFor(third))
                .isEqualTo("queued behind 1 other; 2 of 2 running");
        assertThat(server.dispatch.waitsFor(fourth))
                .isEqualTo("queued behind 2 others; 2 of 2 running");
        assertThat(server.jobs.doing(fourth)).isEqualTo("queued behind 2 others; 2 of 2 running");
        fake.open();
        server.drain();
        assertThat(fake.sessions()).hasSize(5);
    }

    @Test
    void theFirstOfTheQueueIsTheNext() throws Exception {
        var server = server(1);
        fake.shut();
        submit(server, 1);
        var second = submit(server, 2);

        assertThat(server.dispatch.waitsFor(second))
                .isEqualTo("queued as the next; 1 of 1 running");
        assertThat(server(2).dispatch.waitsFor(second)).isEqualTo("queued, about to start");
    }

    @Test
    void noLimitAtAllIsALimitToo() throws Exception {
        var server = server(Integer.MAX_VALUE, Integer.MAX_VALUE);
        var request = submit(server, 1);
        submit(server, 2);

        server.drain();

        assertThat(server.spool.ended(request.jobId()).orElseThrow().outcome())
                .isInstanceOf(Outcome.Answered.class);
        assertThat(fake.sessions()).hasSize(2);
    }

    @Test
    void moreThanMayWaitAreRefused() throws Exception {
        var server = server(1, 1);
        fake.shut();
        submit(server, 1);
        submit(server, 2);
        var third = server.request(repository, "three");

        assertThatThrownBy(() -> start(server, third))
                .isInstanceOf(QueueFullException.class)
                .hasMessageStartingWith("1 consults are already queued");

        assertThat(server.spool.open()).hasSize(2).doesNotContain(third.jobId());
        fake.open();
        server.drain();
        assertThat(start(server, third)).hasSize(1);
    }

    @Test
    void moreOfOneSessionThanMayWaitAreRefused() throws Exception {
        var server = server(4, 1);
        var session = UUID.randomUUID();
        fake.shut();
        start(server, server.request(repository, "one", session));
        start(server, server.request(repository, "two", session));
        var third = server.request(repository, "three", session);

        assertThatThrownBy(() -> start(server, third)).isInstanceOf(QueueFullException.class);

        assertThat(submit(server, 4)).isNotNull();
        assertThat(server.spool.open()).hasSize(3).doesNotContain(third.jobId());
    }

    @Test
    void aCallerGetsNoMoreThanItsShareHoweverManyServersItAsks() throws Exception {
        var server = server(1);
        fake.shut();
        for (int i = 0; i < 4; i++) {
            start(i % 2 == 0 ? server : server(1), requestOf("anna", server));
        }
        var fifth = requestOf("anna", server);

        assertThatThrownBy(() -> start(server, fifth))
                .isInstanceOf(TooManyRequestsException.class)
                .hasMessageStartingWith("You already have 4 consults queued or running");

        start(server, requestOf("ben", server));
        assertThat(server.spool.open()).hasSize(5).doesNotContain(fifth.jobId());
        fake.open();
        server.drain();
        assertThat(start(server, fifth)).hasSize(1);
    }

    @Test
    void whoHasNoNameHasNoShare() throws Exception {
        var server = server(1);
        fake.shut();

        for (int i = 0; i < 6; i++) {
            submit(server, i);
        }

        assertThat(server.spool.open()).hasSize(6);
    }

    @Test
    void withNoPlaceToWaitOneThatCanStartIsTaken() throws Exception {
        var server = server(1, 0);
        fake.shut();

        submit(server, 1);

        assertThat(server.spool.open()).hasSize(1);
        assertThatThrownBy(() -> submit(server, 2)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void oneThatLacksItsSessionIsReadFromItsCopy() throws Exception {
        var server = server(1);
        var request = requestAt(server, 1);
        server.spool.accept(request, () -> {});
        var file = server.spool.directory(request.jobId()).resolve("request.json");
        Files.writeString(file, Files.readString(file).replace("\"session_id\"", "\"sessionOid\""));

        server.drain();

        assertThat(server.spool.ended(request.jobId()).orElseThrow().outcome())
                .isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aDamagedRequestIsSetAside() throws Exception {
        var server = server(1);
        var damaged = requestAt(server, 1);
        server.spool.accept(damaged, () -> {});
        Files.writeString(server.spool.directory(damaged.jobId()).resolve("request.json"), "{");
        Files.writeString(folder.resolve("state/open/" + damaged.jobId()), "{");
        Files.createFile(folder.resolve("state/open/" + UUID.randomUUID()));

        var started = start(server, requestAt(server, 2));

        assertThat(started).hasSize(1);
        assertThat(server.spool.open()).containsExactly(started.getFirst().request().jobId());
        assertThat(folder.resolve("state/damaged/" + damaged.jobId() + "/request.json")).exists();
    }

    @Test
    void aDamagedRequestIsReadFromItsCopyOnTheOpenList() throws Exception {
        var server = server(1);
        var damaged = requestAt(server, 1);
        server.spool.accept(damaged, () -> {});
        Files.writeString(server.spool.directory(damaged.jobId()).resolve("request.json"), "{");

        var started = server.dispatch.round();

        assertThat(started).extracting(Dispatch.Started::request).containsExactly(damaged);
    }

    @Test
    void oneThatCannotBeStartedLeavesTheNextItsStart() throws Exception {
        var recording = new Recording(Files.createDirectory(folder.resolve("recorded")));
        var server =
                new WiredServer(recording.root().resolve("state"), fake.command(), Map.of())
                        .start();
        var first = requestAt(server, 1);
        var next = requestAt(server, 2);
        server.spool.accept(first, () -> {});
        server.spool.accept(next, () -> {});
        recording.refuse(operation ->
                operation.toString().contains(first.jobId().toString())
                        && operation.toString().contains("stdin"));

        var started = server.dispatch.round();
        recording.refuse(_ -> false);
        var later = server.dispatch.round();

        assertThat(started).extracting(Dispatch.Started::request).containsExactly(next);
        assertThat(later).extracting(Dispatch.Started::request).containsExactly(first);
        server.drain();
    }

    /** No path of any system holds a NUL: no round to come could start it. */
    @Test
    void oneThatNobodyCouldEverStartIsOver() throws Exception {
        var server = server(1);
        var impossible = requestAt(server, 1);
        server.spool.accept(impossible, () -> {});
        Path file = server.spool.directory(impossible.jobId()).resolve("request.json");
        Files.writeString(
                file, Files.readString(file).replace("\"" + repository + "\"", "\"/\\u0000\""));

        server.drain();

        assertThat(server.spool.open()).isEmpty();
        assertThat(server.spool.ended(impossible.jobId()).orElseThrow().outcome())
                .isEqualTo(
                        new Outcome.NotStarted(
                                "its directory contains a character that is invalid in paths"));
        assertThat(fake.sessions()).isEmpty();
    }

    /** Only what the original program ran is taken over, and that is over when it comes. */
    @Test
    void aMarkOfTheImportBesideAJobOfOursEndsNothing() throws Exception {
        var server = server(1);
        fake.shut();
        var running = requestAt(server, 1);
        var waiting = requestAt(server, 2);
        server.spool.accept(running, () -> {});
        server.spool.accept(waiting, () -> {});
        server.dispatch.round();
        DurableFiles.createDirectories(folder.resolve("state/imported"));
        for (JobRequest request : List.of(running, waiting)) {
            DurableFiles.write(folder.resolve("state/imported/" + request.jobId()), new byte[0]);
        }

        server.supervisor.makeTheRound();
        var open = server.spool.open();
        fake.open();
        server.drain();

        assertThat(open).containsExactlyInAnyOrder(running.jobId(), waiting.jobId());
        for (JobRequest request : List.of(running, waiting)) {
            assertThat(server.spool.ended(request.jobId()).orElseThrow().outcome())
                    .isInstanceOf(Outcome.Answered.class);
        }
    }

    /** Of a command, every word counts. */
    @Test
    void aRequestWithAWordMissingInItsCommandIsDamaged() throws Exception {
        var server = server(1);
        var damaged = requestAt(server, 1);
        server.spool.accept(damaged, () -> {});
        Path directory = server.spool.directory(damaged.jobId());
        for (Path file :
                List.of(
                        directory.resolve("request.json"),
                        folder.resolve("state/open/" + damaged.jobId()))) {
            Files.writeString(
                    file, Files.readString(file).replace("\"" + fake.command() + "\"", "null"));
        }

        server.drain();

        assertThat(server.spool.open()).isEmpty();
        assertThat(folder.resolve("state/damaged/" + damaged.jobId() + "/request.json")).exists();
    }

    @ParameterizedTest
    @CsvSource({"pid, folder", "pid, no text", "exit, folder", "exit, no text"})
    void aFileOfARunThatIsDamagedLeavesAllOthersListedStartedAndAccepted(String file, String damage)
            throws Exception {
        var server = server(1);
        var damaged = requestAt(server, 1);
        var waiting = requestAt(server, 2);
        server.spool.accept(damaged, () -> {});
        server.spool.accept(waiting, () -> {});
        var victim = server.spool.directory(damaged.jobId()).resolve(file);
        if (damage.equals("folder")) {
            Files.createDirectory(victim);
        } else {
            Files.write(victim, new byte[] {(byte) 0xff, (byte) 0xfe, '7'});
        }

        var listed = server.lists.list(new JobFilter(null, null, null, null, 10)).jobs();
        var accepted = submit(server, 3);
        server.drain();

        assertThat(listed).extracting(Job::id).contains(waiting.jobId());
        assertThat(fake.sessions()).containsSubsequence(ids(waiting, accepted));
        assertThat(server.jobs.find(damaged.jobId(), null).status().done()).isTrue();
    }

    @Test
    void aRunWhoseServerIsGoneIsSettled() throws Exception {
        var gone = server(1);
        var request = submit(gone, 1);
        await().atMost(WiredServer.LONG).until(() -> gone.run(request).over());

        var other = server(1);
        var started = other.dispatch.round();

        assertThat(started).isEmpty();
        other.awaitBooked();
        assertThat(other.spool.ended(request.jobId()).orElseThrow().outcome())
                .isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aQueuedOneOfADeadServerIsStartedByAnother() throws Exception {
        var dead = server(1);
        var request = requestAt(dead, 1);
        dead.spool.accept(request, () -> {});

        var started = server(1).dispatch.round();

        assertThat(started).extracting(Dispatch.Started::request).containsExactly(request);
        server(1).drain();
        assertThat(fake.sessions()).containsExactly(request.sessionId().toString());
    }

    @Test
    void whatHasStartedIsNotStartedAgain() throws Exception {
        var server = server(4);
        fake.shut();
        submit(server, 1);

        var again = server.dispatch.round();
        var byAnother = server(4).dispatch.round();

        assertThat(again).isEmpty();
        assertThat(byAnother).isEmpty();
    }

    /** HOME is where the login of a subscription lies. */
    @ParameterizedTest
    @ValueSource(strings = {"ANTHROPIC_API_KEY", "HOME", "CLAUDE_CONFIG_DIR", "HTTPS_PROXY"})
    void aConsultIsLeftToItsOwnServerWhereAnotherWouldChargeAnotherAccount(String variable)
            throws Exception {
        var own = withVariable(variable + "=/mine");
        var other = withVariable(variable + "=/theirs");
        var equal = withVariable(variable + "=/mine");
        var first = acceptedByTheParent(own, own.request(repository, "Why?"));
        acceptedByTheParent(own, own.request(repository, "And then?", first.sessionId()));

        var byOther = other.dispatch.round();
        var byEqual = equal.dispatch.round();
        equal.drain();

        assertThat(byOther).isEmpty();
        assertThat(byEqual).extracting(Dispatch.Started::request).containsExactly(first);
    }

    @Test
    void aLaterOneOfASessionWaitsForTheEarlierThatIsLeftToAnotherServer() throws Exception {
        var theirs = withVariable("HOME=/theirs");
        var mine = withVariable("HOME=/mine");
        var session = UUID.randomUUID();
        var first = acceptedByTheParent(theirs, theirs.request(repository, "Why?", session));
        var later = mine.request(repository, "And then?", session);
        mine.spool.accept(later, () -> {});

        var byMine = mine.dispatch.round();
        var byTheirs = theirs.dispatch.round();

        assertThat(byMine).isEmpty();
        assertThat(byTheirs).extracting(Dispatch.Started::request).containsExactly(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "environment"})
    void oneThatLacksAPartOfWhoAcceptedItLeavesTheNextItsStart(String part) throws Exception {
        var server = server(2);
        var damaged = requestAt(server, 1);
        var next = requestAt(server, 2);
        server.spool.accept(damaged, () -> {});
        server.spool.accept(next, () -> {});
        for (var file :
                List.of(
                        server.spool.directory(damaged.jobId()).resolve("request.json"),
                        folder.resolve("state/open/" + damaged.jobId()))) {
            Files.writeString(
                    file, Files.readString(file).replace("\"" + part + "\":", "\"lacks\":"));
        }

        server.drain();

        assertThat(fake.sessions()).containsExactlyElementsOf(ids(next));
        assertThat(server.spool.isSetAside(damaged.jobId())).isTrue();
    }

    /** As another server that lives has accepted it, with the environment of that one. */
    private JobRequest acceptedByTheParent(WiredServer server, JobRequest request)
            throws IOException {
        var here = server.claude.starter();
        var text =
                new String(JobFiles.bytes(request), StandardCharsets.UTF_8)
                        .replace(here.process(), LivingProcess.parent(here));
        var file = Files.writeString(folder.resolve("request"), text);
        var accepted = JobFiles.request(file, request.jobId()).orElseThrow();
        server.spool.accept(accepted, () -> {});
        return accepted;
    }

    private WiredServer withVariable(String variable) {
        return new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Map.of("phone-opus.claude.environment", variable))
                .start();
    }

    @Test
    void twoServersStartEachOnceAndNoMoreAtOnceThanTheSettingsSay() throws Exception {
        fake.set("FAKE_CLAUDE_DELAY=0.1");
        var servers = List.of(server(3), server(3));
        var wanted = accept(servers.getFirst(), 12);

        var drains =
                servers.stream().map(server -> CompletableFuture.runAsync(server::drain)).toList();
        for (var drain : drains) {
            drain.get(60, SECONDS);
        }

        assertThat(fake.sessions()).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(fake.mostAtOnce()).isLessThanOrEqualTo(3);
    }

    @Test
    void twoProcessesStartEachOnceAndNoMoreAtOnceThanTheSettingsSay() throws Exception {
        fake.set("FAKE_CLAUDE_DELAY=0.2").shut();
        var server = server(2);
        var wanted = accept(server, 10);
        var ready = folder.resolve("ready");
        var output = folder.resolve("output");
        var other =
                OtherJvm.start(
                        output,
                        "dispatch",
                        folder.resolve("state").toString(),
                        fake.command().toString(),
                        "2",
                        ready.toString());
        try {
            await().atMost(WiredServer.LONG).until(() -> Files.exists(ready));
            fake.open();
            server.drain();

            assertThat(other.waitFor(30, SECONDS)).isTrue();
            assertThat(other.exitValue()).as(Files.readString(output)).isZero();
            assertThat(fake.sessions()).containsExactlyInAnyOrderElementsOf(wanted);
            assertThat(fake.mostAtOnce()).isLessThanOrEqualTo(2);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private WiredServer server(int maxConcurrent) {
        return server(maxConcurrent, 100);
    }

    private WiredServer server(int maxConcurrent, int queueCapacity) {
        return new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Map.of(
                                "phone-opus.consult.max-concurrent",
                                maxConcurrent,
                                "phone-opus.consult.queue-capacity",
                                queueCapacity))
                .start();
    }

    /** Of a new session, created so many milliseconds after a fixed time. */
    private JobRequest requestAt(WiredServer server, long ms) throws IOException {
        var clock = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L + ms), ZoneOffset.UTC);
        return new WiredServer(folder.resolve("state"), fake.command(), clock, Map.of())
                .request(repository, "Why?");
    }

    private JobRequest requestOf(String principal, WiredServer server) throws IOException {
        return server.requests.freeze(
                Consults.of("Why?", repository, null, principal), JobMode.BACKGROUND);
    }

    private static List<Dispatch.Started> start(WiredServer server, JobRequest request)
            throws IOException, InterruptedException {
        return server.dispatch.submit(request, true, () -> {}).started();
    }

    private JobRequest submit(WiredServer server, long ms)
            throws IOException, InterruptedException {
        var request = requestAt(server, ms);
        start(server, request);
        return request;
    }

    private List<String> accept(WiredServer server, int many) throws IOException {
        var sessions = new ArrayList<String>();
        for (int i = 0; i < many; i++) {
            var request = requestAt(server, i);
            server.spool.accept(request, () -> {});
            sessions.add(request.sessionId().toString());
        }
        return sessions;
    }

    private static List<String> ids(JobRequest... requests) {
        return List.of(requests).stream().map(request -> request.sessionId().toString()).toList();
    }
}
