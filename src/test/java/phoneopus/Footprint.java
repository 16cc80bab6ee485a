package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The resources a server holds.
 *
 * @param heapK live objects after a garbage collection, in KiB
 * @param residentK resident memory as reported by the system, in KiB
 */
record Footprint(long sessions, long descriptors, long threads, long heapK, long residentK) {

    /** Number, instances, bytes, class; excludes the collector's fillers. */
    private static final Pattern LIVE =
            Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(?!\\S*jdk\\.internal\\.vm\\.Filler)\\S+");

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    static Footprint of(HttpServer server) {
        var heapK = heapK(server);
        var resident = RESIDENT.matcher(Surroundings.read(process(server).resolve("status")));
        assertThat(resident.find()).isTrue();
        return new Footprint(
                sessions(server),
                descriptors(server),
                entries(process(server).resolve("task")),
                heapK,
                Long.parseLong(resident.group(1)));
    }

    static long sessions(HttpServer server) {
        return metric(server, "mcp_sessions");
    }

    /** The value of a metric; 0 if it does not exist yet. */
    static long metric(HttpServer server, String sample) {
        return server.send(HttpRequest.newBuilder(server.at("/actuator/prometheus")))
                .body()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(0);
    }

    static long descriptors(HttpServer server) {
        return entries(process(server).resolve("fd"));
    }

    private static long heapK(HttpServer server) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var pid = Long.toString(server.process().pid());
        try {
            var histogram =
                    new ProcessBuilder(jcmd, pid, "GC.class_histogram")
                            .redirectErrorStream(true)
                            .start();
            var said =
                    new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(LIVE.matcher(said).results()).as(said).isNotEmpty();
            return LIVE.matcher(said).results().mapToLong(row -> Long.parseLong(row.group(1))).sum()
                    / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long entries(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path process(HttpServer server) {
        return Path.of("/proc", Long.toString(server.process().pid()));
    }
}
