package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import phoneopus.job.JobMetrics.ConsultTotals;
import phoneopus.mcp.CallerTally;
import phoneopus.mcp.ToolTally;

/**
 * The wire record of {@code telemetry_snapshot}.
 *
 * @param consults those that ended at this server
 */
record TelemetryView(Calls totals, List<Tool> tools, ConsultTotals consults) {
    static TelemetryView of(CallerTally calls, ConsultTotals consults) {
        return new TelemetryView(
                Calls.of(calls.total()),
                calls.tools().entrySet().stream()
                        .map(tool -> new Tool(tool.getKey(), Calls.of(tool.getValue())))
                        .toList(),
                consults);
    }

    record Tool(String tool, @JsonUnwrapped Calls calls) {}

    record Calls(long requests, long successes, long errors, long lastMs, long meanMs, long maxMs) {
        static Calls of(ToolTally tally) {
            return new Calls(
                    tally.requests(),
                    tally.successes(),
                    tally.errors(),
                    tally.last().toMillis(),
                    tally.mean().toMillis(),
                    tally.longest().toMillis());
        }
    }
}
