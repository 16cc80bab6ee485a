package phoneopus.tool;

import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
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
import phoneopus.mcp.ToolMetrics;

/** How the server is and what it did, as far as one caller may know. */
@Component
class Snapshots {
    /** Of a snapshot, which is to say what is known and not to wait for what is not. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final JobHealth jobs;
    private final JobMetrics consults;
    private final ToolMetrics tools;
    private final ClaudeInstallation claude;

    /** There is no server at a terminal, and nobody who asks. */
    private final ObjectProvider<McpServerProperties> servers;

    private final long startedNanos = System.nanoTime();

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
                        (System.nanoTime() - startedNanos) / 1_000_000_000,
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
}
