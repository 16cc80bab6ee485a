package phoneopus.tool;

import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** The tools that report the state of the server. */
@Component
class SnapshotTools {
    private final Snapshots snapshots;
    private final Presentation presentation;

    SnapshotTools(Snapshots snapshots, Presentation presentation) {
        this.snapshots = snapshots;
        this.presentation = presentation;
    }

    @McpTool(
            name = "health_snapshot",
            title = "Health of phone-opus",
            description =
                    "State of the server: its store, the claude command, your running and queued consults, your last fault.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply health(Call call) {
        return presentation.health(call.view(), snapshots.health(call.principal()));
    }

    @McpTool(
            name = "telemetry_snapshot",
            title = "Telemetry of phone-opus",
            description =
                    "Your calls by tool since the server started, with latencies, and what your consults used and cost.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply telemetry(Call call) {
        return presentation.telemetry(call.view(), snapshots.telemetry(call.principal()));
    }
}
