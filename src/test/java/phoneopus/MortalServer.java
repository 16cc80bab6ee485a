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
 * The packaged server in a process group of its own, to be killed at any moment: whoever waits for
 * an answer then learns that it died.
 */
final class MortalServer implements AutoCloseable {

    /** It ended before it had answered. */
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

    /** Starts it; what is asked of it is answered once it is up. */
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
            // No virtual one: a read of a pipe keeps its carrier, of which there are few.
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

    /** The structured half of the answer, all details asked for; a fault too. */
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

    /** Whether it has shaken hands. */
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

    /** The same for its whole process group. */
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

    /** Ends it as its client does: no more input. */
    void leave() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // It is dead already.
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
            // It is dead: the reader tells whoever waits.
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
            // It is dead, in the middle of a line perhaps.
        }
        dead = true;
        awaited.values().forEach(answer -> answer.completeExceptionally(new Died()));
    }
}
