package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.claude.Answer;
import phoneopus.job.ConsultProperties;
import phoneopus.job.Ended;
import phoneopus.job.JobRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Render and detail, in one place. */
@Component
public class Presentation {
    /** They hand a structured result to their model: the same as text would be paid for twice. */
    private static final Set<String> STRUCTURED_IS_ENOUGH =
            Set.of("claude-code", "Visual Studio Code", "codex-mcp-client");

    private final JsonMapper json =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private final ConsultProperties properties;

    Presentation(ConsultProperties properties) {
        this.properties = properties;
    }

    CallToolResult answer(
            View view,
            @Nullable Implementation client,
            JobRequest request,
            Ended ended,
            Answer answer) {
        Excerpt excerpt = Excerpt.of(answer.response(), properties.maxResponseChars());
        if (!view.json()) {
            return CallToolResult.builder()
                    .addTextContent(Porcelain.answer(request, ended, answer, excerpt))
                    .build();
        }
        return structured(json(view.full(), request, ended, answer, excerpt), client, false);
    }

    CallToolResult fault(
            View view, @Nullable Implementation client, String operation, Fault fault) {
        if (!view.json()) {
            return CallToolResult.builder()
                    .addTextContent(Porcelain.fault(fault))
                    .isError(true)
                    .build();
        }
        return structured(json.valueToTree(FaultView.of(fault, operation)), client, true);
    }

    /** The whole record of an answered consult, on one line, uncut: for a terminal. */
    public String json(JobRequest request, Ended ended, Answer answer) {
        return json(true, request, ended, answer, Excerpt.of(answer.response(), Integer.MAX_VALUE))
                .toString();
    }

    /** A fault on one line, for a terminal. */
    public String json(String operation, Fault fault) {
        return json.writeValueAsString(FaultView.of(fault, operation));
    }

    private JsonNode json(
            boolean full, JobRequest request, Ended ended, Answer answer, Excerpt excerpt) {
        ConsultView.Concise concise = ConsultView.Concise.of(request, ended, answer, excerpt);
        return json.valueToTree(full ? ConsultView.Full.of(concise, request, answer) : concise);
    }

    private static CallToolResult structured(
            JsonNode tree, @Nullable Implementation client, boolean error) {
        CallToolResult.Builder result =
                CallToolResult.builder().structuredContent(tree).isError(error);
        boolean structuredIsEnough = client != null && STRUCTURED_IS_ENOUGH.contains(client.name());
        return structuredIsEnough
                ? result.content(java.util.List.of()).build()
                : result.addTextContent(tree.toString()).build();
    }
}
