package phoneopus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged server in its own process group, to be killed at any moment: callers waiting for an
 * answer are told that it died.
 */
final class MortalServer implements AutoCloseable {

    /** The server ended before it answered. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final String HANDSHAKE =
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
            "capabilities":{},"clientInfo":{"name":"mortal-tests","version":"1"}}}
            """;

    private final Process process;
    private final Path errors;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> awaited = new ConcurrentHashMap<>();
    private volatile boolean up;
    private volatile boolean dead;

    private MortalServer(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Starts the server; requests are answered once it is up. */
    static MortalServer start(Path directory, Map<String, String> environment) {
        try {
            var errors = Files.createTempFile(directory, "errors", ".txt");
            var command = PackagedServer.command();
            command.addFirst("setsid");
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            var server = new MortalServer(builder.start(), errors);
            // Not a virtual thread: reading a pipe blocks its carrier thread, of which there are
            // few.
            Thread.ofPlatform().daemon().start(server::read);
            var hello = server.await(0);
            hello.whenComplete((_, death) -> server.up = death == null);
            server.send(HANDSHAKE);
            server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The structured part of the answer or fault, with all details. */
    CompletableFuture<JsonNode> askLater(String tool, Map<String, Object> arguments) {
        var all = new HashMap<>(Map.<String, Object>of("render", "json", "detail", "full"));
        all.putAll(arguments);
        long id = ids.incrementAndGet();
        var answer = await(id);
        send(
                JsonMapper.shared()
                                .writeValueAsString(
                                        Map.of(
                                                "jsonrpc",
                                                "2.0",
                                                "id",
                                                id,
                                                "method",
                                                "tools/call",
                                                "params",
                                                Map.of("name", tool, "arguments", all)))
                        + "\n");
        return answer.thenApply(message -> message.path("result").path("structuredContent"));
    }

    JsonNode ask(String tool, Map<String, Object> arguments) {
        try {
            return askLater(tool, arguments).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Died died ? died : e;
        }
    }

    long pid() {
        return process.pid();
    }

    /** Whether it is initialized and alive. */
    boolean isUp() {
        return up && process.isAlive();
    }

    String log() {
        return Surroundings.read(errors);
    }

    /** Sends it a signal, such as {@code KILL}, and waits for its end. */
    void end(String signal) {
        signal(signal, Long.toString(pid()));
        awaitEnd();
    }

    /** Sends a signal to its whole process group and waits for its end. */
    void endGroup(String signal) {
        signal(signal, "-" + pid());
        awaitEnd();
    }

    private void awaitEnd() {
        Awaitility.await().atMost(Surroundings.A_WHILE).until(() -> !process.isAlive());
    }

    static void signal(String signal, String target) {
        try {
            new ProcessBuilder("kill", "-s", signal, "--", target)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it like a client does, by closing its input. */
    void leave() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // It has already ended.
        }
        Awaitility.await().atMost(Surroundings.A_WHILE).until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    static void closeAll(List<MortalServer> servers) {
        servers.forEach(MortalServer::close);
    }

    private CompletableFuture<JsonNode> await(long id) {
        var answer = new CompletableFuture<JsonNode>();
        awaited.put(id, answer);
        if (dead) {
            answer.completeExceptionally(new Died());
        }
        return answer;
    }

    private void send(String text) {
        try {
            synchronized (process) {
                process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
        } catch (IOException _) {
            // It has ended; the reading thread tells the waiting callers.
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                var message = JsonMapper.shared().readTree(line);
                var answer = awaited.remove(message.path("id").asLong(-1));
                if (answer != null) {
                    answer.complete(message);
                }
            }
        } catch (IOException | RuntimeException _) {
            // It has ended, possibly in the middle of a line.
        }
        dead = true;
        awaited.values().forEach(answer -> answer.completeExceptionally(new Died()));
    }
}
