package phoneopus.claude;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses a line of the command's output into events, and describes them. Tolerates several events
 * in a line, invalid UTF-8, UTF-16, and numbers of any size.
 */
public final class EventLine {
    /** The inputs that best describe a tool call; the first one present is used. */
    private static final String[] TELLING_INPUTS = {
        "file_path", "path", "pattern", "command", "url", "query", "description", "prompt"
    };

    private static final int LONGEST_TELLING_INPUT = 80;

    /** The digits of the longest number. An event with a longer one is ignored. */
    private static final int LONGEST_NUMBER = 10_000;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNumberLength(LONGEST_NUMBER)
                                                    .build())
                                    .build())
                    .build();

    private EventLine() {}

    /** Returns none if the line contains no JSON. */
    static List<JsonNode> events(byte[] line) {
        List<JsonNode> events = new ArrayList<>();
        String utf16 = utf16(line);
        if (utf16 != null) {
            read(utf16, events);
            return events;
        }
        try {
            read(JSON.readerFor(JsonNode.class).readValues(line), events);
        } catch (JacksonException _) {
            if (events.isEmpty()) {
                // Decode it as text, which turns each invalid byte into a replacement character.
                read(new String(line, StandardCharsets.UTF_8), events);
            }
        }
        return events;
    }

    private static void read(String text, List<JsonNode> events) {
        try {
            read(JSON.readerFor(JsonNode.class).readValues(text), events);
        } catch (JacksonException _) {
            // Keep the events before the damage.
        }
    }

    private static void read(MappingIterator<JsonNode> roots, List<JsonNode> events) {
        try (roots) {
            while (roots.hasNextValue()) {
                // The parser returns an array as its elements; --output-format json prints one if
                // the user's settings say verbose.
                events.add(roots.nextValue());
            }
        }
    }

    /**
     * The text of a UTF-16 line; null if it is not UTF-16. Lines are split at the line feed's byte,
     * which leaves its other byte at one end.
     */
    private static @Nullable String utf16(byte[] line) {
        if (line.length < 4 || (line[0] != 0 && line[1] != 0 && line[2] != 0)) {
            return null;
        }
        boolean odd = line.length % 2 == 1;
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            boolean little = charset.equals(StandardCharsets.UTF_16LE);
            byte[] whole =
                    !odd
                            ? line
                            : little
                                    ? Arrays.copyOfRange(line, 1, line.length)
                                    : Arrays.copyOf(line, line.length - 1);
            try {
                String text =
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .decode(ByteBuffer.wrap(whole))
                                .toString();
                String trimmed = text.startsWith("\ufeff") ? text.substring(1) : text;
                if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
                    return trimmed;
                }
            } catch (CharacterCodingException _) {
                // Try the other byte order, if any.
            }
        }
        return null;
    }

    /** Describes a tool call in one line. */
    static String toolCall(JsonNode toolUse) {
        return call(toolUse.path("name"), toolUse.path("input"));
    }

    /** Describes a refused call, as the result lists it. */
    public static String deniedCall(JsonNode denial) {
        return call(denial.path("tool_name"), denial.path("tool_input"));
    }

    private static String call(JsonNode named, JsonNode inputs) {
        String name = named.stringValue("tool");
        for (String input : TELLING_INPUTS) {
            String value = inputs.path(input).stringValue("");
            if (!value.isBlank()) {
                String line = oneLine(value);
                return name
                        + " "
                        + (line.codePointCount(0, line.length()) > LONGEST_TELLING_INPUT
                                ? line.substring(
                                                0,
                                                line.offsetByCodePoints(0, LONGEST_TELLING_INPUT))
                                        + "…"
                                : line);
            }
        }
        return name;
    }

    /** The first line, without control characters. */
    static String oneLine(String value) {
        return value.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
    }
}
