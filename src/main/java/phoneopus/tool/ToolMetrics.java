package phoneopus.tool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.run.FaultCode;
import phoneopus.tool.ToolMetrics.CallerTally.LastFault;

/**
 * Counts the calls of each tool, their outcomes and durations: as metrics of the whole server, and
 * by caller for callers who may only see their own.
 */
@Component
class ToolMetrics {
    /** From the time to read a file up to the patience of the most patient client. */
    private static final Duration[] BUCKETS =
            Stream.of(5, 20, 100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final Clock clock;

    /** Bounded by the number of callers, whose keys are created by hand. */
    private final Map<Optional<String>, CallerTally> tallies = new ConcurrentHashMap<>();

    ToolMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /** The calls of that principal since the start of the server. */
    CallerTally of(@Nullable String principal) {
        return tallies.getOrDefault(Optional.ofNullable(principal), CallerTally.NONE);
    }

    /**
     * Counts a finished call.
     *
     * @param fault null if it succeeded
     */
    void count(String tool, @Nullable String principal, Duration took, @Nullable FaultCode fault) {
        Counter.builder("mcp.tool.calls")
                .description("Finished calls of a tool")
                .tag("tool", tool)
                .tag("outcome", fault == null ? "success" : "error")
                .tag("code", fault == null ? "none" : fault.word())
                .register(meters)
                .increment();
        Timer.builder("mcp.tool.duration")
                .description("Time from the receipt of a call to its answer")
                .tag("tool", tool)
                .serviceLevelObjectives(BUCKETS)
                .register(meters)
                .record(took);
        LastFault last = fault == null ? null : new LastFault(fault, tool, clock.instant());
        tallies.compute(
                Optional.ofNullable(principal),
                (_, known) -> (known == null ? CallerTally.NONE : known).plus(tool, took, last));
    }

    /**
     * The calls of one caller since the start of the server.
     *
     * @param tools the tools it called, by name
     * @param lastFault null if none of its calls failed
     */
    record CallerTally(
            ToolTally total, SortedMap<String, ToolTally> tools, @Nullable LastFault lastFault) {
        static final CallerTally NONE = new CallerTally(ToolTally.NONE, new TreeMap<>(), null);

        /** The fault of its last failed call. */
        record LastFault(FaultCode code, String tool, Instant at) {}

        CallerTally plus(String tool, Duration took, @Nullable LastFault fault) {
            boolean failed = fault != null;
            SortedMap<String, ToolTally> more = new TreeMap<>(tools);
            more.put(tool, more.getOrDefault(tool, ToolTally.NONE).plus(took, failed));
            return new CallerTally(total.plus(took, failed), more, failed ? fault : lastFault);
        }
    }

    /** A number of calls and their durations. */
    record ToolTally(long requests, long errors, Duration last, Duration longest, Duration total) {
        static final ToolTally NONE =
                new ToolTally(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

        ToolTally plus(Duration took, boolean failed) {
            return new ToolTally(
                    requests + 1,
                    failed ? errors + 1 : errors,
                    took,
                    took.compareTo(longest) > 0 ? took : longest,
                    total.plus(took));
        }

        long successes() {
            return requests - errors;
        }

        Duration mean() {
            return requests == 0 ? Duration.ZERO : total.dividedBy(requests);
        }
    }
}
