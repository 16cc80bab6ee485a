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
 * One line of the command's output → the events in it. What can be read of a line is read: several
 * events in one, text that is not valid UTF-8, UTF-16, and figures of any size.
 */
final class EventLine {
    /** Digits of a number. A longer one is not read, nor is its event. */
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

    /** None where the line holds no JSON at all. */
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
                // As text, in which each byte that is no UTF-8 has become a replacement character.
                read(new String(line, StandardCharsets.UTF_8), events);
            }
        }
        return events;
    }

    private static void read(String text, List<JsonNode> events) {
        try {
            read(JSON.readerFor(JsonNode.class).readValues(text), events);
        } catch (JacksonException _) {
            // What came before the damage is there.
        }
    }

    private static void read(MappingIterator<JsonNode> roots, List<JsonNode> events) {
        try (roots) {
            while (roots.hasNextValue()) {
                // An array comes as its elements: it is what --output-format json prints where the
                // user's settings say verbose.
                events.add(roots.nextValue());
            }
        }
    }

    /**
     * The text of a line in UTF-16; null where it is not. Lines were split at the byte of a line
     * feed, whose other byte is left at an end.
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
                // The other one, or none.
            }
        }
        return null;
    }
}
