package phoneopus.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import phoneopus.mcp.JsonRpcMessage;
import phoneopus.mcp.MemoryBudget;
import phoneopus.time.Deadline;

/** Reads the message in an HTTP request. */
final class HttpBody {
    /**
     * The memory of a body as a multiple of its size: its bytes, its text and its parsed form exist
     * at the same time.
     */
    private static final int COPIES = 10;

    /** A body of this many bytes is always accepted, whatever others send. */
    private static final int SMALL = 16 * 1024;

    private static final Duration TURN = Duration.ofSeconds(10);

    /** The time limit for reading a body: slower clients would block others. */
    private static final Duration READING = Duration.ofSeconds(30);

    private static final JsonRpcMessage.Reader READER = new JsonRpcMessage.Reader();

    private HttpBody() {}

    /**
     * Reads it.
     *
     * @return the message
     * @throws HttpRefusal if it is not valid
     */
    static JsonRpcMessage.Message of(
            HttpServletRequest request, DataSize most, MemoryBudget.Share share)
            throws IOException {
        return of(request, most, share, READING);
    }

    /**
     * @param reading the longest it may take to arrive
     */
    static JsonRpcMessage.Message of(
            HttpServletRequest request, DataSize most, MemoryBudget.Share share, Duration reading)
            throws IOException {
        if (!isJson(request.getContentType())) {
            throw HttpRefusal.notJson();
        }
        int limit = Math.toIntExact(most.toBytes());
        if (request.getContentLengthLong() > limit) {
            throw HttpRefusal.tooLong(most);
        }
        long length = request.getContentLengthLong() < 0 ? limit : request.getContentLengthLong();
        if (length <= SMALL) {
            return message(request, most, reading);
        }
        long memory = COPIES * length;
        try {
            if (!share.take(memory, TURN)) {
                throw HttpRefusal.tooMuchAtOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw HttpRefusal.ending();
        }
        try {
            return message(request, most, reading);
        } finally {
            share.give(memory);
        }
    }

    private static JsonRpcMessage.Message message(
            HttpServletRequest request, DataSize most, Duration reading) throws IOException {
        return switch (READER.read(read(request.getInputStream(), most, reading))) {
            case JsonRpcMessage.Message message -> message;
            case JsonRpcMessage.Bad bad -> throw HttpRefusal.bad(bad);
            case JsonRpcMessage.Blank _ -> throw HttpRefusal.bad(null, "the body is empty");
        };
    }

    private static ByteBuffer read(InputStream in, DataSize most, Duration reading)
            throws IOException {
        Deadline deadline = Deadline.in(reading);
        byte[] chunk = new byte[SMALL];
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            body.write(chunk, 0, read);
            if (body.size() > most.toBytes()) {
                throw HttpRefusal.tooLong(most);
            }
            if (deadline.passed()) {
                throw HttpRefusal.tooSlow();
            }
        }
        return ByteBuffer.wrap(body.toByteArray());
    }

    /** Requires JSON: a browser sends other types across origins without a preflight. */
    private static boolean isJson(String type) {
        try {
            return type != null
                    && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(type));
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }
}
