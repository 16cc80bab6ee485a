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
 * Reads and writes typical first messages while the server starts on another processor, so that the
 * first call need not wait until the library's classes for them are loaded.
 */
public final class Warmup {
    private Warmup() {}

    public static void begin() {
        Thread.ofPlatform()
                .daemon()
                .name("warmup")
                // The start itself fails for the same reason and reports it once.
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
