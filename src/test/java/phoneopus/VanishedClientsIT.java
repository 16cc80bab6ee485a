package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left in the packaged server of clients that come, and go without a word. */
@Timeout(180)
class VanishedClientsIT {

    private static final int CLIENTS = 1_000;

    /** Number, instances, bytes, class. */
    private static final Pattern LIVE =
            Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(?!\\S*jdk\\.internal\\.vm\\.Filler)\\S+");

    /** What a server holds. */
    private record Held(long sessions, long descriptors, long threads, long heapK) {}

    @Test
    void aThousandClientsThatVanishLeaveNothingBehind(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        var environment = surroundings.environment(Map.of("PHONE_OPUS_HTTP_SESSION_IDLE", "1s"));
        var held = surroundings.held(Map.of());
        try (var server = HttpServer.start(surroundings.desk(), environment)) {
            var job = submit(server, held);
            // The first fill the web server's own pools.
            comeAndGo(server, job);
            var before = settled(server, 0, Long.MAX_VALUE);

            comeAndGo(server, job);

            var after = settled(server, before.sessions(), before.descriptors());
            System.out.printf(
                    "%d clients vanished%n before %s%n after  %s%n", CLIENTS, before, after);
            // One or two may be open for a moment: the watch over the consult reads its files.
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 2);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 5);
            assertThat(after.heapK()).isLessThanOrEqualTo(before.heapK() * 11 / 10);
            assertThat(RunningProcesses.in(held)).isNotEmpty();
        } finally {
            Surroundings.release(held);
            surroundings.endEverything();
        }
    }

    private static String submit(HttpServer server, Path repository) {
        try (var client = server.streamable(more -> more)) {
            var question =
                    Map.<String, Object>of(
                            "prompt", "Why?", "cwd", repository.toString(), "background", true);
            return client.full("consult", question).path("job_id").asString();
        }
    }

    /**
     * All are there at the same time: a quarter listens, a quarter waits for a job, half use SSE.
     */
    private static void comeAndGo(HttpServer server, String job) throws IOException {
        var wait =
                """
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":\
                {"name":"consult_wait","arguments":{"job_id":"%s"}}}\
                """
                        .formatted(job);
        var all = new ArrayList<BareClient>();
        for (int i = 0; i < CLIENTS; i++) {
            var client = BareClient.connect(server);
            all.add(client);
            switch (i % 4) {
                case 0 -> client.listen();
                case 1 -> client.call(wait);
                default -> client.connectSse();
            }
        }
        for (int i = 0; i < CLIENTS; i++) {
            all.get(i).vanish(i % 3 == 0);
        }
    }

    /** Once nothing is left to be noticed: that takes a beat of the streams or two. */
    private static Held settled(HttpServer server, long sessions, long descriptors)
            throws Exception {
        await().atMost(Surroundings.A_WHILE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> sessions(server) == sessions && descriptors(server) <= descriptors);
        var heapK = heapK(server);
        return new Held(sessions(server), descriptors(server), threads(server), heapK);
    }

    private static long sessions(HttpServer server) {
        return server.send(HttpRequest.newBuilder(server.at("/actuator/prometheus")))
                .body()
                .lines()
                .filter(line -> line.startsWith("mcp_sessions "))
                .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }

    private static long descriptors(HttpServer server) throws IOException {
        try (var open = Files.list(process(server).resolve("fd"))) {
            return open.count();
        }
    }

    private static long threads(HttpServer server) throws IOException {
        try (var threads = Files.list(process(server).resolve("task"))) {
            return threads.count();
        }
    }

    /** What lives, once the garbage is collected; not the gaps that the collector leaves. */
    private static long heapK(HttpServer server) throws Exception {
        return LIVE.matcher(jcmd(server, "GC.class_histogram"))
                        .results()
                        .mapToLong(row -> Long.parseLong(row.group(1)))
                        .sum()
                / 1024;
    }

    private static Path process(HttpServer server) {
        return Path.of("/proc", Long.toString(server.process().pid()));
    }

    private static String jcmd(HttpServer server, String command) throws Exception {
        var jcmd =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                                .toString(),
                                        Long.toString(server.process().pid()),
                                        command))
                        .redirectErrorStream(true)
                        .start();
        var said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }
}
