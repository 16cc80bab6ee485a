package phoneopus.mcp;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.lang.reflect.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.ai.mcp.annotation.McpToolParam;

/**
 * An argument of a tool: builds its schema and checks values by the same rules, with its own error
 * messages.
 *
 * @param name its name in JSON
 * @param parameter its name in Java
 */
public record Argument(
        String name, String parameter, String description, boolean required, Kind kind) {
    private static final Pattern UUID_FORM =
            Pattern.compile(
                    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /**
     * In a JSON schema, {@code \s} matches only some control characters, but Java treats all of
     * them as blank.
     */
    private static final String NON_BLANK_PATTERN = "[^\\s\\x00-\\x1f]";

    /** Matches a character that is not blank by the rules of JSON schemas. */
    private static final Pattern NON_BLANK =
            Pattern.compile(
                    "[^\\x00-\\x20\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]");

    /** The type of its values and their limits. */
    sealed interface Kind {
        record Text(boolean blank) implements Kind {}

        record Identifier() implements Kind {}

        record Count(long least, long most) implements Kind {}

        record Flag() implements Kind {}

        /** The words of JSON and the constants they stand for. */
        record Choice(Map<String, Object> constants) implements Kind {
            static Choice of(Class<?> words) {
                Map<String, Object> constants = new LinkedHashMap<>();
                for (Object constant : words.getEnumConstants()) {
                    constants.put(((Enum<?>) constant).name().toLowerCase(Locale.ROOT), constant);
                }
                return new Choice(constants);
            }
        }
    }

    /** An optional argument that is not a parameter of the method. */
    public static Argument choice(String name, String description, Class<? extends Enum<?>> words) {
        return new Argument(name, name, description, false, Kind.Choice.of(words));
    }

    static Argument of(Parameter parameter, McpToolParam described) {
        String name = parameter.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return new Argument(
                name,
                parameter.getName(),
                described.description(),
                described.required(),
                kindOf(parameter));
    }

    private static Kind kindOf(Parameter parameter) {
        Class<?> type = parameter.getType();
        if (type.isEnum()) {
            return Kind.Choice.of(type);
        }
        if (type == UUID.class) {
            return new Kind.Identifier();
        }
        if (type == Boolean.class) {
            return new Kind.Flag();
        }
        if (type == Integer.class) {
            Min least = parameter.getAnnotation(Min.class);
            Max most = parameter.getAnnotation(Max.class);
            return new Kind.Count(
                    least == null ? Long.MIN_VALUE : least.value(),
                    // Without any constraint the tool clamps the value itself.
                    most != null
                            ? most.value()
                            : least == null ? Long.MAX_VALUE : Integer.MAX_VALUE);
        }
        if (type == String.class) {
            return new Kind.Text(!parameter.isAnnotationPresent(NotBlank.class));
        }
        throw new IllegalArgumentException("a tool's argument cannot be a " + type);
    }

    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (kind) {
            case Kind.Text(boolean blank) -> {
                schema.put("type", "string");
                if (!blank) {
                    schema.put("pattern", NON_BLANK_PATTERN);
                }
            }
            case Kind.Identifier() -> {
                schema.put("type", "string");
                schema.put("format", "uuid");
            }
            case Kind.Count(long least, long most) -> {
                schema.put("type", "integer");
                if (least > Long.MIN_VALUE) {
                    schema.put("minimum", least);
                }
                if (most <= Integer.MAX_VALUE) {
                    schema.put("maximum", most);
                }
            }
            case Kind.Flag() -> schema.put("type", "boolean");
            case Kind.Choice(Map<String, Object> constants) -> {
                schema.put("type", "string");
                schema.put("enum", List.copyOf(constants.keySet()));
            }
        }
        schema.put("description", description);
        return schema;
    }

    /** Checks the value and returns it as the method takes it. */
    Object read(Object value) {
        return switch (kind) {
            case Kind.Text(boolean blank) -> {
                if (!(value instanceof String text)) {
                    throw wrong("must be a string", value);
                }
                if (!blank && !NON_BLANK.matcher(text).find()) {
                    throw missing();
                }
                yield text;
            }
            case Kind.Identifier() -> {
                if (value instanceof String text && UUID_FORM.matcher(text).matches()) {
                    yield text;
                }
                throw wrong("must be a valid UUID", value);
            }
            case Kind.Count(long least, long most) -> {
                if (value instanceof Number number
                        && number.doubleValue() == Math.rint(number.doubleValue())
                        && number.doubleValue() >= (double) least
                        && number.doubleValue() <= (double) most) {
                    yield Math.clamp(number.longValue(), Integer.MIN_VALUE, Integer.MAX_VALUE);
                }
                throw wrong("must be an integer from " + least + " to " + most, value);
            }
            case Kind.Flag() -> {
                if (value instanceof Boolean) {
                    yield value;
                }
                throw wrong("must be true or false", value);
            }
            case Kind.Choice(Map<String, Object> constants) -> {
                // The constant itself, since the library's spelling of constants depends on their
                // class.
                Object constant = value instanceof String word ? constants.get(word) : null;
                if (constant != null) {
                    yield constant;
                }
                throw wrong("must be one of " + String.join(", ", constants.keySet()), value);
            }
        };
    }

    /** The error if it is required and missing. */
    InvalidArgumentException missing() {
        return new InvalidArgumentException(
                name + (kind instanceof Kind.Text ? " must not be empty" : " is missing"));
    }

    private InvalidArgumentException wrong(String rule, Object value) {
        return new InvalidArgumentException(
                name + " " + rule + ", got " + InvalidArgumentException.quote(value));
    }
}
