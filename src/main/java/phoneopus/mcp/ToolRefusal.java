package phoneopus.mcp;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;

/** How a call whose arguments cannot be taken is answered. */
@FunctionalInterface
public interface ToolRefusal {
    CallToolResult refuse(
            McpSyncServerExchange exchange,
            CallToolRequest request,
            InvalidArgumentException problem);
}
