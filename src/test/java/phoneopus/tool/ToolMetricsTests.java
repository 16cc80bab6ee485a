package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import phoneopus.run.FaultCode;
import phoneopus.tool.ToolMetrics.CallerTally;
import phoneopus.tool.ToolMetrics.ToolTally;

class ToolMetricsTests {

    private static final String ANNE = "anne";
    private static final Duration TOOK = Duration.ofMillis(3);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ToolMetrics metrics =
            new ToolMetrics(meters, Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC));

    @Test
    void aCallIsCountedByToolAndOutcome() {
        metrics.count("read", null, TOOK, null);
        metrics.count("read", null, TOOK, FaultCode.NOT_FOUND);
        metrics.count("write", null, TOOK, null);

        assertThat(calls("read", "success", "none")).isEqualTo(1);
        assertThat(calls("read", "error", "not_found")).isEqualTo(1);
        assertThat(calls("write", "success", "none")).isEqualTo(1);
        assertThat(meters.get("mcp.tool.duration").tag("tool", "read").timer().count())
                .isEqualTo(2);
    }

    @Test
    void nobodySeesWhatOthersCalled() {
        metrics.count("read", ANNE, TOOK, FaultCode.NOT_FOUND);
        metrics.count("write", null, TOOK, null);

        assertThat(metrics.of("anne").tools()).containsOnlyKeys("read");
        assertThat(metrics.of("anne").total().requests()).isEqualTo(1);
        assertThat(metrics.of("anne").lastFault())
                .isEqualTo(
                        new CallerTally.LastFault(
                                FaultCode.NOT_FOUND, "read", Instant.ofEpochMilli(7)));
        assertThat(metrics.of(null).tools()).containsOnlyKeys("write");
        assertThat(metrics.of(null).lastFault()).isNull();
        assertThat(metrics.of("bob")).isEqualTo(CallerTally.NONE);
    }

    @Test
    void noMetricNamesACaller() {
        metrics.count("read", ANNE, TOOK, null);

        assertThat(meters.getMeters())
                .isNotEmpty()
                .noneMatch(meter -> meter.getId().toString().contains("anne"));
    }

    @Test
    void aTallyHasTheLastTheMeanAndTheLongest() {
        var tally =
                ToolTally.NONE
                        .plus(Duration.ofMillis(100), false)
                        .plus(Duration.ofMillis(500), true)
                        .plus(Duration.ofMillis(300), false);

        assertThat(tally.requests()).isEqualTo(3);
        assertThat(tally.successes()).isEqualTo(2);
        assertThat(tally.errors()).isEqualTo(1);
        assertThat(tally.last()).isEqualTo(Duration.ofMillis(300));
        assertThat(tally.mean()).isEqualTo(Duration.ofMillis(300));
        assertThat(tally.longest()).isEqualTo(Duration.ofMillis(500));
        assertThat(ToolTally.NONE.mean()).isZero();
    }

    private double calls(String tool, String outcome, String code) {
        return meters.get("mcp.tool.calls")
                .tags("tool", tool, "outcome", outcome, "code", code)
                .counter()
                .count();
    }

    @Test
    void theLastFaultIsKnownAlsoAfterCallsThatSucceeded() {
        metrics.count("read", null, TOOK, FaultCode.NOT_FOUND);
        metrics.count("write", null, TOOK, null);

        assertThat(metrics.of(null).lastFault())
                .isEqualTo(
                        new CallerTally.LastFault(
                                FaultCode.NOT_FOUND, "read", Instant.ofEpochMilli(7)));
    }
}
