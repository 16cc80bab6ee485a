package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;
import phoneopus.mcp.Caller;
import phoneopus.mcp.ToolBean;

/** The tools that say how the server is. */
@Component
class SnapshotTools implements ToolBean {
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
    CallToolResult health(
            McpSyncRequestContext context,
            @McpToolParam(description = "As in consult", required = false)
                    View.@Nullable Render render,
            @McpToolParam(description = "As in consult", required = false)
                    View.@Nullable Detail detail) {
        View view = View.of(render, detail);
        return presentation.guarded(
                view,
                context,
                "health_snapshot",
                () ->
                        presentation.health(
                                view,
                                context,
                                snapshots.health(Caller.principal(context.transportContext()))));
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
    CallToolResult telemetry(
            McpSyncRequestContext context,
            @McpToolParam(description = "As in consult", required = false)
                    View.@Nullable Render render,
            @McpToolParam(description = "As in consult", required = false)
                    View.@Nullable Detail detail) {
        View view = View.of(render, detail);
        return presentation.guarded(
                view,
                context,
                "telemetry_snapshot",
                () ->
                        presentation.telemetry(
                                view,
                                context,
                                snapshots.telemetry(Caller.principal(context.transportContext()))));
    }
}
