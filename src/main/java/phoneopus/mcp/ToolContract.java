package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;

/**
 * The contract of a tool, read from its annotated method. Its schema is closed and has bounds, and
 * it uses the words of JSON ({@code max_turns}, {@code porcelain}) for those of Java ({@code
 * maxTurns}, {@code PORCELAIN}).
 */
public final class ToolContract {
    private final Tool tool;
    private final Map<String, Argument> arguments;

    /**
     * @param method a method annotated with {@link McpTool}
     * @param common arguments the tool takes in addition to the method's parameters
     */
    public ToolContract(Method method, List<Argument> common) {
        this.arguments = new LinkedHashMap<>();
        for (Parameter parameter : method.getParameters()) {
            McpToolParam description = parameter.getAnnotation(McpToolParam.class);
            if (description != null) {
                Argument argument = Argument.of(parameter, description);
                arguments.put(argument.name(), argument);
            }
        }
        common.forEach(argument -> arguments.put(argument.name(), argument));
        this.tool = described(Objects.requireNonNull(method.getAnnotation(McpTool.class)));
    }

    public Tool tool() {
        return tool;
    }

    /**
     * Converts the arguments from JSON to those of the method.
     *
     * @throws InvalidArgumentException if one is missing, unknown, of the wrong type or out of
     *     range
     */
    public Map<String, Object> read(@Nullable Map<String, Object> given) {
        Map<String, Object> json = given == null ? Map.of() : given;
        for (Map.Entry<String, Object> member : json.entrySet()) {
            if (!arguments.containsKey(member.getKey())) {
                throw new InvalidArgumentException(
                        "%s takes no argument %s (got %s), only %s"
                                .formatted(
                                        tool.name(),
                                        InvalidArgumentException.quote(member.getKey()),
                                        InvalidArgumentException.quote(member.getValue()),
                                        String.join(", ", arguments.keySet())));
            }
        }
        Map<String, Object> java = new HashMap<>();
        for (Argument argument : arguments.values()) {
            Object value = json.get(argument.name());
            if (value != null) {
                java.put(argument.parameter(), argument.read(value));
            } else if (argument.required()) {
                throw argument.missing();
            }
        }
        return java;
    }

    private Tool described(McpTool named) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Argument argument : arguments.values()) {
            properties.put(argument.name(), argument.schema());
            if (argument.required()) {
                required.add(argument.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        McpTool.McpAnnotations hints = named.annotations();
        return Tool.builder(named.name(), schema)
                .title(named.title())
                .description(named.description())
                // The tool itself has the title; repeating it here only fills every client's
                // context.
                .annotations(
                        ToolAnnotations.builder()
                                .readOnlyHint(hints.readOnlyHint())
                                .destructiveHint(hints.destructiveHint())
                                .idempotentHint(hints.idempotentHint())
                                .openWorldHint(hints.openWorldHint())
                                .build())
                .build();
    }
}
