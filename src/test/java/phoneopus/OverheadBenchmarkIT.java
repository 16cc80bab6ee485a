package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the overhead of a consult: the demo claude answers at once, so the time of a call minus
 * that of the demo's own run is ours. Prints a table but asserts no time, since machines differ.
 */
@Tag("benchmark")
class OverheadBenchmarkIT {

    private static final int WARM_UP = 10;
    private static final int CALLS = 50;
    private static final String PROMPT = "Is this fast?";

    @TempDir private Path folder;

    @Test
    void aConsultOfAStandInThatAnswersAtOnce() throws Exception {
        var demo = Path.of("src/main/sh/demo-claude.sh").toAbsolutePath();
        var home = Files.createDirectory(folder.resolve("home"));
        var repository = Files.createDirectory(folder.resolve("repository"));
        var environment =
                Map.of(
                        "PATH", System.getenv("PATH"),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "HOME", home.toString(),
                        "LANG", "C.UTF-8",
                        "PHONE_OPUS_CLAUDE_BINARY", demo.toString(),
                        "PHONE_OPUS_STATE_DIR", folder.resolve("state").toString());
        var own = new ArrayList<Double>();
        var through = new ArrayList<Double>();
        try (var server = PackagedServer.start(repository, environment)) {
            for (int call = -WARM_UP; call < CALLS; call++) {
                var alone = time(() -> runAlone(demo, repository));
                var called = time(() -> consult(server, repository));
                if (call >= 0) {
                    own.add(alone);
                    through.add(called);
                }
            }
        }

        var table =
                """
                | ms, %d calls | median | p95 |
                |---|---|---|
                | the stand-in alone | %.1f | %.1f |
                | a consult through the server | %.1f | %.1f |
                | the difference | %.1f | %.1f |
                """
                        .formatted(
                                CALLS,
                                percentile(own, 50),
                                percentile(own, 95),
                                percentile(through, 50),
                                percentile(through, 95),
                                percentile(through, 50) - percentile(own, 50),
                                percentile(through, 95) - percentile(own, 95));
        Files.writeString(Path.of("target/overhead.md"), table);
        System.out.println(table);
        assertThat(through).hasSize(CALLS);
    }

    private interface Timed {
        void run() throws Exception;
    }

    private static double time(Timed timed) throws Exception {
        var started = System.nanoTime();
        timed.run();
        return (System.nanoTime() - started) / 1e6;
    }

    private static void consult(PackagedServer server, Path repository) {
        var answer =
                server.call(
                        "consult",
                        Map.of("prompt", PROMPT, "cwd", repository.toString(), "fresh", true));
        assertThat(answer.isError()).isNotEqualTo(true);
    }

    private void runAlone(Path demo, Path repository) throws IOException, InterruptedException {
        var input = Files.writeString(folder.resolve("prompt"), "\n" + PROMPT);
        var alone =
                new ProcessBuilder(demo.toString(), "-p", "--output-format", "stream-json")
                        .directory(repository.toFile())
                        .redirectInput(input.toFile())
                        .redirectOutput(folder.resolve("events").toFile())
                        .start();
        assertThat(alone.waitFor()).isZero();
    }

    private static double percentile(List<Double> times, int percent) {
        var sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
