package phoneopus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.job.WiredServer;
import phoneopus.spool.JobFilter;

class JobRepositoryTests {

    @TempDir Path temporary;
    WiredServer server;
    JobRepository repository;

    @BeforeEach
    void open() throws Exception {
        server = new WiredServer(temporary, temporary.resolve("claude"), Map.of()).start();
        server.booked(new JobFilter(null, null, null, null, 1), 1);
        repository = server.repository;
    }

    @AfterEach
    void close() throws Exception {
        server.endAll();
    }

    @Test
    void aRowComesBackAsItWas() {
        var row = row(1, "running", "sync", "/ä b", 7, null);

        var saved = repository.save(row);

        assertThat(repository.findById(row.jobId())).contains(saved);
        assertThat(saved.version()).isZero();
    }

    @Test
    void theNewestComesFirstAndEqualOnesInTheOrderOfTheirIds() {
        save(row(3, "running", "sync", "/", 7, null), row(1, "running", "sync", "/", 7, null));
        save(row(2, "running", "sync", "/", 8, null), row(4, "running", "sync", "/", 6, null));

        assertThat(repository.newest("alice", null, null, null, 10))
                .containsExactly(ids(2, 1, 3, 4));
        assertThat(repository.newest("alice", null, null, null, 2)).containsExactly(ids(2, 1));
    }

    @Test
    void eachFilterCountsAndAllTogether() {
        save(
                row(1, "running", "sync", "/a", 1, null),
                row(2, "failed", "sync", "/a", 2, 2L),
                row(3, "failed", "background", "/a", 3, 3L),
                row(4, "failed", "background", "/b", 4, 4L));

        assertThat(repository.newest("alice", "failed", null, null, 10))
                .containsExactly(ids(4, 3, 2));
        assertThat(repository.newest("alice", null, "sync", null, 10)).containsExactly(ids(2, 1));
        assertThat(repository.newest("alice", null, null, "/a", 10)).containsExactly(ids(3, 2, 1));
        assertThat(repository.newest("alice", "failed", "background", "/a", 10))
                .containsExactly(ids(3));
        assertThat(repository.newest("alice", "queued", null, null, 10)).isEmpty();
    }

    @Test
    void whatIsSomebodyElsesIsNotThere() {
        save(row(1, "running", "sync", "/a", 1, null));

        assertThat(repository.newest("bob", null, null, null, 10)).isEmpty();
        assertThat(repository.newest(null, null, null, null, 10)).isEmpty();
    }

    @Test
    void thePastIsWhatEndedBeforeButForTheNewest() {
        save(
                row(1, "succeeded", "sync", "/", 10, 10L),
                row(2, "failed", "sync", "/", 20, 20L),
                row(3, "cancelled", "sync", "/", 30, 30L),
                row(4, "running", "sync", "/", 5, null));

        assertThat(repository.past(30, 0)).containsExactlyInAnyOrder(ids(1, 2));
        assertThat(repository.past(31, 2)).containsExactly(ids(1));
        assertThat(repository.past(100, 3)).isEmpty();
        assertThat(repository.past(10, 0)).isEmpty();
    }

    private void save(JobRow... rows) {
        repository.saveAll(List.of(rows));
    }

    private static UUID[] ids(int... numbers) {
        return java.util.Arrays.stream(numbers)
                .mapToObj(JobRepositoryTests::id)
                .toArray(UUID[]::new);
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static JobRow row(
            int number, String status, String mode, String cwd, long updated, Long finished) {
        return new JobRow(
                id(number),
                null,
                mode,
                status,
                1,
                updated,
                2L,
                finished,
                4711L,
                "alice",
                cwd,
                id(99),
                "opus",
                3,
                0.25,
                "{}",
                null);
    }
}
