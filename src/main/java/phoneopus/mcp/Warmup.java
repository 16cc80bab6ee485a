package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes once what every conversation begins with, while the server starts on another
 * processor: what the library loads for it, the first call then need not wait for.
 */
public final class Warmup {
    private Warmup() {}

    public static void begin() {
        Thread.ofPlatform()
                .daemon()
                .name("rehearsal")
                // Whatever it fails at, the start itself meets too, and says so once.
                .uncaughtExceptionHandler((thread, failure) -> {})
                .start(Warmup::run);
    }

    private static void run() {
        McpJsonMapper json = new JacksonMcpJsonMapper(new JsonMapper());
        json.convertValue(
                Map.of(
                        "protocolVersion", "",
                        "capabilities", Map.of("roots", Map.of("listChanged", true)),
                        "clientInfo", Map.of("name", "", "version", "1")),
                new TypeRef<InitializeRequest>() {});
        json.convertValue(
                Map.of("name", "", "arguments", Map.of()), new TypeRef<CallToolRequest>() {});
        try {
            json.writeValueAsString(
                    new JSONRPCResponse(
                            "2.0", 0, CallToolResult.builder().addTextContent("").build(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
