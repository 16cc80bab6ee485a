package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import conformance.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the official conformance suite against the packaged jar. */
@Tag("conformance")
@Timeout(300)
class ConformanceIT {

    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (\\w+) ");
    private static final Pattern RAN = Pattern.compile("(?m)^[✓✗] ([a-z0-9-]+): ");

    @Test
    void everyScenarioEndsAsDocumented(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        try (var server =
                HttpServer.startWith(
                        Fixtures.class, surroundings.desk(), surroundings.environment())) {
            var documented = documented();

            var suite = start(temporary, server, documented);
            var ended = suite.waitFor(4, TimeUnit.MINUTES);
            suite.destroyForcibly();

            var said = Surroundings.read(temporary.resolve("said"));
            System.out.println(said.substring(Math.max(0, said.indexOf("=== SUMMARY"))));
            assertThat(ended).as(said).isTrue();
            assertThat(suite.exitValue()).as(said).isZero();
            assertThat(RAN.matcher(said).results().map(ran -> ran.group(1)))
                    .containsExactlyInAnyOrderElementsOf(documented.keySet());
        } finally {
            surroundings.endEverything();
        }
    }

    /**
     * Passes the failing scenarios as the suite's list of expected failures, which must be exact.
     */
    private static Process start(Path temporary, HttpServer server, Map<String, Boolean> documented)
            throws IOException {
        var failing =
                documented.entrySet().stream()
                        .filter(scenario -> !scenario.getValue())
                        .map(scenario -> "  - " + scenario.getKey() + "\n")
                        .collect(Collectors.joining("", "server:\n", ""));
        var command = new ArrayList<>(NodePackages.conformance());
        command.addAll(
                List.of(
                        "server",
                        "--suite",
                        "all",
                        "--url",
                        server.at("/mcp").toString(),
                        "--expected-failures",
                        Files.writeString(temporary.resolve("failing.yaml"), failing).toString()));
        var builder =
                new ProcessBuilder(command)
                        .directory(temporary.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(temporary.resolve("said").toFile());
        builder.environment().clear();
        return builder.start();
    }

    /** The scenarios and whether each passes. */
    private static Map<String, Boolean> documented() {
        return DOCUMENTED
                .matcher(Surroundings.read(Path.of("docs", "conformance.md")))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).equals("yes")));
    }
}
