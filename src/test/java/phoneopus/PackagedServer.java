package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** The shipped launcher over stdio, in its own environment. */
final class PackagedServer implements AutoCloseable {

    /**
     * Makes a command react to the signals of a keyboard and of a closed terminal, which are
     * ignored by processes started in the background or by nohup, and so by the tests' children.
     */
    static final List<String> DEFAULT_SIGNALS = List.of("/usr/bin/env", "--default-signal=INT,HUP");

    private final TestClient client;
    private final Queue<String> log;

    private PackagedServer(TestClient client, Queue<String> log) {
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

    /** The launcher with arguments, under {@link #DEFAULT_SIGNALS}. */
    static List<String> command(String... words) {
        var command = new ArrayList<>(DEFAULT_SIGNALS);
        command.add(launcher().toString());
        command.addAll(List.of(words));
        return command;
    }

    /** Starts it in {@code directory} and initializes. */
    static PackagedServer start(Path directory, Map<String, String> environment) {
        return start(directory, environment, client -> client);
    }

    /** Starts it with a client that has additional features. */
    static PackagedServer start(
            Path directory,
            Map<String, String> environment,
            UnaryOperator<McpClient.SyncSpec> more) {
        return start(directory, environment, List.of(launcher().toString()), more);
    }

    /** Starts it by another command. */
    static PackagedServer start(
            Path directory,
            Map<String, String> environment,
            List<String> command,
            UnaryOperator<McpClient.SyncSpec> more) {
        // env -i: the client's transport would pass on the whole environment of the tests.
        var arguments = new ArrayList<>(List.of("-i"));
        environment.forEach((name, value) -> arguments.add(name + "=" + value));
        arguments.addAll(command);
        var transport =
                new InDirectory(
                        ServerParameters.builder("/usr/bin/env").args(arguments).build(),
                        directory);
        var log = new ConcurrentLinkedQueue<String>();
        transport.setStdErrorHandler(log::add);
        return new PackagedServer(TestClient.connect(transport, more), log);
    }

    TestClient client() {
        return client;
    }

    CallToolResult call(String tool, Map<String, Object> arguments) {
        return client.call(tool, arguments);
    }

    CallToolResult call(CallToolRequest request) {
        return client.call(request);
    }

    JsonNode full(String tool, Map<String, Object> arguments) {
        return client.full(tool, arguments);
    }

    CompletableFuture<CallToolResult> callLater(String tool, Map<String, Object> arguments) {
        return client.callLater(tool, arguments);
    }

    void cancelNewestCall(String reason) {
        client.cancelNewestCall(reason);
    }

    String log() {
        return String.join("\n", log);
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class InDirectory extends StdioClientTransport {

        private final Path directory;

        InDirectory(ServerParameters parameters, Path directory) {
            super(parameters, McpJsonDefaults.getMapper());
            this.directory = directory;
        }

        @Override
        protected ProcessBuilder getProcessBuilder() {
            return new ProcessBuilder().directory(directory.toFile());
        }
    }
}
