package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Java client over any transport, extended so that it can cancel a call. */
final class TestClient implements AutoCloseable {

    private static final Duration CALL_LIMIT = Duration.ofSeconds(90);

    private final Noting transport;
    private final McpSyncClient client;

    private TestClient(Noting transport, McpSyncClient client) {
        this.transport = transport;
        this.client = client;
    }

    /** Connects and initializes. */
    static TestClient connect(
            McpClientTransport transport, UnaryOperator<McpClient.SyncSpec> more) {
        var noting = new Noting(transport);
        var client =
                more.apply(
                                McpClient.sync(noting)
                                        .clientInfo(
                                                Implementation.builder("phone-opus-tests", "1")
                                                        .build())
                                        .initializationTimeout(CALL_LIMIT)
                                        .requestTimeout(CALL_LIMIT))
                        .build();
        client.initialize();
        return new TestClient(noting, client);
    }

    McpSyncClient client() {
        return client;
    }

    CallToolResult call(String tool, Map<String, Object> arguments) {
        return call(CallToolRequest.builder(tool).arguments(arguments).build());
    }

    CallToolResult call(CallToolRequest request) {
        return client.callTool(request);
    }

    /** The structured part of an answer, with all details. */
    JsonNode full(String tool, Map<String, Object> arguments) {
        var all = new HashMap<>(Map.<String, Object>of("render", "json", "detail", "full"));
        all.putAll(arguments);
        return JsonMapper.shared().valueToTree(call(tool, all).structuredContent());
    }

    /** A call that can be cancelled. */
    CompletableFuture<CallToolResult> callLater(String tool, Map<String, Object> arguments) {
        return CompletableFuture.supplyAsync(
                () -> call(tool, arguments), task -> Thread.ofVirtual().start(task));
    }

    /** Cancels the newest tool call, which the Java client does not support. */
    void cancelNewestCall(String reason) {
        var parameters = Map.of("requestId", transport.newestCall, "reason", reason);
        transport
                .sendMessage(new JSONRPCNotification("notifications/cancelled", parameters))
                .block(CALL_LIMIT);
    }

    @Override
    public void close() {
        client.closeGracefully();
    }

    /** Remembers the id of the newest tool call. */
    private static final class Noting implements McpClientTransport {

        private final McpClientTransport transport;
        private volatile Object newestCall = "none";

        Noting(McpClientTransport transport) {
            this.transport = transport;
        }

        @Override
        public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
            return transport.connect(handler);
        }

        @Override
        public void setExceptionHandler(Consumer<Throwable> handler) {
            transport.setExceptionHandler(handler);
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            if (message instanceof JSONRPCRequest request
                    && request.method().equals("tools/call")) {
                newestCall = request.id();
            }
            return transport.sendMessage(message);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return transport.closeGracefully();
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return transport.unmarshalFrom(data, type);
        }

        @Override
        public List<String> protocolVersions() {
            return transport.protocolVersions();
        }
    }
}
