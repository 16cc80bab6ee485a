package phoneopus.mcp;

import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.mcp.InFlightRequests.Running;

/**
 * Removes internal details from the library's errors, which contain Java's messages, class names
 * and stack traces.
 */
final class ErrorSanitizer {
    private static final Logger log = LoggerFactory.getLogger(ErrorSanitizer.class);

    private ErrorSanitizer() {}

    static JSONRPCResponse forClient(JSONRPCResponse response, Running request) {
        JSONRPCError error = response.error();
        if (error == null) {
            return response;
        }
        return JSONRPCResponse.error(
                response.id(), new JSONRPCError(code(error), message(error, request)));
    }

    /**
     * Tools never throw, so an internal error of the library means that it could not read a
     * parameter.
     */
    private static int code(JSONRPCError error) {
        return error.code() == ErrorCodes.INTERNAL_ERROR ? ErrorCodes.INVALID_PARAMS : error.code();
    }

    private static String message(JSONRPCError error, Running request) {
        return switch (error.code()) {
            case ErrorCodes.INTERNAL_ERROR -> {
                log.warn("method={} refused: {}", request.method(), error.message());
                yield "Invalid params for " + request.method();
            }
            case ErrorCodes.INVALID_PARAMS ->
                    request.tool() != null && error.message().startsWith("Unknown tool")
                            ? "Unknown tool: " + request.tool()
                            : error.message();
            default -> error.message();
        };
    }
}
