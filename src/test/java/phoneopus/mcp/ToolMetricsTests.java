package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ToolMetricsTests {

    private static final Caller ANNE = new Caller("anne");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ToolMetrics metrics =
            new ToolMetrics(meters, Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC));

    @Test
    void aCallIsCountedByToolAndOutcome() {
        metrics.counted("read", Caller.UNNAMED, ToolMetricsTests::success);
        metrics.counted("read", Caller.UNNAMED, () -> failure("protocol", "not_found"));
        metrics.counted("write", Caller.UNNAMED, ToolMetricsTests::success);

        assertThat(calls("read", "success", "none")).isEqualTo(1);
        assertThat(calls("read", "error", "not_found")).isEqualTo(1);
        assertThat(calls("write", "success", "none")).isEqualTo(1);
        assertThat(meters.get("mcp.tool.duration").tag("tool", "read").timer().count())
                .isEqualTo(2);
    }

    @Test
    void anExceptionIsAnErrorOfOurs() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        metrics.counted(
                                "read",
                                Caller.UNNAMED,
                                () -> {
                                    throw new IllegalStateException();
                                }));

        assertThat(calls("read", "error", "internal")).isEqualTo(1);
        assertThat(metrics.of(null).total().errors()).isEqualTo(1);
    }

    @Test
    void aResultThatOnlyLooksLikeAFaultIsNone() {
        metrics.counted(
                "read",
                Caller.UNNAMED,
                () -> {
                    ToolCall.failed("protocol", "not_found");
                    return success();
                });

        assertThat(calls("read", "success", "none")).isEqualTo(1);
        assertThat(metrics.of(null).lastFault()).isNull();
    }

    @Test
    void whereNoCallIsServedAFaultIsNobodys() {
        ToolCall.failed("protocol", "not_found");

        assertThat(metrics.of(null)).isEqualTo(CallerTally.NONE);
    }

    @Test
    void nobodySeesWhatOthersCalled() {
        metrics.counted("read", ANNE, () -> failure("protocol", "not_found"));
        metrics.counted("write", Caller.UNNAMED, ToolMetricsTests::success);

        assertThat(metrics.of("anne").tools()).containsOnlyKeys("read");
        assertThat(metrics.of("anne").total().requests()).isEqualTo(1);
        assertThat(metrics.of("anne").lastFault())
                .isEqualTo(new CallerTally.LastFault("protocol", "not_found", "read", 7));
        assertThat(metrics.of(null).tools()).containsOnlyKeys("write");
        assertThat(metrics.of(null).lastFault()).isNull();
        assertThat(metrics.of("bob")).isEqualTo(CallerTally.NONE);
    }

    @Test
    void noMetricNamesACaller() {
        metrics.counted("read", ANNE, ToolMetricsTests::success);

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

    private static CallToolResult success() {
        return CallToolResult.builder().addTextContent("Done.").build();
    }

    private static CallToolResult failure(String kind, String code) {
        ToolCall.failed(kind, code);
        return CallToolResult.builder().addTextContent("No.").isError(true).build();
    }
}
