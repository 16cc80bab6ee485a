package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeProperties;
import phoneopus.mcp.ToolAdjustment;

/** A consult is read-only only as long as the settings give Claude no tool that edits. */
@Component
class ConsultHints implements ToolAdjustment {
    private final ClaudeProperties claude;

    ConsultHints(ClaudeProperties claude) {
        this.claude = claude;
    }

    @Override
    public Tool apply(Tool tool) {
        if (!tool.name().equals("consult") || claude.readOnly()) {
            return tool;
        }
        return Tool.builder(tool.name(), tool.inputSchema())
                .title(tool.title())
                .description(ConsultTool.EDITING)
                .annotations(
                        ToolAnnotations.builder()
                                .readOnlyHint(false)
                                .destructiveHint(true)
                                .idempotentHint(false)
                                .openWorldHint(true)
                                .build())
                .meta(tool.meta())
                .build();
    }
}
