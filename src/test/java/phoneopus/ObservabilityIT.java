package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests what the packaged server shows to monitoring. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ObservabilityIT {

    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE ((?:mcp|consult)\\S+) (\\S+)");

    private Surroundings surroundings;
    private HttpServer server;
    private TestClient client;

    /** A metric as documented and as scraped. */
    private record Metric(String type, Set<String> labels) {}

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server = HttpServer.start(surroundings.desk(), surroundings.environment());
        client = server.streamable(more -> more);
    }

    @AfterAll
    void endEverything() {
        client.close();
        server.close();
        surroundings.endEverything();
    }

    @Test
    void theMetricsAreThoseOfThePage() throws IOException {
        var repository = surroundings.repository(Map.of("COST", "0.25"));
        client.call("consult", question(repository));

        var scraped = scraped();

        assertThat(scraped).containsExactlyInAnyOrderEntriesOf(documented());
    }

    @Test
    void aConsultIsCountedOnceWithWhatItCost() {
        var before = scrape();
        var repository = surroundings.repository(Map.of("COST", "0.25", "TURNS", "2"));

        client.call("consult", question(repository));

        var after = scrape();
        assertThat(
                        growth(
                                "mcp_tool_calls_total{code=\"none\",outcome=\"success\",tool=\"consult\"}",
                                before,
                                after))
                .isEqualTo(1);
        assertThat(growth("mcp_tool_duration_seconds_count{tool=\"consult\"}", before, after))
                .isEqualTo(1);
        assertThat(
                        growth(
                                "consult_ended_total{code=\"none\",model=\"opus\",outcome=\"succeeded\"}",
                                before,
                                after))
                .isEqualTo(1);
        assertThat(growth("consult_cost_usd_total", before, after)).isEqualTo(0.25);
        assertThat(growth("consult_turns_total", before, after)).isEqualTo(3);
        assertThat(growth("consult_duration_seconds_count{outcome=\"succeeded\"}", before, after))
                .isEqualTo(1);
    }

    @Test
    void aFaultIsCountedByItsCode() {
        var before = scrape();

        client.call("consult", Map.of("prompt", " "));

        assertThat(
                        growth(
                                "mcp_tool_calls_total{code=\"invalid_input\",outcome=\"error\",tool=\"consult\"}",
                                before,
                                scrape()))
                .isEqualTo(1);
    }

    @Test
    void consultsThatRunAreCounted() {
        var held = surroundings.held(Map.of());
        var running = value("consult_running", scrape());
        var answer = client.callLater("consult", question(held));
        Surroundings.awaitHeld(held, 1);

        var more = value("consult_running", scrape());
        Surroundings.release(held);
        answer.join();

        assertThat(more - running).isEqualTo(1);
    }

    @Test
    void noMetricHasAnIdAPathOrAWordOfThePrompt() {
        var repository = surroundings.repository(Map.of("ANSWER", "canary-answer"));
        client.call("consult", Map.of("prompt", "canary-prompt", "cwd", repository.toString()));

        var ours =
                scrape().lines()
                        .filter(line -> line.startsWith("mcp") || line.startsWith("consult"))
                        .collect(Collectors.joining("\n"));

        assertThat(ours)
                .isNotEmpty()
                .doesNotContain("canary", "/")
                .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}");
    }

    @Test
    void healthSaysNoMoreThanHowItIs() {
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(
                        () -> assertThat(get("/actuator/health")).isEqualTo("{\"status\":\"UP\"}"));
    }

    @Test
    void infoHasTheVersion() {
        var info = JsonMapper.shared().readTree(get("/actuator/info"));

        assertThat(info.propertyNames()).containsExactly("build");
        assertThat(info.at("/build/version").asString())
                .isEqualTo(client.client().getServerInfo().version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health/claude",
                "/actuator/health/liveness",
                "/actuator/metrics",
                "/actuator/env",
                "/actuator/beans",
                "/actuator/configprops",
                "/actuator/loggers",
                "/actuator/heapdump",
                "/actuator/threaddump",
                "/actuator/shutdown",
                "/actuator/mappings"
            })
    void thereIsNoOtherPage(String path) {
        var answer = server.send(HttpRequest.newBuilder(server.at(path)));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).hasSizeLessThan(200).doesNotContain("java", "claude");
    }

    @Test
    void aServerWithoutBooksIsDegradedAndTakesConsults(@TempDir Path temporary) throws IOException {
        var locked = Surroundings.in(temporary);
        Files.createDirectories(locked.state());
        // Like another server that was stopped while it opened the database.
        try (var books =
                        FileChannel.open(
                                locked.state().resolve("books.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = books.lock();
                var degraded = HttpServer.start(locked.desk(), locked.environment());
                var asking = degraded.streamable(more -> more)) {
            var health = degraded.send(HttpRequest.newBuilder(degraded.at("/actuator/health")));
            var answer = asking.full("consult", question(locked.repository(Map.of())));

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("{\"status\":\"DEGRADED\"}");
            assertThat(answer.path("response").asString()).isNotEmpty();
        } finally {
            locked.endEverything();
        }
    }

    @Test
    void aServerWithoutClaudeIsDown(@TempDir Path temporary) {
        var without = Surroundings.in(temporary);
        var environment =
                without.environment(Map.of("PHONE_OPUS_CLAUDE_BINARY", without.desk() + "/claude"));
        try (var server = HttpServer.start(without.desk(), environment)) {
            var health = server.send(HttpRequest.newBuilder(server.at("/actuator/health")));

            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).isEqualTo("{\"status\":\"DOWN\"}");
        } finally {
            without.endEverything();
        }
    }

    private String scrape() {
        return get("/actuator/prometheus");
    }

    private String get(String path) {
        var answer = server.send(HttpRequest.newBuilder(server.at(path)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private Map<String, Metric> scraped() {
        var scrape = scrape();
        var metrics = new TreeMap<String, Metric>();
        TYPE.matcher(scrape)
                .results()
                .forEach(found ->
                        metrics.put(
                                found.group(1),
                                new Metric(found.group(2), labelsOf(found.group(1), scrape))));
        return metrics;
    }

    private static Set<String> labelsOf(String metric, String scrape) {
        var sample =
                Pattern.compile("(?m)^" + metric + "(?:_count)?(?:\\{(.*)})? ").matcher(scrape);
        assertThat(sample.find()).as(metric).isTrue();
        return sample.group(1) == null
                ? Set.of()
                : Arrays.stream(sample.group(1).split(","))
                        .map(label -> label.substring(0, label.indexOf('=')))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Metric> documented() throws IOException {
        var metrics = new TreeMap<String, Metric>();
        for (var line : Files.readAllLines(Path.of("docs", "operations.md"))) {
            if (line.matches("\\| `(mcp|consult)_[a-z_]+` \\|.*")) {
                var cells =
                        new ArrayList<>(Arrays.asList(line.replace("`", "").split("\\s*\\|\\s*")));
                metrics.put(
                        cells.get(1),
                        new Metric(
                                cells.get(2),
                                cells.get(3).equals("none")
                                        ? Set.of()
                                        : new TreeSet<>(Arrays.asList(cells.get(3).split(", ")))));
            }
        }
        return metrics;
    }

    private static double growth(String sample, String before, String after) {
        return value(sample, after) - value(sample, before);
    }

    /** The value of a metric; 0 if it does not exist yet. */
    private static double value(String sample, String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static Map<String, Object> question(Path repository) {
        return Map.of("prompt", "Why?", "cwd", repository.toString());
    }
}
