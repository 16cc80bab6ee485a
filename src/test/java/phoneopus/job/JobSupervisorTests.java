package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.claude.Consult;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobStatus;

@Timeout(90)
class JobSupervisorTests {

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
    void aJobOfALivingServerIsLeftToItAndTakenOverWhenThatIsKilled() throws Exception {
        fake.shut();
        var noted = folder.resolve("job");
        var other =
                OtherJvm.start(
                        folder.resolve("output"),
                        "submit",
                        folder.resolve("state").toString(),
                        fake.command().toString(),
                        folder.toString(),
                        noted.toString());
        try {
            await().atMost(WiredServer.LONG)
                    .until(() -> Files.exists(noted) && Files.readString(noted).endsWith("\n"));
            var id = JobId.parse(Files.readString(noted).strip()).orElseThrow();
            var request = server.spool.request(id).orElseThrow();

            server.supervisor.makeTheRound();
            assertThat(server.locks.holds(id)).isFalse();
            assertThat(openLocksOf(id)).isEmpty();
            assertThat(server.jobs.find(id, null).mode()).isEqualTo(JobMode.SYNC);
            other.destroyForcibly().waitFor();
            server.supervisor.makeTheRound();

            assertThat(server.locks.holds(id)).isTrue();
            assertThat(server.jobs.find(id, null).mode()).isEqualTo(JobMode.BACKGROUND);
            assertThat(server.supervisor.watched(id)).isPresent();
            fake.open();
            var ended = server.jobs.await(request, null, () -> false, _ -> {}).orElseThrow();
            assertThat(ended.outcome()).isInstanceOf(Outcome.Answered.class);
            await().atMost(WiredServer.LONG).until(() -> !server.locks.holds(id));
            assertThat(fake.sessions()).hasSize(1);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void anAnswerWhoseServerWasGoneBeforeIsInTheListOfBackgroundJobs() throws Exception {
        var request = server.requests.freeze(consult(), JobMode.SYNC);
        server.spool.accept(request, () -> {});
        var run = server.dispatch.round().getFirst().run();
        await().atMost(WiredServer.LONG).until(run::over);

        var listed =
                server.lists.list(new JobFilter(null, null, JobMode.BACKGROUND, null, 10)).jobs();

        assertThat(listed).extracting(Job::id).containsExactly(request.jobId());
    }

    @Test
    void anAnswerOfALivingServerStaysWithItsCaller() throws Exception {
        var request = server.requests.freeze(consult(), JobMode.SYNC);
        server.spool.accept(request, () -> server.locks.take(request.jobId()));
        var run = server.dispatch.round().getFirst().run();
        await().atMost(WiredServer.LONG).until(run::over);

        server().jobs.find(request.jobId(), null);
        server.jobs.find(request.jobId(), null);

        assertThat(server.spool.marked(request.jobId(), JobMarker.PROMOTED)).isFalse();
    }

    @Test
    void oneThatItsServerEndsWhileAnotherWantsItIsNotTakenOver() throws Exception {
        var its = server();
        var request = its.requests.freeze(consult(), JobMode.SYNC);
        var id = request.jobId();
        its.spool.accept(request, () -> its.locks.take(id));
        var round = Thread.ofPlatform().unstarted(server.supervisor::makeTheRound);

        // It has seen no outcome when it asks for the lock.
        synchronized (server.locks) {
            round.start();
            await().atMost(WiredServer.LONG)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> round.getState() == Thread.State.BLOCKED);
            its.spool.end(
                    id, new Completion(Instant.ofEpochMilli(1), 0.25, WiredServer.answered()));
            its.locks.release(id);
        }
        round.join();

        assertThat(server.spool.marked(id, JobMarker.PROMOTED)).isFalse();
        assertThat(server.locks.holds(id)).isFalse();
        assertThat(server.jobs.find(id, null).mode()).isEqualTo(JobMode.SYNC);
    }

    @Test
    void aBackgroundJobThatIsTakenOverIsNotMarked() throws Exception {
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});

        server.supervisor.makeTheRound();

