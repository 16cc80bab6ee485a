package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server addressed in raw bytes, so that a test can send what no client would. */
final class RawServer implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private static final String HANDSHAKE =
            """
            {"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-06-18",\
            "capabilities":{},"clientInfo":{"name":"raw-tests","version":"1"}}}\
            """;

    private final Process process;
    private final Path errors;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong(1_000);
    private volatile boolean reading = true;

    private RawServer(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts the launcher without sending anything. */
    static RawServer start(Path directory, Map<String, String> environment) {
        return start(directory, environment, List.of(PackagedServer.launcher().toString()));
    }

    static RawServer start(Path directory, Map<String, String> environment, List<String> command) {
        try {
            var errors = Files.createTempFile(directory, "errors", ".txt");
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new RawServer(builder.redirectError(errors.toFile()).start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawServer shakeHands() {
        send(HANDSHAKE);
        answerTo("hello");
        send("{'jsonrpc':'2.0','method':'notifications/initialized'}");
        return this;
    }

    void send(byte[] bytes) {
        try {
            process.getOutputStream().write(bytes);
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line; JSON may be written with single quotes. */
    void send(String line) {
        send((line.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request with a new id and returns the id. */
    long request(String method, Object params) {
        long id = ids.incrementAndGet();
        var message = Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params);
        send(
                (JsonMapper.shared().writeValueAsString(message) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        return id;
    }

    long consult(Map<String, Object> arguments) {
        return callLater("consult", arguments);
    }

    /** Calls a tool without waiting for its answer. */
    long callLater(String tool, Map<String, Object> arguments) {
        return request("tools/call", Map.of("name", tool, "arguments", arguments));
    }

    /** Calls a tool and waits for its result. */
    JsonNode call(String tool, Map<String, Object> arguments) {
        return answerTo(callLater(tool, arguments)).path("result");
    }

    void cancel(long id, String reason) {
        var message =
                Map.of(
                        "jsonrpc",
                        "2.0",
                        "method",
                        "notifications/cancelled",
                        "params",
                        Map.of("requestId", id, "reason", reason));
        send(
                (JsonMapper.shared().writeValueAsString(message) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for the result or error of that request. */
    JsonNode answerTo(Object id) {
        var wanted = JsonMapper.shared().valueToTree(id).toString();
        return await().atMost(ANSWER_LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .alias("answer to " + id)
                .until(
                        () ->
                                messages().stream()
                                        .filter(message ->
                                                message.path("id").toString().equals(wanted))
                                        .findFirst()
                                        .orElse(null),
                        answer -> answer != null);
    }

    JsonNode ping() {
        return answerTo(request("ping", Map.of()));
    }

    /** All messages of the server so far, in order. */
    List<JsonNode> messages() {
        return lines.stream().map(JsonMapper.shared()::readTree).toList();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    String log() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops reading its output, after at most one more message. */
    void stopReading() {
        reading = false;
    }

    /** Requests more output than the pipe to a client that does not read can hold. */
    void askForTooMuch() {
        for (int i = 0; i < 100; i++) {
            request("tools/list", Map.of());
        }
    }

    /** Closes the reading end of its output. */
    void closeOutput() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pings repeatedly: the kernel keeps a closed pipe open for a read that has already begun. */
    void pingUntilItEnds() {
        await().atMost(END_LIMIT)
                .untilAsserted(() -> {
                    try {
                        request("ping", Map.of());
                    } catch (UncheckedIOException _) {
                        // It no longer reads its input, so it is ending.
                    }
                    assertThat(isAlive()).isFalse();
                });
    }

    void terminate() {
        // Process.destroy would also close its input.
        process.toHandle().destroy();
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() {
        try {
            assertThat(process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("ends within %s; its log:%n%s", END_LIMIT, log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                while (!reading) {
                    LockSupport.park();
                }
            }
        } catch (IOException _) {
            // The test closed it.
        }
    }
}
