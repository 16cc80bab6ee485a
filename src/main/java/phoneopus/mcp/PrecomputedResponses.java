package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
 * The answers to {@code initialize} and {@code tools/list}, known since the build: its approved
 * files. An answer that may differ at run time is null.
 */
public final class PrecomputedResponses {
    /** Has no answers. */
    public static final PrecomputedResponses EMPTY = new PrecomputedResponses(null, null);

    /**
     * The supported protocol versions, newest last; an unknown version is answered with the newest.
     */
    public static final List<String> PROTOCOL_VERSIONS =
            List.of(
                    ProtocolVersions.MCP_2024_11_05,
                    ProtocolVersions.MCP_2025_03_26,
                    ProtocolVersions.MCP_2025_06_18,
                    ProtocolVersions.MCP_2025_11_25);

    /** The placeholders in the approved handshake for values known only at run time. */
    private static final String PROTOCOL_VERSION = "@protocolVersion@";

    private static final String VERSION = "@version@";

    /** A sample of a client's first message. */
    private static final String FIRST_WORDS =
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"","capabilities":{},\
            "clientInfo":{"name":"","version":""}}}\
            """;

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

    /** Reads and answers a sample, which loads the classes for a client's first message. */
    public void warmUp(JsonRpcMessage.Reader reader) {
        if (reader.read(StandardCharsets.UTF_8.encode(FIRST_WORDS))
                instanceof JsonRpcMessage.Message(JSONRPCRequest request)) {
            String known = handshake(request.params());
            answer(request.method(), known == null ? "" : known);
        }
    }

    /**
     * The result of an {@code initialize}.
     *
     * @return null if it is not known, for example because the server may refuse the parameters
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
     * @return null if it is not known
     */
    public @Nullable String tools() {
        return tools;
    }

    /**
     * The response to a request.
     *
     * @param result the result as JSON
     */
    public static String answer(Object id, String result) {
        // Not concatenated by `+`: its first use would slow down the start more than this whole
        // method.
        StringBuilder text = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":");
        appendJson(text, id);
        return text.append(",\"result\":").append(result).append('}').toString();
    }

    /** Appends a string, a number or null as JSON. */
    static void appendJson(StringBuilder text, @Nullable Object value) {
        if (value instanceof String word) {
            text.append('"')
                    .append(JsonStringEncoder.getInstance().quoteAsCharArray(word))
                    .append('"');
        } else {
            text.append(value);
        }
    }

    /**
     * Whether the library can convert the parameters to its own types; otherwise it refuses the
     * handshake.
     */
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

    /** Whether the value is missing or an object that contains only objects. */
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

    /** The resource's JSON on one line, as the server writes it. */
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
