package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.job.JobHealth;
import phoneopus.job.JobHealth.Store;
import phoneopus.job.JobHealth.Workload;
import phoneopus.job.JobMetrics;
import phoneopus.job.JobMetrics.ConsultTotals;
import phoneopus.time.Stopwatch;
import phoneopus.tool.ToolMetrics.CallerTally;
import phoneopus.tool.ToolMetrics.ToolTally;

/** The server's state and statistics, limited to what the caller may see. */
@Component
class Snapshots {
    /**
     * The longest wait of a snapshot, which reports what is known and does not wait for the rest.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final JobHealth jobs;
    private final JobMetrics consults;
    private final ToolMetrics tools;
    private final ClaudeInstallation claude;

    /** Empty at a terminal, where there is no server and nobody requests a snapshot. */
    private final ObjectProvider<McpServerProperties> servers;

    private final Stopwatch up = new Stopwatch();

    Snapshots(
            JobHealth jobs,
            JobMetrics consults,
            ToolMetrics tools,
            ClaudeInstallation claude,
            ObjectProvider<McpServerProperties> servers) {
        this.jobs = jobs;
        this.consults = consults;
        this.tools = tools;
        this.claude = claude;
        this.servers = servers;
    }

    HealthView.Full health(@Nullable String principal) {
        McpServerProperties server = servers.getObject();
        Store store = jobs.store();
        Optional<ClaudeInstallation.Found> found = claude.find(PATIENCE);
        Optional<Workload> load = jobs.workloadOf(principal);
        HealthView.Concise concise =
                new HealthView.Concise(
                        store == Store.OPEN && found.isPresent() ? "ok" : "degraded",
                        up.elapsed().toSeconds(),
                        server.getVersion(),
                        ProtocolVersions.MCP_2025_11_25,
                        server.isStdio() ? "stdio" : "http",
                        store,
                        found.map(one -> HealthView.Claude.of(one, principal)).orElse(null),
                        load.map(Workload::running).orElse(null),
                        load.map(Workload::queued).orElse(null),
                        HealthView.LastFault.of(tools.of(principal).lastFault()));
        return new HealthView.Full(concise, jobs.maxConcurrent(), jobs.queueCapacity());
    }

    TelemetryView telemetry(@Nullable String principal) {
        return TelemetryView.of(tools.of(principal), consults.of(principal));
    }

    /**
     * The wire record of {@code telemetry_snapshot}.
     *
     * @param consults the totals of consults that ended on this server
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

        record Calls(
                long requests, long successes, long errors, long lastMs, long meanMs, long maxMs) {
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

    /** The wire records of {@code health_snapshot}. */
    static final class HealthView {
        private HealthView() {}

        /**
         * The state of the server.
         *
         * @param state {@code ok} or {@code degraded}; {@code store} or {@code claude} then says
         *     why
         * @param running the caller's own running consults; null if the state directory cannot be
         *     read
         */
        record Concise(
                String state,
                long uptimeS,
                String version,
                String protocol,
                String transport,
                Store store,
                @Nullable Claude claude,
                @Nullable Integer running,
                @Nullable Integer queued,
                @Nullable LastFault lastFault) {}

        /**
         * The state of the server with the limits from the settings.
         *
         * @param maxConcurrent the limit for all callers together
         */
        record Full(@JsonUnwrapped Concise concise, int maxConcurrent, int queueCapacity) {}

        record Claude(String binary, String version) {
            /**
             * Hides the directory of the command from named callers, since they may be strangers.
             */
            static Claude of(ClaudeInstallation.Found found, @Nullable String principal) {
                return new Claude(
                        principal == null
                                ? found.binary().toString()
                                : String.valueOf(found.binary().getFileName()),
                        found.version());
            }
        }

        record LastFault(
                @JsonProperty("class") String kind, String code, String operation, long atUnixMs) {
            static @Nullable LastFault of(CallerTally.@Nullable LastFault fault) {
                return fault == null
                        ? null
                        : new LastFault(
                                fault.code().kind().word(),
                                fault.code().word(),
                                fault.tool(),
                                fault.at().toEpochMilli());
            }
        }
    }
}
