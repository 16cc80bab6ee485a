package phoneopus.http;

import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import phoneopus.mcp.JsonRpcMessage;

/** A refused request: a status and a small JSON-RPC error that says why. */
final class HttpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code used by the reference implementations. */
    private static final int SESSION_NOT_FOUND = -32001;

    private final HttpStatusCode status;
    private final transient JsonRpcMessage.Bad bad;

    private HttpRefusal(HttpStatusCode status, JsonRpcMessage.Bad bad) {
        super(bad.message(), null, false, false);
        this.status = status;
        this.bad = bad;
    }

    static HttpRefusal bad(JsonRpcMessage.Bad bad) {
        return new HttpRefusal(HttpStatus.BAD_REQUEST, bad);
    }

    static HttpRefusal bad(@Nullable Object id, String why) {
        return bad(JsonRpcMessage.Bad.invalid(id, why));
    }

    static HttpRefusal sessionNotFound(@Nullable Object id) {
        return new HttpRefusal(
                HttpStatus.NOT_FOUND,
                new JsonRpcMessage.Bad(
                        id, SESSION_NOT_FOUND, "Session not found: initialize again"));
    }

    static HttpRefusal tooLong(DataSize most) {
        return new HttpRefusal(
                HttpStatus.CONTENT_TOO_LARGE,
                JsonRpcMessage.Bad.invalid(
                        null, "a body is at most " + most.toBytes() + " bytes long"));
    }

    static HttpRefusal notJson() {
        return new HttpRefusal(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                JsonRpcMessage.Bad.invalid(null, "Content-Type must be application/json"));
    }

    static HttpRefusal tooManySessions() {
        return new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                JsonRpcMessage.Bad.invalid(null, "too many sessions are in use, try again later"));
    }

    static HttpRefusal tooMuchAtOnce() {
        return new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                JsonRpcMessage.Bad.invalid(
                        null, "too much data is being sent at once, try again later"));
    }

    static HttpRefusal tooSlow() {
        return new HttpRefusal(
                HttpStatus.REQUEST_TIMEOUT,
                JsonRpcMessage.Bad.invalid(null, "the body takes too long to arrive"));
    }

    static HttpRefusal ending() {
        return new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                JsonRpcMessage.Bad.invalid(null, "the server is shutting down"));
    }

    static HttpRefusal forbidden(String why) {
        return new HttpRefusal(HttpStatus.FORBIDDEN, JsonRpcMessage.Bad.invalid(null, why));
    }

    /** The same for a missing, wrong or removed key. */
    static HttpRefusal unauthorized() {
        return new HttpRefusal(
                HttpStatus.UNAUTHORIZED,
                JsonRpcMessage.Bad.invalid(
                        null, "a valid key is required: Authorization: Bearer KEY"));
    }

    /** A refusal with nothing but its status. */
    static HttpRefusal plain(HttpStatus status) {
        return new HttpRefusal(
                status,
                status.is5xxServerError()
                        ? new JsonRpcMessage.Bad(null, ErrorCodes.INTERNAL_ERROR, "Internal error")
                        : JsonRpcMessage.Bad.invalid(
                                null, status.getReasonPhrase().toLowerCase(Locale.ROOT)));
    }

    ResponseEntity<String> response() {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(bad.answer());
    }

    /** Writes the refusal from a filter. */
    void write(HttpServletResponse response) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(bad.answer().getBytes(StandardCharsets.UTF_8));
    }
}
