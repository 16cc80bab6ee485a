package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A line from the client, parsed. */
public sealed interface JsonRpcMessage {
    /** Newer clients try this method first and fall back to initialize if it is unknown. */
    String NEWER_HANDSHAKE = "server/discover";

    /** The error code if no server accepts the request; JSON-RPC leaves it to implementations. */
    int NO_SERVER = -32000;

    record Message(JSONRPCMessage message) implements JsonRpcMessage {}

    /**
     * A message that cannot be served.
     *
     * @param id the id of the request; null if it has no usable one
     */
    record Bad(@Nullable Object id, int code, String message) implements JsonRpcMessage {
        public static Bad invalid(@Nullable Object id, String message) {
            return new Bad(id, ErrorCodes.INVALID_REQUEST, "Invalid request: " + message);
        }

        /** The error for a request sent before the handshake. */
        public static Bad tooEarly(JSONRPCRequest request) {
            return request.method().equals(NEWER_HANDSHAKE)
                    ? unknownMethod(request)
                    : invalid(request.id(), "initialize comes first");
        }

        public static Bad unknownMethod(JSONRPCRequest request) {
            return new Bad(
                    request.id(),
                    ErrorCodes.METHOD_NOT_FOUND,
                    "Method not found: " + request.method());
        }

        /** The error for a valid request that does not fit in memory beside the others. */
        static Bad tooMuch(@Nullable Object id) {
            return new Bad(
                    id,
                    NO_SERVER,
                    "phone-opus is handling too much at once: ask again when other calls have been answered.");
        }

        /**
         * The response to the client. It is built by hand, so that a null id is written and no
         * further class is needed, even if a start fails because classes cannot be loaded.
         */
        public String answer() {
            StringBuilder text = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":");
            PrecomputedResponses.appendJson(text, id);
            text.append(",\"error\":{\"code\":").append(code).append(",\"message\":");
            PrecomputedResponses.appendJson(text, message);
            return LineSafeJson.of(text.append("}}").toString());
        }
    }

    /** A blank line. */
    record Blank() implements JsonRpcMessage {}

    /**
     * Reads lines. An invalid message, for which the library would end the server, becomes a {@link
     * Bad}.
     */
    final class Reader {
        private static final String BYTE_ORDER_MARK = "\uFEFF";

        private final JsonReader json = new JsonReader();

        public JsonRpcMessage read(ByteBuffer line) {
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
                return message(json.read(text));
            } catch (JacksonException _) {
                return new Bad(
                        null,
                        ErrorCodes.PARSE_ERROR,
                        "Parse error: the message is not JSON, or nested too deep");
            } catch (JsonReader.TooManyValuesException _) {
                return Bad.invalid(
                        requestId(text),
                        "a message has at most %d values".formatted(JsonReader.MOST_VALUES));
            }
        }

        /** The id of a message that is not read to its end, so that its client gets an answer. */
        private @Nullable Object requestId(String text) {
            try {
                return idOf(json.scalar(text, "id"));
            } catch (JacksonException _) {
                return null;
            }
        }

        private static JsonRpcMessage message(@Nullable Object value) {
            if (value instanceof List) {
                return Bad.invalid(null, "batches are not supported, send one message at a time");
            }
            if (!(value instanceof Map<?, ?> fields)) {
                return Bad.invalid(null, "a message is a JSON object");
            }
            Object id = idOf(fields.get("id"));
            if (!McpSchema.JSONRPC_VERSION.equals(fields.get("jsonrpc"))) {
                return Bad.invalid(id, "jsonrpc must be \"2.0\"");
            }
            if (fields.containsKey("id") && id == null) {
                return Bad.invalid(null, "id must be a string or an integer");
            }
            if (fields.containsKey("method")) {
                return call(fields, id);
            }
            if (id == null || fields.containsKey("result") == fields.containsKey("error")) {
                return Bad.invalid(id, "a message has a method, a result or an error");
            }
            return response(fields, id);
        }

        private static JsonRpcMessage call(Map<?, ?> fields, @Nullable Object id) {
            if (!(fields.get("method") instanceof String method)) {
                return Bad.invalid(id, "method must be a string");
            }
            Object given = fields.get("params");
            if (given != null && !(given instanceof Map)) {
                return invalidParams(id, "params must be an object");
            }
            Map<String, Object> params = JsonReader.object(given);
            if (method.equals(McpSchema.METHOD_TOOLS_CALL)) {
                if (params == null || !(params.get("name") instanceof String)) {
                    return invalidParams(id, "tools/call needs params with the name of a tool");
                }
                Object arguments = params.get("arguments");
                if (arguments != null && !(arguments instanceof Map)) {
                    return invalidParams(id, "arguments must be an object");
                }
            }
            return new Message(
                    id == null
                            ? new McpSchema.JSONRPCNotification(method, params)
                            : new JSONRPCRequest(method, id, params));
        }

        private static JsonRpcMessage response(Map<?, ?> fields, Object id) {
            if (fields.containsKey("result")) {
                return new Message(McpSchema.JSONRPCResponse.result(id, fields.get("result")));
            }
            Map<String, Object> error = JsonReader.object(fields.get("error"));
            Object code = error == null ? null : error.get("code");
            Object message = error == null ? null : error.get("message");
            return new Message(
                    McpSchema.JSONRPCResponse.error(
                            id,
                            new McpSchema.JSONRPCResponse.JSONRPCError(
                                    code instanceof Integer number
                                            ? number
                                            : ErrorCodes.INTERNAL_ERROR,
                                    message instanceof String text ? text : "error")));
        }

        /** The id; null if a request may not have it. */
        private static @Nullable Object idOf(@Nullable Object id) {
            if (id instanceof String) {
                return id;
            }
            return id instanceof Integer || id instanceof Long
                    ? (Long) ((Number) id).longValue()
                    : null;
        }

        private static Bad invalidParams(@Nullable Object id, String message) {
            return new Bad(id, ErrorCodes.INVALID_PARAMS, "Invalid params: " + message);
        }
    }
}
