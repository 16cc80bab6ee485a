package phoneopus.index;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.util.FileSystemUtils;
import phoneopus.disk.Operation;
import phoneopus.disk.Recording;
import phoneopus.job.FakeClaude;
import phoneopus.job.JobList;
import phoneopus.job.OtherJvm;
import phoneopus.job.WiredServer;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;

/** The books while their holder is killed, the disk is full, or another server writes them too. */
@Timeout(90)
class JobIndexDurabilityTests {

    private static final JobFilter ALL = new JobFilter(null, null, null, null, 100);

    @TempDir Path temporary;
    Path folder;
    FakeClaude fake;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        fake = new FakeClaude(folder.resolve("fake"));
    }

    @AfterEach
    void endAll() throws Exception {
        fake.open();
        server().endAll();
    }

    @Test
    void whatIsAcknowledgedOutlivesTheKillOfItsHolder() throws Exception {
        var server = server().start();
        server.booked(ALL, 1);
        server.stop();
        var request = server.over(folder, 7, WiredServer.answered());

        var other = other("commit", request.jobId().toString());
        assertThat(other.waitFor(60, SECONDS)).isTrue();
        assertThat(other.exitValue()).as(Files.readString(folder.resolve("output"))).isEqualTo(137);

        // So that it cannot be made from there again.
        FileSystemUtils.deleteRecursively(server.spool.directory(request.jobId()));
        server.spool.close(request.jobId());
        assertThat(server().start().booked(ALL, 1)).containsExactly(request.jobId());
    }

    @Test
    void aWriteThatFailedOnceIsMadeAgainByTheSameServer() throws Exception {
        var recording = new Recording(Files.createDirectory(folder.resolve("recorded")));
        var full = new AtomicBoolean();
        recording.refuse(operation ->
                operation instanceof Operation.Rename(Path _, Path to)
                        && to.endsWith("books.last")
                        && full.getAndSet(false));
        var server =
                new WiredServer(recording.root().resolve("state"), fake.command(), Map.of())
                        .start();
        try {
            server.booked(ALL, 1);
            var request = server.over(folder, 7, WiredServer.answered());
            full.set(true);

            server.index.write(request.jobId());

            await().atMost(WiredServer.LONG).until(() -> server.spool.open().isEmpty());
            assertThat(full).isFalse();
        } finally {
            server.endAll();
        }
    }

    @Test
    void afterAFailureTheyAreOpenedAnewAlsoWithNothingToWrite() throws Exception {
        var server = server().start();
        server.booked(ALL, 1);

        server.index.reopen(new IllegalStateException("no answer"));

        await().atMost(WiredServer.LONG).until(server.index::open);
    }

    @Test
    void aFillingThatFailedHalfWayIsRepeated() throws Exception {
        var server = server();
        var request = server.over(folder, 7, WiredServer.answered());
        assertThatThrownBy(() ->
                        server.opening.open(_ -> {
                            throw new IOException("No space left on device");
                        }))
                .hasMessageContaining("No space");

        var filled = new ArrayList<JobId>();
        server.opening.open(filled::addAll);
        server.opening.open(filled::addAll);

        assertThat(filled).containsExactly(request.jobId());
    }

    @Test
    void whatTheyAreFilledWithLeavesTheOpenListOnlyOnceItIsSettled() throws Exception {
        var server = server();
        var request = server.over(folder, 7, costing(0.25));
        server.start().booked(ALL, 1);

        var open = server.spool.open();
        server.supervisor.makeTheRound();
        server.awaitBooked();

        assertThat(open).containsExactly(request.jobId());
        assertThat(server.sessions.costOf(request.session())).hasValue(0.25);
    }

    private static Outcome costing(double usd) {
        return new Outcome.Answered(
                new Answer(
                        "Yes.", null, null, null, null, null, null, usd, null, null, null, null,
                        null));
    }

    @Test
    void anEndThatAnotherServerBooksMeanwhileStays() throws Exception {
        var meanwhile = new AtomicReference<Callable<Void>>();
        var server =
                new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Clock.systemUTC(),
                        Map.of(),
                        table -> before("findById", meanwhile, table));
        server.start().booked(ALL, 1);
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});
        server.indexer.enter(request.jobId());
        var other = server().start();
        other.booked(ALL, 1);

        meanwhile.set(() -> {
            other.spool.end(
                    request.jobId(),
                    new Completion(Instant.ofEpochMilli(7), null, WiredServer.answered()));
            other.indexer.enter(request.jobId());
            return null;
        });
        server.indexer.enter(request.jobId());

        assertThat(meanwhile).hasNullValue();
        assertThat(server.repository.findAll())
                .extracting(JobRow::status)
                .containsExactly("succeeded");
    }

    @Test
    void aListRightAfterTheirHolderWasKilledHasNoError() throws Exception {
        fake.shut();
        var job = folder.resolve("job");
        var other = other("submit", folder.toString(), job.toString());
        try {
            await().atMost(WiredServer.LONG)
                    .until(() -> Files.exists(job) && Files.readString(job).endsWith("\n"));
            var id = JobId.parse(Files.readString(job).strip()).orElseThrow();
            var server = server().start();
            server.booked(ALL, 1);

            other.destroyForcibly().waitFor();

            assertThat(server.lists.list(ALL).jobs()).extracting(Job::id).containsExactly(id);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aListThatMeetsTheEndOfTheirHolderIsAskedAgain() throws Exception {
        var meanwhile = new AtomicReference<Callable<Void>>();
        var server =
                new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Clock.systemUTC(),
                        Map.of(),
                        table -> before("newest", meanwhile, table));
        server.start().booked(ALL, 1);
        meanwhile.set(() -> {
            throw new DataAccessResourceFailureException(
                    "the holder is gone",
                    new SQLException("broken", "90067", ErrorCode.CONNECTION_BROKEN_1));
        });

        assertThat(server.lists.list(ALL).source()).isEqualTo(JobList.Source.INDEX);
        assertThat(meanwhile).hasNullValue();
    }

    /** Does something else once, before the call of that name. */
    private static JobRepository before(
            String name, AtomicReference<Callable<Void>> meanwhile, JobRepository table) {
        return (JobRepository)
                Proxy.newProxyInstance(
                        JobRepository.class.getClassLoader(),
                        new Class<?>[] {JobRepository.class},
                        (_, method, arguments) -> {
                            var work =
                                    method.getName().equals(name)
                                            ? meanwhile.getAndSet(null)
                                            : null;
                            if (work != null) {
                                work.call();
                            }
                            try {
                                return method.invoke(table, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private WiredServer server() {
        return new WiredServer(folder.resolve("state"), fake.command(), Map.of());
    }

    private Process other(String word, String... more) {
        var words =
                new ArrayList<>(
                        List.of(
                                word,
                                folder.resolve("state").toString(),
                                fake.command().toString()));
        words.addAll(List.of(more));
        return OtherJvm.start(folder.resolve("output"), words.toArray(String[]::new));
    }
}
