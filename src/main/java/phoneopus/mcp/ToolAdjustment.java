package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.function.UnaryOperator;

/** What of a tool's description depends on the settings. */
@FunctionalInterface
public interface ToolAdjustment extends UnaryOperator<Tool> {}
