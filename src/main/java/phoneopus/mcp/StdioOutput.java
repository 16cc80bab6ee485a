package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** One message a line, each whole, whoever sends it. */
final class StdioOutput {
    private static final Logger log = LoggerFactory.getLogger(StdioOutput.class);

    /** Not the library's mapper: it leaves a null id out, and JSON-RPC wants it there. */
    private static final JsonMapper PLAIN = new JsonMapper();

    private final McpJsonMapper json;
    private final OutputStream out;
    private final Runnable whenBroken;

    StdioOutput(McpJsonMapper json, OutputStream out, Runnable whenBroken) {
        this.json = json;
        this.out = out;
        this.whenBroken = whenBroken;
    }

    /** Whether the client took it. */
    boolean write(JSONRPCMessage message) {
        try {
            return write(json.writeValueAsString(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with an error what the library never gets to see. */
    void refuse(@Nullable Object id, int code, String text) {
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        reply.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        reply.put("id", id);
        reply.put("error", Map.of("code", code, "message", text));
        write(PLAIN.writeValueAsString(reply));
    }

    private boolean write(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (out) {
                out.write(line);
                out.flush();
            }
            return true;
        } catch (IOException e) {
            log.warn("the client takes no more output: {}", e.getMessage());
            whenBroken.run();
            return false;
        }
    }
}
