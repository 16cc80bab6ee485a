package phoneopus.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON into maps, lists, strings, numbers and booleans. It uses only the library's parser:
 * the client's first message waits until these classes are loaded, and loading a mapper takes
 * longer than everything else.
 */
final class JsonReader {
    /**
     * Far more than any client sends; in memory, a value can take a hundred times its two bytes of
     * text.
     */
    static final int MOST_VALUES = 20_000;

    private final JsonFactory json =
            JsonFactory.builder()
                    // Otherwise the parser keeps made-up names for later messages.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build();

    /**
     * More than {@link #MOST_VALUES} values, which could fill the memory even if the text is within
     * its limit.
     */
    static final class TooManyValuesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManyValuesException() {
            super("more than " + MOST_VALUES + " values", null, false, false);
        }
    }

    /**
     * Reads a text that is a single value.
     *
     * @throws tools.jackson.core.JacksonException if it is not valid JSON or is nested too deep
     * @throws TooManyValuesException if it has too many values
     */
    @Nullable Object read(String text) {
        try (JsonParser parser = parser(text)) {
            Object value = new Tree(parser).value(parser.nextToken());
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "more than one value");
            }
            return value;
        }
    }

    /**
     * The string or number in a field of the outermost object, found without keeping any other
     * value; null if there is none.
     *
     * @throws tools.jackson.core.JacksonException if the text before it is not valid JSON
     */
    @Nullable Object scalar(String text, String field) {
        try (JsonParser parser = parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals(field);
                JsonToken value = parser.nextToken();
                if (found) {
                    return value.isScalarValue() ? new Tree(parser).value(value) : null;
                }
                parser.skipChildren();
            }
            return null;
        }
    }

    private JsonParser parser(String text) {
        return json.createParser(ObjectReadContext.empty(), text);
    }

    /** The value cast to an object; null if it is not one. */
    @SuppressWarnings("unchecked") // Tree creates every map.
    static @Nullable Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : null;
    }

    /** Builds the value of one text and counts its parts. */
    private static final class Tree {
        private final JsonParser parser;
        private int values;

        Tree(JsonParser parser) {
            this.parser = parser;
        }

        /** This recursion is bounded, since the parser rejects text that is nested too deep. */
        @Nullable Object value(@Nullable JsonToken token) {
            if (++values > MOST_VALUES) {
                throw new TooManyValuesException();
            }
            if (token == JsonToken.START_OBJECT) {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    object.put(name, value(parser.nextToken()));
                }
                return object;
            }
            if (token == JsonToken.START_ARRAY) {
                List<@Nullable Object> array = new ArrayList<>();
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = parser.nextToken()) {
                    array.add(value(next));
                }
                return array;
            }
            if (token == JsonToken.VALUE_STRING) {
                return parser.getString();
            }
            if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                return parser.getNumberValue();
            }
            if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
                return token == JsonToken.VALUE_TRUE;
            }
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            throw new StreamReadException(parser, "no value");
        }
    }
}
