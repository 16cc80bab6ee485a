package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs two hundred clients of one server, fifty of which ask all the time. Prints a table of what
 * the server held after the first fifth of the time and at the end.
 */
@Tag("load")
class LoadIT {

    private static final int ASKING = 50;
    private static final int LISTENING = 150;
    private static final int CONSULT_S = 10;
    private static final Duration WHOLE = Duration.ofSeconds(Long.getLong("load.seconds", 300));

    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<Double> overheadsMs = new ConcurrentLinkedQueue<>();

    @Test
    void nothingFailsAndNothingGrows(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        var environment =
                surroundings.environment(
                        Map.of(
                                "PHONE_OPUS_CONSULT_MAX_CONCURRENT", Integer.toString(ASKING),
                                "PHONE_OPUS_CONSULT_QUEUE_CAPACITY", "1000",
                                "PHONE_OPUS_CONSULT_PATIENCE", "60s"));
        var repository = surroundings.repository(Map.of("DELAY", CONSULT_S));
        var listening = new ArrayList<BareClient>();
        var asking = new ArrayList<TestClient>();
        try (var server = HttpServer.start(surroundings.desk(), environment)) {
            var quiet = Footprint.of(server);
            for (int i = 0; i < LISTENING; i++) {
                listening.add(listener(server, i % 2 == 0));
            }
            for (int i = 0; i < ASKING; i++) {
                asking.add(i % 2 == 0 ? server.streamable(more -> more) : server.sse(more -> more));
            }
            var end = System.nanoTime() + WHOLE.toNanos();
            Footprint early;
            Footprint late;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                asking.forEach(client ->
                        threads.submit(() -> {
                            while (System.nanoTime() < end) {
                                ask(client, repository);
                            }
                        }));
                pauseUntil(end - WHOLE.multipliedBy(4).dividedBy(5).toNanos());
                early = Footprint.of(server);
                pauseUntil(end - TimeUnit.SECONDS.toNanos(1));
                late = Footprint.of(server);
            }
            report(quiet, early, late);
            assertThat(errors).isEmpty();
            assertThat(server.log()).doesNotContain(" WARN ", " ERROR ");
            assertThat(late.sessions()).isEqualTo(LISTENING + ASKING);
            asking.forEach(TestClient::close);
            for (var client : listening) {
                client.vanish(false);
            }
        } finally {
            surroundings.endEverything();
        }
    }

    private static BareClient listener(HttpServer server, boolean streamable) throws IOException {
        var client = BareClient.connect(server);
        if (streamable) {
            client.listen();
        } else {
            client.connectSse();
        }
        return client;
    }

    private void ask(TestClient client, Path repository) {
        var started = System.nanoTime();
        try {
            var answer =
                    client.call(
                            "consult",
                            Map.of("prompt", "Why?", "cwd", repository.toString(), "fresh", true));
            if (Boolean.TRUE.equals(answer.isError())
                    || !answer.content().toString().contains("consult ok ")) {
                errors.add(answer.toString());
            }
            overheadsMs.add((System.nanoTime() - started) / 1e6 - CONSULT_S * 1e3);
        } catch (RuntimeException e) {
            errors.add(e.toString());
        }
    }

    /** This is no wait for a state: the load simply runs for that time. */
    private static void pauseUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }

    private void report(Footprint quiet, Footprint early, Footprint late) throws IOException {
        var sorted = overheadsMs.stream().sorted().toList();
        var table =
                """
                | %d clients, %d consults at a time, %d s | before | after a fifth | at the end |
                |---|---|---|---|
                | sessions | %d | %d | %d |
                | file descriptors | %d | %d | %d |
                | threads | %d | %d | %d |
                | heap that lives, MB | %.1f | %.1f | %.1f |
                | resident, MB | %.1f | %.1f | %.1f |

                %d consults answered, %d errors; beside the %d s of the stand-in median %.0f ms, p95 %.0f ms
                """
                        .formatted(
                                LISTENING + ASKING,
                                ASKING,
                                WHOLE.toSeconds(),
                                quiet.sessions(),
                                early.sessions(),
                                late.sessions(),
                                quiet.descriptors(),
                                early.descriptors(),
                                late.descriptors(),
                                quiet.threads(),
                                early.threads(),
                                late.threads(),
                                quiet.heapK() / 1024.0,
                                early.heapK() / 1024.0,
                                late.heapK() / 1024.0,
                                quiet.residentK() / 1024.0,
                                early.residentK() / 1024.0,
                                late.residentK() / 1024.0,
                                sorted.size(),
                                errors.size(),
                                CONSULT_S,
                                percentile(sorted, 50),
                                percentile(sorted, 95));
        Files.writeString(Path.of("target/load.md"), table);
        System.out.println(table);
    }

    private static double percentile(List<Double> sorted, int percent) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
