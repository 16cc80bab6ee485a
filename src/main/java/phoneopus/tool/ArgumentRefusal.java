package phoneopus.tool;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.springframework.stereotype.Component;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.mcp.ToolRefusal;

/** Answers a call whose arguments cannot be taken. */
@Component
class ArgumentRefusal implements ToolRefusal {
    private final Presentation presentation;

    ArgumentRefusal(Presentation presentation) {
        this.presentation = presentation;
    }

    @Override
    public CallToolResult refuse(
            McpSyncServerExchange exchange,
            CallToolRequest request,
            InvalidArgumentException problem) {
        return presentation.fault(
                View.of(request.arguments()),
                exchange.getClientInfo(),
                request.name(),
                Faults.of(problem));
    }
}
