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
import phoneopus.mcp.Argument.Hint;

/**
 * The contract of a tool, read from its annotated method. Its schema is closed and has bounds, and
 * it uses the words of JSON ({@code max_turns}, {@code porcelain}) for those of Java ({@code
 * maxTurns}, {@code PORCELAIN}).
 */
public final class ToolContract {
    /** The letters of a name in which two wrong ones still leave it recognizable. */
    private static final int SHORT_NAME = 6;

    private final Tool tool;
    private final Map<String, Argument> arguments;

    /**
     * @param method a method annotated with {@link McpTool}
     * @param common arguments the tool takes in addition to the method's parameters
     * @param hints by the name of an argument
     */
    public ToolContract(Method method, List<Argument> common, Map<String, Hint> hints) {
        this.arguments = new LinkedHashMap<>();
        for (Parameter parameter : method.getParameters()) {
            McpToolParam description = parameter.getAnnotation(McpToolParam.class);
            if (description != null) {
                Argument argument = Argument.of(parameter, description, hints);
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
     * The arguments of a call.
     *
     * @param values by the names of the method's parameters
     * @param ignored names that the tool does not know
     */
    public record Arguments(Map<String, Object> values, List<String> ignored) {}

    /**
     * Converts the arguments from JSON to those of the method. Clients add arguments of their own,
     * which are ignored. One that looks like a misspelt argument of ours is refused instead:
     * without it, the tool would do something else, which may cost money.
     *
     * @throws InvalidArgumentException if one is missing, misspelt, of the wrong type or out of
     *     range
     */
    public Arguments read(@Nullable Map<String, Object> given) {
        Map<String, Object> json = given == null ? Map.of() : given;
        Map<String, Object> java = new HashMap<>();
        List<Argument> absent = new ArrayList<>();
        for (Argument argument : arguments.values()) {
            Object value = json.get(argument.name());
            if (value == null || argument.absent(value)) {
                absent.add(argument);
            } else {
                java.put(argument.parameter(), argument.read(value));
            }
        }
        List<String> ignored = new ArrayList<>();
        json.forEach((name, value) -> {
            if (!arguments.containsKey(name)) {
                refuseMisspelt(name, value, absent);
                ignored.add(name);
            }
        });
        for (Argument argument : absent) {
            if (argument.required()) {
                throw argument.missing(tool.name(), ignored);
            }
        }
        return new Arguments(java, ignored);
    }

    /**
     * @param absent the arguments that it can be meant for
     */
    private void refuseMisspelt(String name, @Nullable Object value, List<Argument> absent) {
        if (value == null || GivenValue.of(value).isNone()) {
            return;
        }
        String meant =
                absent.stream()
                        .filter(argument -> argument.isCalled(name))
                        .map(Argument::name)
                        .findFirst()
                        .orElseGet(() ->
                                Misspelling.nearest(
                                                name,
                                                absent.stream().map(Argument::name).toList(),
                                                length -> length < SHORT_NAME ? 1 : 2)
                                        .stream()
                                        .findFirst()
                                        .orElse(null));
        if (meant != null) {
            throw new InvalidArgumentException(
                    "%s takes no argument %s, got %s; call it %s"
                            .formatted(
                                    tool.name(),
                                    InvalidArgumentException.quote(name),
                                    GivenValue.of(value).described(),
                                    meant));
        }
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
