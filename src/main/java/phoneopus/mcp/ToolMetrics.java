package phoneopus.mcp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.mcp.CallerTally.LastFault;

/**
 * How often each tool was called, how that ended and how long it took: as metrics of the whole
 * server, and by caller, for who may only see its own.
 */
@Component
public class ToolMetrics {
    /** From a look at a file to the patience of the most patient client. */
    private static final Duration[] BUCKETS =
            Stream.of(5, 20, 100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private static final String NO_FAULT = "none";

    private final MeterRegistry meters;
    private final Clock clock;

    /** As many as there are names of callers, which are given out by hand. */
    private final Map<Caller, CallerTally> tallies = new ConcurrentHashMap<>();

    ToolMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** What it called since the start of the server. */
    public CallerTally of(@Nullable String principal) {
        return tallies.getOrDefault(new Caller(principal), CallerTally.NONE);
    }

    /** Does the work of a tool, and counts it, once, however it ends. */
    CallToolResult counted(String tool, Caller caller, Supplier<CallToolResult> work) {
        ToolCall call = new ToolCall();
        ToolCall.Fault fault = ToolCall.Fault.UNKNOWN;
        long started = System.nanoTime();
        try {
            CallToolResult result = ScopedValue.where(ToolCall.CURRENT, call).call(work::get);
            fault = Boolean.TRUE.equals(result.isError()) ? call.fault() : null;
            return result;
        } finally {
            count(tool, caller, Duration.ofNanos(System.nanoTime() - started), fault);
        }
    }

    private void count(String tool, Caller caller, Duration took, ToolCall.@Nullable Fault fault) {
        Counter.builder("mcp.tool.calls")
                .description("Finished calls of a tool")
                .tag("tool", tool)
                .tag("outcome", fault == null ? "success" : "error")
                .tag("code", fault == null ? NO_FAULT : fault.code())
                .register(meters)
                .increment();
        Timer.builder("mcp.tool.duration")
                .description("Time from the receipt of a call to its answer")
                .tag("tool", tool)
                .serviceLevelObjectives(BUCKETS)
                .register(meters)
                .record(took);
        LastFault last =
                fault == null
                        ? null
                        : new LastFault(fault.kind(), fault.code(), tool, clock.millis());
        tallies.compute(
                caller,
                (_, known) -> (known == null ? CallerTally.NONE : known).plus(tool, took, last));
    }
}
