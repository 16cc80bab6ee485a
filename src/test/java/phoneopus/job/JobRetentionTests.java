package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobRequest;

@Timeout(60)
class JobRetentionTests {

    @TempDir Path temporary;
    Path folder;
    HandMovedClock clock = new HandMovedClock();
    WiredServer server;

    @BeforeEach
    void makeServer() throws Exception {
        folder = temporary.toRealPath();
        Files.writeString(folder.resolve("claude"), "#!/bin/sh\n").toFile().setExecutable(true);
        server = server(Map.of("phone-opus.jobs.keep", "10d", "phone-opus.jobs.keep-at-least", 0));
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @Test
    void whatEndedBeforeTheKeepTimeIsDroppedWithEverything() throws Exception {
        var old = over(Duration.ofDays(11));
        var young = over(Duration.ofDays(9));

        drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(young.jobId());
        assertThat(server.spool.trash()).isEmpty();
        assertThat(server.repository.findById(old.jobId().value())).isEmpty();
        assertThat(server.repository.findById(young.jobId().value())).isPresent();
    }

    @Test
    void theNewestAreKeptHoweverOldTheyAre() throws Exception {
        server.stop();
        server = server(Map.of("phone-opus.jobs.keep", "10d", "phone-opus.jobs.keep-at-least", 2));
        over(Duration.ofDays(40));
        var second = over(Duration.ofDays(20));
        var first = over(Duration.ofDays(15));

        drop();

        assertThat(server.spool.lastChangedFirst())
                .containsExactlyInAnyOrder(first.jobId(), second.jobId());
    }

    @Test
    void oneOfTheOpenListIsNeverDropped() throws Exception {
        var old = over(Duration.ofDays(11));
        Files.createFile(folder.resolve("state/open/" + old.jobId()));

        drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(old.jobId());
        assertThat(server.repository.findById(old.jobId().value())).isPresent();
    }

    @Test
    void oneThatRunsIsNeverDropped() throws Exception {
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});
        server.index.write(request.jobId());
        await().atMost(WiredServer.LONG)
                .until(() -> server.repository.existsById(request.jobId().value()));
        clock.move(Duration.ofDays(100));

        drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(request.jobId());
        assertThat(server.repository.existsById(request.jobId().value())).isTrue();
    }

    @Test
    void aDropThatWasCutShortIsFinished() throws Exception {
        var old = over(Duration.ofDays(1));
        server.spool.discard(old.jobId());

        var listed = server.lists.list(new JobFilter(null, null, null, null, 10)).jobs();
        drop();

        assertThat(listed).isEmpty();
        assertThat(server.spool.trash()).isEmpty();
        assertThat(server.repository.existsById(old.jobId().value())).isFalse();
    }

    @Test
    void hintsAreForgottenWithTheJobs() throws Exception {
        var session = UUID.randomUUID();
        server.sessions.rememberCost(session, 0.25);
        server.sessions.rememberCost(UUID.randomUUID(), 0.25);
        Files.setLastModifiedTime(
                folder.resolve("state/sessions/" + session),
                FileTime.fromMillis(clock.millis() - Duration.ofDays(11).toMillis()));

        drop();

        assertThat(server.sessions.costOf(session)).isEmpty();
        assertThat(folder.resolve("state/sessions")).isDirectoryContaining("glob:**");
    }

    @Test
    void whatAKilledServerHadHalfWrittenIsSwept() throws Exception {
        var job = over(Duration.ofDays(1));
        var name = "." + job.jobId() + "." + UUID.randomUUID();
        for (String place : List.of("", "open", "same", "sessions", "owners", "imported")) {
            var left = server.spool.file(place).resolve(name);
            Files.createDirectories(left.getParent());
            Files.setLastModifiedTime(
                    Files.createFile(left),
                    FileTime.fromMillis(clock.millis() - Duration.ofHours(2).toMillis()));
        }
        var young = folder.resolve("state/open/." + job.jobId() + "." + UUID.randomUUID());
        Files.setLastModifiedTime(Files.createFile(young), FileTime.fromMillis(clock.millis()));

        server.retention.drop();

        try (var files = Files.walk(folder.resolve("state"))) {
            assertThat(files).noneMatch(file -> file.endsWith(name));
        }
        assertThat(young).exists();
        assertThat(server.spool.lastChangedFirst()).containsExactly(job.jobId());
    }

    @Test
    void aClockThatJumpedAheadForAWhileDropsNothing() throws Exception {
        var young = over(Duration.ofDays(1));
        drop();

        clock.move(Duration.ofDays(40));
        server.retention.drop();
        clock.move(Duration.ofHours(23));
        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(young.jobId());

        clock.move(Duration.ofDays(-41));
        server.retention.drop();
        clock.move(Duration.ofDays(2));
        server.retention.drop();
        clock.move(Duration.ofDays(1));
        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(young.jobId());
    }

    @Test
    void aClockThatIsADayAheadOfItsLastLookIsBelieved() throws Exception {
        over(Duration.ofDays(1));
        drop();

        clock.move(Duration.ofDays(40));
        server.retention.drop();
        clock.move(Duration.ofDays(1));
        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).isEmpty();
    }

    @Test
    void aClockThatWasAheadForDaysDropsNothingMoreOnceItIsPutRight() throws Exception {
        clock.move(Duration.ofDays(40));
        drop();
        clock.move(Duration.ofDays(-41));
        var young = over(Duration.ofDays(1));

        server.retention.drop();
        clock.move(Duration.ofDays(2));
        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(young.jobId());
    }

    @Test
    void whoKeepsForAnHourDoesNotWaitForADay() throws Exception {
        server.stop();
        server = server(Map.of("phone-opus.jobs.keep", "1h", "phone-opus.jobs.keep-at-least", 0));
        over(Duration.ofHours(2));

        server.retention.drop();
        clock.move(Duration.ofHours(1));
        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).isEmpty();
    }

    @Test
    void looksThatCannotBeReadAreBegunAnew() throws Exception {
        var old = over(Duration.ofDays(40));
        drop();
        Files.writeString(folder.resolve("state/retention.json"), "{}");
        var late = over(Duration.ofDays(40));

        server.retention.drop();

        assertThat(server.spool.lastChangedFirst()).containsExactly(late.jobId());
        drop();
        assertThat(server.spool.lastChangedFirst()).isEmpty();
        assertThat(old).isNotNull();
    }

    /** Twice, with a day between: before that the clock is not believed. */
    private void drop() {
        server.retention.drop();
        clock.move(Duration.ofDays(1));
        server.retention.drop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"owners", "same", "sessions"})
    void hintsAreKeptForTheKeepTime(String hints) throws Exception {
        var young = hint(hints, "young", Duration.ofDays(10).minusMinutes(1));
        var old = hint(hints, "old", Duration.ofDays(10).plusMinutes(1));

        drop();

        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void aDropWhoseRowCannotBeDeletedKeepsItsFilesForTheNext() throws Exception {
        var old = over(Duration.ofDays(11));
        var trash = folder.resolve("state/trash/" + old.jobId());
        sql("create table guard (job_id uuid references job (job_id))");
        sql("insert into guard values ('%s')".formatted(old.jobId()));

        server.retention.drop();
        clock.move(Duration.ofDays(1));
        var drop = Thread.ofPlatform().start(server.retention::drop);
        await().atMost(WiredServer.LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() ->
                        server.spool.lastChangedFirst().isEmpty()
                                && drop.getState() == Thread.State.TIMED_WAITING);
        drop.interrupt();
        drop.join();
        var kept = Files.exists(trash.resolve("outcome.json"));
        sql("drop table guard");
        server.retention.drop();

        assertThat(kept).isTrue();
        assertThat(trash).doesNotExist();
        assertThat(server.repository.existsById(old.jobId().value())).isFalse();
    }

    private void sql(String statement) throws SQLException {
        try (var connection = server.connections.getConnection();
                var one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private Path hint(String folderOfHints, String name, Duration age) throws IOException {
        var file = server.state.folder(folderOfHints).resolve(name);
        Files.writeString(file, "0.25");
        return Files.setLastModifiedTime(
                file, FileTime.fromMillis(clock.millis() - age.toMillis()));
    }

    /** With open books: what is written while they are filled is written twice. */
    private WiredServer server(Map<String, ?> settings) throws InterruptedException {
        var started =
                new WiredServer(folder.resolve("state"), folder.resolve("claude"), clock, settings)
                        .start();
        started.booked(new JobFilter(null, null, null, null, 1), 1);
        return started;
    }

    /** In the books, and ended so long ago. */
    private JobRequest over(Duration ago) throws IOException {
        var request = server.over(folder, clock.millis() - ago.toMillis(), WiredServer.answered());
        server.index.write(request.jobId());
        server.awaitBooked();
        return request;
    }
}
