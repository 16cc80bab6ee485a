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

/** The launcher as it is shipped, over stdio, in an environment of its own. */
final class PackagedServer implements AutoCloseable {

    /**
     * Makes a command take the signals of a keyboard and of a terminal that goes, which whoever
     * runs the tests in the background or by nohup has switched off for all that they start.
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

    /** The launcher with words, under {@link #DEFAULT_SIGNALS}. */
    static List<String> command(String... words) {
        var command = new ArrayList<>(DEFAULT_SIGNALS);
        command.add(launcher().toString());
        command.addAll(List.of(words));
        return command;
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
        return start(directory, environment, List.of(launcher().toString()), more);
    }

    /** Another command that is to start it. */
    static PackagedServer start(
            Path directory,
            Map<String, String> environment,
            List<String> command,
            UnaryOperator<McpClient.SyncSpec> more) {
        // env -i: the client's own transport would pass on the whole environment of the tests.
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
