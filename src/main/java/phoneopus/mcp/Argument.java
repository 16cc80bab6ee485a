package phoneopus.mcp;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.lang.reflect.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpToolParam;

/**
 * An argument of a tool: builds its schema and reads values by the same rules, with its own error
 * messages. The schema says what to send; models and clients send other notations of the same
 * value, too, which are as clear.
 *
 * @param name its name in JSON
 * @param parameter its name in Java
 * @param hint empty if nobody needs one
 */
public record Argument(
        String name, String parameter, String description, boolean required, Kind kind, Hint hint) {
    private static final int EXAMPLE = 10;

    /**
     * In a JSON schema, {@code \s} matches only some control characters, but Java treats all of
     * them as blank.
     */
    private static final String NON_BLANK_PATTERN = "[^\\s\\x00-\\x1f]";

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

    /**
     * What helps a caller who gets an argument wrong.
     *
     * @param remedy what to send instead; empty for the usual example
     * @param otherNames what models call it, in lower-case letters
     * @param values of a text, the only ones that the settings allow; may be empty
     */
    public record Hint(String remedy, Set<String> otherNames, List<String> values) {
        static final Hint NONE = new Hint("", Set.of(), List.of());

        /** The other names are separated by blanks. */
        public static Hint of(String remedy, String otherNames) {
            return new Hint(remedy, Set.of(otherNames.split(" ")), List.of());
        }

        public Hint allowing(List<String> only) {
            return new Hint(remedy, otherNames, only);
        }
    }

    /** An optional argument that is not a parameter of the method. */
    public static Argument choice(String name, String description, Class<? extends Enum<?>> words) {
        return new Argument(name, name, description, false, Kind.Choice.of(words), Hint.NONE);
    }

    static Argument of(Parameter parameter, McpToolParam described, Map<String, Hint> hints) {
        String name = parameter.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return new Argument(
                name,
                parameter.getName(),
                described.description(),
                described.required(),
                kindOf(parameter),
                hints.getOrDefault(name, Hint.NONE));
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
                    least == null ? Integer.MIN_VALUE : least.value(),
                    most == null ? Integer.MAX_VALUE : most.value());
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
                if (!hint.values().isEmpty()) {
                    schema.put("enum", hint.values());
                }
            }
            case Kind.Identifier() -> {
                // Without a format: Gemini refuses all tools if a string has another than
                // date-time.
                schema.put("type", "string");
            }
            case Kind.Count(long least, long most) -> {
                schema.put("type", "integer");
                if (least > Integer.MIN_VALUE) {
                    schema.put("minimum", least);
                }
                if (most < Integer.MAX_VALUE) {
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

    /** Whether the value stands for none: some clients and models fill in every argument. */
    boolean absent(Object value) {
        if (required) {
            return false;
        }
        GivenValue given = GivenValue.of(value);
        // Any number from 1 on would do, so 0 can only mean that there is no bound.
        return given.isNone()
                || (kind instanceof Kind.Count(long least, long most)
                        && least == 1
                        && most == Integer.MAX_VALUE
                        && given.number() == 0);
    }

    /** Checks the value and returns it as the method takes it. */
    Object read(Object value) {
        GivenValue given = GivenValue.of(value);
        return switch (kind) {
            case Kind.Text(boolean blank) -> {
                if (!(value instanceof String text)) {
                    throw wrong("must be a string", given);
                }
                if (!blank && given.isBlank()) {
                    throw missing("", List.of());
                }
                // A text that must not be blank is for a reader, so it is taken word for word.
                yield blank ? given.bare() : text;
            }
            case Kind.Identifier() -> taken(given.uuid(), "must be a valid UUID", given);
            case Kind.Count(long least, long most) -> {
                double number = given.number();
                boolean fits =
                        number == Math.rint(number)
                                && number >= (double) least
                                && number <= (double) most;
                yield taken(
                        fits ? (Integer) (int) number : null,
                        "must be an integer from " + least + " to " + most,
                        given);
            }
            case Kind.Flag() -> taken(given.flag(), "must be true or false", given);
            case Kind.Choice(Map<String, Object> constants) ->
                    // The constant itself, since the library's spelling of constants depends on
                    // their class.
                    taken(
                            constants.get(given.word()),
                            "must be one of " + String.join(", ", constants.keySet()),
                            given);
        };
    }

    private Object taken(@Nullable Object value, String rule, GivenValue given) {
        if (value == null) {
            throw wrong(rule, given);
        }
        return value;
    }

    /** Whether a name that is not ours, in any notation, is one that models use for it. */
    boolean isCalled(String name) {
        String letters = Misspelling.letters(name);
        return letters.equals(Misspelling.letters(this.name))
                || hint.otherNames().contains(letters);
    }

    /**
     * The error if it is required and missing.
     *
     * @param unknown the other names that were given, one of which may be meant for it
     */
    InvalidArgumentException missing(String tool, List<String> unknown) {
        return new InvalidArgumentException(
                name
                        + (kind instanceof Kind.Text ? " must not be empty" : " is missing")
                        + (unknown.isEmpty()
                                ? ""
                                : "; %s takes no argument %s"
                                        .formatted(
                                                tool,
                                                InvalidArgumentException.quote(
                                                        unknown.getFirst()))));
    }

    private InvalidArgumentException wrong(String rule, GivenValue given) {
        String remedy = hint.remedy().isEmpty() ? example() : hint.remedy();
        return new InvalidArgumentException(
                name
                        + " "
                        + rule
                        + ", got "
                        + given.described()
                        + (remedy.isEmpty() ? "" : "; " + remedy));
    }

    /** Empty if the rule names all values. */
    private String example() {
        return switch (kind) {
            case Kind.Text _ -> "for example \"%s\": \"…\"".formatted(name);
            case Kind.Identifier _ -> required ? "copy it from an answer" : "leave it out for none";
            case Kind.Count(long least, long most) ->
                    "for example \"%s\": %d".formatted(name, Math.clamp(EXAMPLE, least, most));
            case Kind.Flag _ -> "for example \"%s\": true".formatted(name);
            case Kind.Choice _ -> "";
        };
    }
}
