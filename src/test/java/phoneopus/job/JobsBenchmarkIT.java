package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.index.JobIndexUnavailableException;
import phoneopus.spool.JobFilter;

/** What a list and a start cost with few and with many jobs. Prints, and asserts no time. */
@Tag("benchmark")
class JobsBenchmarkIT {

    private static final int ROUNDS = 51;
    private static final JobFilter TEN = new JobFilter(null, null, null, null, 10);

    @TempDir Path temporary;

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void listsAndStarts(int jobs) throws Exception {
        Files.createFile(temporary.resolve("claude")).toFile().setExecutable(true);
        makeFinished(jobs);

        long filling = start();
        var starts = new long[5];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = start();
        }
        var server = server().start();
        var lists = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long began = System.nanoTime();
            assertThat(server.lists.list(TEN).jobs()).hasSize(10);
            lists[i] = System.nanoTime() - began;
        }
        server.stop();

        System.out.printf(
                "jobs=%d list=%.1f ms start=%.1f ms, and with the books made anew %.0f ms; file %d KB%n",
                jobs, ms(median(lists)), ms(median(starts)), ms(filling), size());
    }

    /** Nanoseconds from the start of the books until they answer. */
    private long start() throws Exception {
        var server = server();
        long began = System.nanoTime();
        server.start();
        while (true) {
            try {
                server.queries.newest(TEN, 10);
                break;
            } catch (JobIndexUnavailableException _) {
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isLessThan(Duration.ofMinutes(5));
            }
        }
        long took = System.nanoTime() - began;
        server.stop();
        return took;
    }

    private void makeFinished(int jobs) throws IOException {
        var server = server();
        var first = server.over(temporary, Unsynced.FIRST_FINISHED, WiredServer.answered());
        server.spool.close(first.jobId());
        Unsynced.copies(server, first, jobs - 1);
    }

    private WiredServer server() {
        return new WiredServer(temporary.resolve("state"), temporary.resolve("claude"), Map.of());
    }

    private long size() throws IOException {
        try (var files = Files.list(temporary.resolve("state"))) {
            return files.filter(file -> file.toString().endsWith(".mv.db"))
                    .mapToLong(file -> file.toFile().length() / 1024)
                    .sum();
        }
    }

    private static long median(long[] times) {
        var sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double ms(long nanos) {
        return nanos / 1e6;
    }
}
