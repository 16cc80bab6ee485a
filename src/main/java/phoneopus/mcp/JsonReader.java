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
 * JSON → maps, lists, strings, numbers and booleans. By the library's parser alone: the client's
 * first message waits for whatever is loaded here, and a mapper takes longer than all the rest.
 */
final class JsonReader {
    /** Far more than any client says; each takes up to a hundred times its two bytes of text. */
    static final int MOST_VALUES = 20_000;

    private final JsonFactory json =
            JsonFactory.builder()
                    // Else names that somebody made up are kept for the next message.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build();

    /** More than {@link #MOST_VALUES}: a text within its limit could fill the memory by them. */
    static final class TooManyValuesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManyValuesException() {
            super("more than " + MOST_VALUES + " values", null, false, false);
        }
    }

    /**
     * Reads the one value that the text is.
     *
     * @throws tools.jackson.core.JacksonException where it is none, or nested too deep
     * @throws TooManyValuesException where it is made of too many
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
     * The string or number that a field of the outermost object is, found without keeping any other
     * value; null where there is none.
     *
     * @throws tools.jackson.core.JacksonException where what stands before it is no JSON
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

    /** A value that is an object, as such; null for any other. */
    @SuppressWarnings("unchecked") // It has been made below.
    static @Nullable Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : null;
    }

    /** What is made of one text, and counted meanwhile. */
    private static final class Tree {
        private final JsonParser parser;
        private int values;

        Tree(JsonParser parser) {
            this.parser = parser;
        }

        /** The parser refuses what is nested too deep for this to follow. */
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
