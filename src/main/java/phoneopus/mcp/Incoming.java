package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What one line of the client is. */
sealed interface Incoming {
    /** A newer client asks for it first, and falls back to initialize where it is not known. */
    String NEWER_HANDSHAKE = "server/discover";

    record Message(JSONRPCMessage message) implements Incoming {}

    /**
     * Not a message that can be served.
     *
     * @param id of the request it wanted to be, null where it has none that can be used
     */
    record Bad(@Nullable Object id, int code, String message) implements Incoming {
        /** Not the library's mapper: it leaves a null id out, and JSON-RPC wants it there. */
        private static final JsonMapper PLAIN = new JsonMapper();

        static Bad invalid(@Nullable Object id, String message) {
            return new Bad(id, ErrorCodes.INVALID_REQUEST, "Invalid request: " + message);
        }

        /** For a request that comes before the handshake. */
        static Bad tooEarly(JSONRPCRequest request) {
            return request.method().equals(NEWER_HANDSHAKE)
                    ? unknownMethod(request)
                    : invalid(request.id(), "initialize comes first");
        }

        static Bad unknownMethod(JSONRPCRequest request) {
            return new Bad(
                    request.id(),
                    ErrorCodes.METHOD_NOT_FOUND,
                    "Method not found: " + request.method());
        }

        /** What the client gets for it. */
        String answer() {
            Map<String, @Nullable Object> reply = new LinkedHashMap<>();
            reply.put("jsonrpc", McpSchema.JSONRPC_VERSION);
            reply.put("id", id);
            reply.put("error", Map.of("code", code, "message", message));
            return PLAIN.writeValueAsString(reply);
        }
    }

    /** A line with nothing on it. */
    record Blank() implements Incoming {}

    /** Reads lines. What the library would end the server for gets an answer here instead. */
    final class Reader {
        private static final String BYTE_ORDER_MARK = "\uFEFF";

        private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

        private final JsonMapper json = new JsonMapper();

        Incoming read(ByteBuffer line) {
            String text;
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(line).toString();
            } catch (CharacterCodingException _) {
                return new Bad(
                        null, ErrorCodes.PARSE_ERROR, "Parse error: the message is not UTF-8");
            }
            if (text.startsWith(BYTE_ORDER_MARK)) {
                text = text.substring(BYTE_ORDER_MARK.length());
            }
            if (text.isBlank()) {
                return new Blank();
            }
            try {
                return message(json.readTree(text));
            } catch (JacksonException _) {
                return new Bad(
                        null,
                        ErrorCodes.PARSE_ERROR,
                        "Parse error: the message is not JSON, or nested too deep");
            }
        }

        private Incoming message(JsonNode node) {
            if (node.isArray()) {
                return Bad.invalid(null, "batches are not supported, send one message at a time");
            }
            if (!node.isObject()) {
                return Bad.invalid(null, "a message is a JSON object");
            }
            Object id = idOf(node.path("id"));
            if (!node.path("jsonrpc").stringValue("").equals(McpSchema.JSONRPC_VERSION)) {
                return Bad.invalid(id, "jsonrpc must be \"2.0\"");
            }
            if (node.has("id") && id == null) {
                return Bad.invalid(null, "id must be a string or an integer");
            }
            if (node.has("method")) {
                return call(node, id);
            }
            if (id == null || node.has("result") == node.has("error")) {
                return Bad.invalid(id, "a message has a method, a result or an error");
            }
            return response(node, id);
        }

        private Incoming call(JsonNode node, @Nullable Object id) {
            if (!node.path("method").isString()) {
                return Bad.invalid(id, "method must be a string");
            }
            String method = node.path("method").stringValue();
            JsonNode params = node.path("params");
            boolean absent = params.isMissingNode() || params.isNull();
            if (!absent && !params.isObject()) {
                return invalidParams(id, "params must be an object");
            }
            if (method.equals(McpSchema.METHOD_TOOLS_CALL) && !params.path("name").isString()) {
                return invalidParams(id, "tools/call needs params with the name of a tool");
            }
            JsonNode arguments = params.path("arguments");
            if (method.equals(McpSchema.METHOD_TOOLS_CALL)
                    && !arguments.isMissingNode()
                    && !arguments.isNull()
                    && !arguments.isObject()) {
                return invalidParams(id, "arguments must be an object");
            }
            Map<String, Object> parameters = absent ? null : json.convertValue(params, OBJECT);
            return new Message(
                    id == null
                            ? new McpSchema.JSONRPCNotification(method, parameters)
                            : new JSONRPCRequest(method, id, parameters));
        }

        private Incoming response(JsonNode node, Object id) {
            if (node.has("result")) {
                return new Message(
                        McpSchema.JSONRPCResponse.result(
                                id, json.convertValue(node.path("result"), Object.class)));
            }
            JsonNode error = node.path("error");
            return new Message(
                    McpSchema.JSONRPCResponse.error(
                            id,
                            new McpSchema.JSONRPCResponse.JSONRPCError(
                                    error.path("code").intValue(ErrorCodes.INTERNAL_ERROR),
                                    error.path("message").stringValue("error"))));
        }

        /** Null where it is no id that a request may have. */
        static @Nullable Object idOf(JsonNode id) {
            if (id.isString()) {
                return id.stringValue();
            }
            return id.isIntegralNumber() && id.canConvertToLong() ? (Long) id.longValue() : null;
        }

        private static Bad invalidParams(@Nullable Object id, String message) {
            return new Bad(id, ErrorCodes.INVALID_PARAMS, "Invalid params: " + message);
        }
    }
}
