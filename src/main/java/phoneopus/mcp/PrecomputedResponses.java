package phoneopus.mcp;

import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * What the server will say of itself and its tools, known since the build: the approved answers.
 * Where one could differ, it is not known.
 */
public final class PrecomputedResponses {
    /** Knows nothing. */
    public static final PrecomputedResponses EMPTY = new PrecomputedResponses(null, null);

    /** Those that the server speaks, the newest last: an unknown one is answered with that. */
    public static final List<String> PROTOCOL_VERSIONS =
            List.of(
                    ProtocolVersions.MCP_2024_11_05,
                    ProtocolVersions.MCP_2025_03_26,
                    ProtocolVersions.MCP_2025_06_18,
                    ProtocolVersions.MCP_2025_11_25);

    /** What stands in the approved handshake for what is only known later. */
    private static final String PROTOCOL_VERSION = "@protocolVersion@";

    private static final String VERSION = "@version@";

    private final @Nullable String handshake;
    private final @Nullable String tools;

    private PrecomputedResponses(@Nullable String handshake, @Nullable String tools) {
        this.handshake = handshake;
        this.tools = tools;
    }

    public static PrecomputedResponses built() {
        try (InputStream facts = resource("META-INF/build-info.properties")) {
            Properties build = new Properties();
            build.load(facts);
            return new PrecomputedResponses(
                    compact("initialize.approved.json")
                            .replace(VERSION, build.getProperty("build.version")),
                    compact("tools.approved.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PrecomputedResponses withoutTools() {
        return new PrecomputedResponses(handshake, null);
    }

    /**
     * The result of an {@code initialize}.
     *
     * @return null where it is not known, as for parameters that the server may refuse
     */
    public @Nullable String handshake(@Nullable Object params) {
        if (handshake == null
                || !(params instanceof Map<?, ?> given)
                || !(given.get("protocolVersion") instanceof String wanted)
                || !readable(given)) {
            return null;
        }
        return handshake.replace(
                PROTOCOL_VERSION,
                PROTOCOL_VERSIONS.contains(wanted) ? wanted : PROTOCOL_VERSIONS.getLast());
    }

    /**
     * The result of a {@code tools/list}, whose parameters the server ignores.
     *
     * @return null where it is not known
     */
    public @Nullable String tools() {
        return tools;
    }

    /**
     * The response to a request.
     *
     * @param result is JSON already
     */
    public static String answer(Object id, String result) {
        // Joined by `+`, strings cost a start more than the whole of this.
        StringBuilder text = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":");
        appendJson(text, id);
        return text.append(",\"result\":").append(result).append('}').toString();
    }

    /** A string, a number or null, as JSON. */
    static void appendJson(StringBuilder text, @Nullable Object value) {
        if (value instanceof String word) {
            text.append('"')
                    .append(JsonStringEncoder.getInstance().quoteAsCharArray(word))
                    .append('"');
        } else {
            text.append(value);
        }
    }

    /** Whether the library can make its own types of it: it refuses a handshake that it cannot. */
    private static boolean readable(Map<?, ?> params) {
        return params.get("capabilities") instanceof Map<?, ?> capabilities
                && params.get("clientInfo") instanceof Map<?, ?> client
                && object(params.get("_meta"))
                && client.get("name") instanceof String
                && client.get("version") instanceof String
                && text(client.get("title"))
                && text(client.get("description"))
                && text(client.get("websiteUrl"))
                && client.get("icons") == null
                && object(capabilities.get("experimental"))
                && object(capabilities.get("sampling"))
                && objects(capabilities.get("extensions"))
                && objects(capabilities.get("elicitation"))
                && roots(capabilities.get("roots"));
    }

    private static boolean text(@Nullable Object value) {
        return value == null || value instanceof String;
    }

    private static boolean object(@Nullable Object value) {
        return value == null || value instanceof Map;
    }

    /** An object of objects. */
    private static boolean objects(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            for (Object member : members.values()) {
                if (!(member instanceof Map)) {
                    return false;
                }
            }
            return true;
        }
        return value == null;
    }

    private static boolean roots(@Nullable Object value) {
        if (value instanceof Map<?, ?> roots) {
            Object listChanged = roots.get("listChanged");
            return listChanged == null || listChanged instanceof Boolean;
        }
        return value == null;
    }

    /** On one line, as the server writes it. */
    private static String compact(String name) throws IOException {
        JsonFactory json = new JsonFactory();
        StringWriter text = new StringWriter();
        try (InputStream file = resource(name);
                JsonParser parser = json.createParser(ObjectReadContext.empty(), file);
                JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), text)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        }
        return text.toString();
    }

    private static InputStream resource(String name) throws IOException {
        InputStream resource = PrecomputedResponses.class.getResourceAsStream("/" + name);
        if (resource == null) {
            throw new FileNotFoundException(name);
        }
        return resource;
    }
}
