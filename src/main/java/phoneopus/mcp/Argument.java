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
 * One argument of a tool: its schema, and the same rule applied to a value, in our own words.
 *
 * @param name as in JSON
 * @param parameter as in Java
 */
public record Argument(
        String name, String parameter, String description, boolean required, Kind kind) {
    private static final Pattern UUID_FORM =
            Pattern.compile(
                    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** Of the control characters JSON's own pattern takes only some for blanks, Java all. */
    private static final String NOT_BLANK = "[^\\s\\x00-\\x1f]";

    /** What JSON schemas take for a blank. */
    private static final Pattern SOMETHING =
            Pattern.compile(
                    "[^\\x00-\\x20\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]");

    /** What values it takes. */
    sealed interface Kind {
        record Text(boolean blank) implements Kind {}

        record Identifier() implements Kind {}

        record Count(long least, long most) implements Kind {}

        record Flag() implements Kind {}

        /** Words as in JSON, and the constants that they stand for. */
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

    /** One that is no parameter of the method, and may be left out. */
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
                    // One that has no rule at all is for its tool to clamp.
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
                    schema.put("pattern", NOT_BLANK);
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

    /** The value as the method takes it. */
    Object read(Object value) {
        return switch (kind) {
            case Kind.Text(boolean blank) -> {
                if (!(value instanceof String text)) {
                    throw wrong("must be a string", value);
                }
                if (!blank && !SOMETHING.matcher(text).find()) {
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
                // The constant itself: how the library spells one depends on its class.
                Object constant = value instanceof String word ? constants.get(word) : null;
                if (constant != null) {
                    yield constant;
                }
                throw wrong("must be one of " + String.join(", ", constants.keySet()), value);
            }
        };
    }

    /** Where it is required, and not given. */
    InvalidArgumentException missing() {
        return new InvalidArgumentException(
                name + (kind instanceof Kind.Text ? " must not be empty" : " is missing"));
    }

    private InvalidArgumentException wrong(String rule, Object value) {
        return new InvalidArgumentException(
                name + " " + rule + ", got " + InvalidArgumentException.quote(value));
    }
}
