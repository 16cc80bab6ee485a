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
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpToolParam;

/**
 * What a tool takes, read off its annotated method: the library's schema, closed, with bounds, and
 * in the words of JSON ({@code max_turns}, {@code porcelain}) where the method has Java's ({@code
 * maxTurns}, {@code PORCELAIN}).
 */
final class ToolContract {
    private final Tool tool;
    private final Map<String, Argument> arguments;

    /**
     * @param method has the parameters that the library made the tool's schema from
     */
    ToolContract(Tool generated, Method method) {
        this.arguments = new LinkedHashMap<>();
        for (Parameter parameter : method.getParameters()) {
            McpToolParam description = parameter.getAnnotation(McpToolParam.class);
            if (description != null) {
                Argument argument = Argument.of(parameter, description);
                arguments.put(argument.name(), argument);
            }
        }
        this.tool = closed(generated);
    }

    Tool tool() {
        return tool;
    }

    /**
     * JSON's arguments as the method's.
     *
     * @throws InvalidArgumentException where one is missing, unknown, of the wrong type or out of
     *     range
     */
    Map<String, Object> read(@Nullable Map<String, Object> given) {
        Map<String, Object> json = given == null ? Map.of() : given;
        for (String name : json.keySet()) {
            if (!arguments.containsKey(name)) {
                throw new InvalidArgumentException(
                        "%s takes no argument %s, only %s"
                                .formatted(
                                        tool.name(),
                                        InvalidArgumentException.quote(name),
                                        String.join(", ", arguments.keySet())));
            }
        }
        Map<String, Object> java = new HashMap<>();
        for (Argument argument : arguments.values()) {
            Object value = json.get(argument.name());
            if (value != null) {
                java.put(argument.parameter(), argument.read(value));
            } else if (argument.required()) {
                throw new InvalidArgumentException(argument.name() + " must not be empty");
            }
        }
        return java;
    }

    private Tool closed(Tool generated) {
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
        ToolAnnotations hints = generated.annotations();
        return Tool.builder(generated.name(), schema)
                .title(generated.title())
                .description(generated.description())
                // The title stands in the tool itself; a second one only costs every client's
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
