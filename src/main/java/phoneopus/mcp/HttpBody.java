package phoneopus.mcp;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/** What a request over HTTP has to say. */
final class HttpBody {
    private static final Incoming.Reader READER = new Incoming.Reader();

    private HttpBody() {}

    /**
     * Reads it.
     *
     * @return a message that can be served
     * @throws HttpRefusal where it is none
     */
    static Incoming.Message of(HttpServletRequest request, DataSize most) throws IOException {
        if (!isJson(request.getContentType())) {
            throw HttpRefusal.notJson();
        }
        int limit = Math.toIntExact(most.toBytes());
        if (request.getContentLengthLong() > limit) {
            throw HttpRefusal.tooLong(most);
        }
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw HttpRefusal.tooLong(most);
        }
        return switch (READER.read(ByteBuffer.wrap(body))) {
            case Incoming.Message message -> message;
            case Incoming.Bad bad -> throw HttpRefusal.bad(bad);
            case Incoming.Blank _ -> throw HttpRefusal.bad(null, "the body is empty");
        };
    }

    /** A browser sends anything else across origins without asking first. */
    private static boolean isJson(String type) {
        try {
            return type != null
                    && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(type));
        } catch (InvalidMediaTypeException _) {
            return false;
        }
    }
}
