package phoneopus.mcp;

import org.springframework.ai.mcp.annotation.McpTool;

/** A bean with methods that are tools, marked by {@link McpTool}. */
public interface ToolBean {}
