package phoneopus.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON → maps, lists, strings, numbers and booleans. By the library's parser alone: the client's
 * first message waits for whatever is loaded here, and a mapper takes longer than all the rest.
 */
final class JsonReader {
    private final JsonFactory json = new JsonFactory();

    /**
     * Reads the one value that the text is.
     *
     * @throws tools.jackson.core.JacksonException where it is none, or nested too deep
     */
    @Nullable Object read(String text) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            Object value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "more than one value");
            }
            return value;
        }
    }

    /** A value that is an object, as such; null for any other. */
    @SuppressWarnings("unchecked") // It has been made below.
    static @Nullable Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : null;
    }

    /** The parser refuses what is nested too deep for this to follow. */
    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token) {
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                object.put(name, value(parser, parser.nextToken()));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            for (JsonToken next = parser.nextToken();
                    next != JsonToken.END_ARRAY;
                    next = parser.nextToken()) {
                array.add(value(parser, next));
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