        assertThat(server.spool.marked(request.jobId(), JobMarker.PROMOTED)).isFalse();
        assertThat(server.locks.holds(request.jobId())).isTrue();
    }

    @Test
    void aQueuedOneWhoseServerIsGoneIsStartedAndSeenToItsEnd() throws Exception {
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});

        server.supervisor.makeTheRound();
        server.awaitBooked();

        assertThat(server.jobs.find(request.jobId(), null).status()).isEqualTo(JobStatus.SUCCEEDED);
        await().atMost(WiredServer.LONG).until(() -> !server.locks.holds(request.jobId()));
    }

    @Test
    void ofTwoServersOneTakesCare() throws Exception {
        fake.shut();
        var other = server();
        var request = server.jobs.submit(consult(), JobMode.SYNC, true).request();

        other.supervisor.makeTheRound();
        server.supervisor.makeTheRound();

        assertThat(server.locks.holds(request.jobId())).isTrue();
        assertThat(other.locks.holds(request.jobId())).isFalse();
        assertThat(other.locks.take(request.jobId())).isFalse();
    }

    @Test
    void aLockThatWasGivenBackCanBeTaken() throws Exception {
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});
        var other = server();

        assertThat(server.locks.take(request.jobId())).isTrue();
        assertThat(server.locks.take(request.jobId())).isTrue();
        assertThat(other.locks.take(request.jobId())).isFalse();
        server.locks.release(request.jobId());
        server.locks.release(request.jobId());

        assertThat(other.locks.take(request.jobId())).isTrue();
        assertThat(other.locks.holds(request.jobId())).isTrue();
    }

    @Test
    void nobodyTakesCareOfWhatWasNotAccepted() throws Exception {
        // Linux takes a path of 4,095 bytes: its lease has room in there, and its request has not.
        var state = folder;
        while (state.toString().length() < 4_002) {
            int left = 4_010 - state.toString().length() - 1;
            state = state.resolve("s".repeat(Math.min(200, left)));
        }
        var narrow = new WiredServer(state, fake.command(), Map.of());
        var request = narrow.request(folder, "Why?");

        assertThatThrownBy(() -> narrow.supervisor.submit(request, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("request.json");

        assertThat(narrow.locks.holds(request.jobId())).isFalse();
        assertThat(narrow.spool.open()).isEmpty();
        assertThat(narrow.spool.lastChangedFirst()).isEmpty();
    }

    @Test
    void damagedDirectoriesKeepNobodyFromBeingTakenOver() throws Exception {
        for (int i = 0; i < 5; i++) {
            Files.createDirectories(folder.resolve("state/open"));
            Files.createFile(folder.resolve("state/open/" + UUID.randomUUID()));
            var damaged = server.request(folder, "one");
            server.spool.accept(damaged, () -> {});
            Files.writeString(server.spool.directory(damaged.jobId()).resolve("request.json"), "{");
            Files.writeString(folder.resolve("state/open/" + damaged.jobId()), "{");
            var unreadable = server.request(folder, "two");
            server.spool.accept(unreadable, () -> {});
            Files.writeString(
                    server.spool.directory(unreadable.jobId()).resolve("outcome.json"), "{");
        }
        var request = server.request(folder, "three");
        server.spool.accept(request, () -> {});

        server.supervisor.makeTheRound();

        assertThat(server.locks.holds(request.jobId())).isTrue();
        await().atMost(WiredServer.LONG)
                .until(() -> server.spool.ended(request.jobId()).isPresent());
        assertThat(server.lists.list(new JobFilter(null, null, null, null, 50)).jobs())
                .hasSize(6)
                .extracting(Job::id)
                .contains(request.jobId());
        assertThat(folder.resolve("state/damaged").toFile().list()).hasSize(5);
    }

    /** One that stays open at every look would be one more every three seconds. */
    private static List<Path> openLocksOf(JobId id) throws IOException {
        var open = new ArrayList<Path>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException _) {
                    // Closed by now.
                }
            }
        }
        open.removeIf(file -> !file.endsWith(Path.of(id.toString(), "caretaker")));
        return open;
    }

    private WiredServer server() {
        return new WiredServer(folder.resolve("state"), fake.command(), Map.of()).start();
    }

    private Consult consult() {
        return Consults.of("Why?", folder);
    }
}
