package phoneopus.tool;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import phoneopus.job.JobHealth.Store;
import phoneopus.job.JobMetrics.ConsultTotals;
import phoneopus.tool.Snapshots.HealthView;
import phoneopus.tool.Snapshots.HealthView.Claude;
import phoneopus.tool.Snapshots.HealthView.LastFault;
import phoneopus.tool.Snapshots.TelemetryView;
import phoneopus.tool.Snapshots.TelemetryView.Calls;
import phoneopus.tool.ToolMetrics.CallerTally;
import phoneopus.tool.ToolMetrics.ToolTally;

class SnapshotPorcelainTests {

    private static final Instant NOW = Instant.ofEpochMilli(100_000);

    @Test
    void healthIsALineAPart() {
        var fault =
                new LastFault("downstream", "overloaded", "consult", NOW.toEpochMilli() - 12_345);

        var text =
                SnapshotPorcelain.health(
                        health("ok", Store.OPEN, new Claude("/bin/claude", "2.1"), 1, fault), NOW);

        assertThat(text)
                .isEqualTo(
                        """
                        health state=ok uptime=61s version=1.0 protocol=2025-11-25 transport=stdio store=open
                        claude binary=/bin/claude version=2.1
                        consults running=1 of 4 queued=0 of 100
                        last fault code=downstream/overloaded operation=consult 12s ago\
                        """);
    }

    @Test
    void whatIsNotKnownIsADash() {
        var text =
                SnapshotPorcelain.health(
                        health("degraded", Store.UNAVAILABLE, null, null, null), NOW);

        assertThat(text)
                .contains("state=degraded", "store=unavailable", "claude not found", "running=- of")
                .endsWith("no fault yet");
    }

    @Test
    void telemetryIsALineOfConsultsAndATableOfTools() {
        var calls = new Calls(3, 2, 1, 20, 1_500, 4_000);

        var text =
                SnapshotPorcelain.telemetry(
                        new TelemetryView(
                                calls,
                                List.of(new TelemetryView.Tool("consult", calls)),
                                new ConsultTotals(2, 1, 0, 7, 1_000, 50, 0.75)));

        assertThat(text)
                .isEqualTo(
                        """
                        consults succeeded=2 failed=1 cancelled=0 turns=7 input_tokens=1000 output_tokens=50 cost=$0.7500
                        tool | requests | successes | errors | last | mean | max
                        consult | 3 | 2 | 1 | 0.020s | 1.500s | 4.000s
                        all | 3 | 2 | 1 | 0.020s | 1.500s | 4.000s\
                        """);
    }

    @Test
    void howLongCallsTookIsTheLastTheMeanAndTheLongest() {
        var tally = new ToolTally(3, 1, ofMillis(20), ofSeconds(4), ofMillis(4_500));
        var calls = new CallerTally(tally, new TreeMap<>(Map.of("consult", tally)), null);

        var wire = Reply.tree(TelemetryView.of(calls, new ConsultTotals(2, 1, 0, 7, 1, 1, 0)));

        assertThat(wire.path("totals"))
                .hasToString(
                        "{\"requests\":3,\"successes\":2,\"errors\":1,\"last_ms\":20,\"mean_ms\":1500,\"max_ms\":4000}");
        assertThat(wire.at("/tools/0/mean_ms").asInt()).isEqualTo(1_500);
    }

    private static HealthView.Full health(
            String state,
            Store store,
            @Nullable Claude claude,
            @Nullable Integer running,
            @Nullable LastFault fault) {
        Integer queued = running == null ? null : 0;
        return new HealthView.Full(
                new HealthView.Concise(
                        state,
                        61,
                        "1.0",
                        "2025-11-25",
                        "stdio",
                        store,
                        claude,
                        running,
                        queued,
                        fault),
                4,
                100);
    }
}
