package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measures the memory a server uses for finished jobs. It is slow, since it creates many. */
@Tag("benchmark")
@Timeout(240)
class HeapIT {

    @TempDir Path folder;

    @Test
    void tenThousandFinishedJobsTakeNoMoreOfTheHeapThanTen(TestReporter report)
            throws IOException, InterruptedException {
        long withFew = heapWith(10);
        long withMany = heapWith(10_000);

        report.publishEntry("bytes with 10 and with 10,000", withFew + " and " + withMany);
        assertThat(withMany).isLessThan(withFew * 11 / 10);
    }

    /** The bytes of live objects after the index was listed and searched completely. */
    private long heapWith(int jobs) throws IOException, InterruptedException {
        var surroundings =
                Surroundings.in(Files.createDirectory(folder.resolve(Integer.toString(jobs))));
        try {
            multiply(finished(surroundings), jobs);
            try (var filling = start(surroundings)) {
                awaitCount(filling, Math.min(jobs, 50));
                filling.leave();
            }
            try (var server = start(surroundings)) {
                awaitCount(server, Math.min(jobs, 50));
                count(server, Map.of("cwd", folder.toString()));
                liveBytes(server.pid());
                return liveBytes(server.pid());
            }
        } finally {
            surroundings.endEverything();
        }
    }

    private static MortalServer start(Surroundings surroundings) {
        return MortalServer.start(surroundings.desk(), surroundings.environment());
    }

    private static void awaitCount(MortalServer server, int jobs) {
        await().atMost(Surroundings.A_WHILE.multipliedBy(4))
                .until(() -> count(server, Map.of("limit", 50)) == jobs);
    }

    private static int count(MortalServer server, Map<String, Object> filter) {
        return server.ask("consult_jobs", filter).path("count").asInt(-1);
    }

    /** The directory of an answered consult; its server has ended. */
    private static Path finished(Surroundings surroundings) throws IOException {
        try (var server = start(surroundings)) {
            var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
            var job =
                    server.ask(
                                    "consult",
                                    Map.of(
                                            "prompt",
                                            "Why?",
                                            "cwd",
                                            repository.toString(),
                                            "background",
                                            true))
                            .path("job_id")
                            .asString();
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> surroundings.state().resolve("open").toFile().list().length == 0);
            server.leave();
            return surroundings.state().resolve("spool").resolve(job);
        }
    }

    /** Copies the job that many times and deletes the index. */
    private static void multiply(Path job, int jobs) throws IOException {
        var request = Files.readString(job.resolve("request.json"));
        var outcome = Files.readString(job.resolve("outcome.json"));
        var finished = outcome.replaceFirst("(?s).*\"finished_unix_ms\":(\\d+).*", "$1");
        for (int i = 1; i < jobs; i++) {
            var id = UUID.randomUUID().toString();
            var copy = Files.createDirectory(job.resolveSibling(id));
            Files.writeString(
                    copy.resolve("request.json"), request.replace("" + job.getFileName(), id));
            Files.writeString(
                    copy.resolve("outcome.json"),
                    outcome.replace(finished, Long.toString(Long.parseLong(finished) - i)));
        }
        try (var index =
                Files.newDirectoryStream(job.getParent().resolveSibling("."), "books-*.mv.db")) {
            for (var file : index) {
                Files.delete(file);
            }
        }
    }

    /**
     * The last line of a histogram is {@code Total <instances> <bytes>}. It collects garbage first,
     * but some of it only goes with the second collection.
     */
    private static long liveBytes(long pid) throws IOException, InterruptedException {
        var jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                                Long.toString(pid),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        var said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        var total = said.lines().filter(line -> line.startsWith("Total")).findFirst();
        assertThat(total).as(said).isPresent();
        return Long.parseLong(total.orElseThrow().strip().split("\\s+")[2]);
    }
}
