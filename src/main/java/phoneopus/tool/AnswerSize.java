package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import phoneopus.mcp.ToolAdjustment;

/**
 * Says which tools return answers, for Claude Code: without it a result of more than 50,000
 * characters becomes a file that the model may not be able to open.
 */
@Component
class AnswerSize implements ToolAdjustment {
    private static final Set<String> RETURN_ANSWERS =
            Set.of("consult", "consult_job", "consult_wait", "consult_cancel", "consult_jobs");

    /**
     * Room for an answer that was cut at {@code consult.max-response-chars}, in JSON and with all
     * that is said of it. What is longer, in json and full, is better kept in a file.
     */
    private static final Map<String, Object> ROOM = Map.of("anthropic/maxResultSizeChars", 120_000);

    @Override
    public Tool apply(Tool tool) {
        if (!RETURN_ANSWERS.contains(tool.name())) {
            return tool;
        }
        return Tool.builder(tool.name(), tool.inputSchema())
                .title(tool.title())
                .description(tool.description())
                .annotations(tool.annotations())
                .meta(ROOM)
                .build();
    }
}
