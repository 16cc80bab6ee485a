package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The launcher as it is shipped, over stdio, in an environment of its own. */
final class PackagedServer implements AutoCloseable {

    private static final Duration CALL_LIMIT = Duration.ofSeconds(90);

    private final Transport transport;
    private final McpSyncClient client;
    private final Queue<String> log;

    private PackagedServer(Transport transport, McpSyncClient client, Queue<String> log) {
        this.transport = transport;
        this.client = client;
        this.log = log;
    }

    /** The launcher that {@code package} has built. */
    static Path launcher() {
        var launcher = Path.of("target/phone-opus/bin/phone-opus").toAbsolutePath();
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException(launcher + " is missing: run ./mvnw package first.");
        }
        return launcher;
    }

    /** Starts it in {@code directory} and shakes hands. */
    static PackagedServer start(Path directory, Map<String, String> environment) {
        return start(directory, environment, client -> client);
    }

    /** The same, by a client that is more than usual. */
    static PackagedServer start(
            Path directory,
            Map<String, String> environment,
            UnaryOperator<McpClient.SyncSpec> more) {
        // env -i: the client's own transport would pass on the whole environment of the tests.
        var arguments = new ArrayList<>(List.of("-i"));
        environment.forEach((name, value) -> arguments.add(name + "=" + value));
        arguments.add(launcher().toString());
        var transport =
                new Transport(
                        ServerParameters.builder("/usr/bin/env").args(arguments).build(),
                        directory);
        var log = new ConcurrentLinkedQueue<String>();
        transport.setStdErrorHandler(log::add);
        var client =
                more.apply(
                                McpClient.sync(transport)
                                        .clientInfo(
                                                Implementation.builder("phone-opus-tests", "1")
                                                        .build())
                                        .initializationTimeout(CALL_LIMIT)
                                        .requestTimeout(CALL_LIMIT))
                        .build();
        client.initialize();
        return new PackagedServer(transport, client, log);
    }

    CallToolResult call(String tool, Map<String, Object> arguments) {
        return call(CallToolRequest.builder(tool).arguments(arguments).build());
    }

    CallToolResult call(CallToolRequest request) {
        return client.callTool(request);
    }

    /** The structured half of an answer, all details asked for. */
    JsonNode full(String tool, Map<String, Object> arguments) {
        var all = new HashMap<>(Map.<String, Object>of("render", "json", "detail", "full"));
        all.putAll(arguments);
        return JsonMapper.shared().valueToTree(call(tool, all).structuredContent());
    }

    /** A call that its caller will give up. */
    CompletableFuture<CallToolResult> callLater(String tool, Map<String, Object> arguments) {
        return CompletableFuture.supplyAsync(
                () -> call(tool, arguments), task -> Thread.ofVirtual().start(task));
    }

    /** Takes the newest tool call back, which the Java client cannot do by itself. */
    void cancelNewestCall(String reason) {
        var parameters = Map.of("requestId", transport.newestCall, "reason", reason);
        transport
                .sendMessage(new JSONRPCNotification("notifications/cancelled", parameters))
                .block(CALL_LIMIT);
    }

    String log() {
        return String.join("\n", log);
    }

    @Override
    public void close() {
        client.closeGracefully();
    }

    private static final class Transport extends StdioClientTransport {

        private final Path directory;
        private volatile Object newestCall = "none";

        Transport(ServerParameters parameters, Path directory) {
            super(parameters, McpJsonDefaults.getMapper());
            this.directory = directory;
        }

        @Override
        protected ProcessBuilder getProcessBuilder() {
            return new ProcessBuilder().directory(directory.toFile());
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            if (message instanceof JSONRPCRequest request
                    && request.method().equals("tools/call")) {
                newestCall = request.id();
            }
            return super.sendMessage(message);
        }
    }
}
