package phoneopus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The scripted stand-in for the Anthropic API, on a free port of 127.0.0.1. */
final class StubApi implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PROGRAM = "src/test/resources/phoneopus/stub-anthropic-api.mjs";

    /** The API's reply to one request, in the format of the stub's script. */
    record Reply(Map<String, Object> json) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final URI address;

    private StubApi(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it; {@code script} is the JSON described in the stub's head comment. */
    static StubApi start(String script) {
        var builder = new ProcessBuilder("node", Path.of(PROGRAM).toAbsolutePath().toString());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "node was not found on the PATH: install Node.js 20 or newer for these tests.",
                    e);
        }
        try {
            var greeting = process.inputReader().readLine();
            if (greeting == null || !greeting.startsWith("listening ")) {
                throw new IllegalStateException("The scripted API did not start: " + greeting);
            }
            var api = new StubApi(process, URI.create(greeting.substring("listening ".length())));
            api.send(api.ask("/__stub/script").POST(BodyPublishers.ofString(script)));
            return api;
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e instanceof RuntimeException known
                    ? known
                    : new UncheckedIOException((IOException) e);
        }
    }

    /** Starts it with one reply per request; the last one is repeated. */
    static StubApi replying(Reply... replies) {
        var script = Arrays.stream(replies).map(Reply::json).toList();
        return start(JSON.writeValueAsString(Map.of("replies", script)));
    }

    static Reply text(String text) {
        return new Reply(Map.of("text", text));
    }

    static Reply toolUse(String name, Map<String, Object> input) {
        return new Reply(Map.of("tool_use", Map.of("name", name, "input", input)));
    }

    static Reply error(int status) {
        return new Reply(Map.of("status", status));
    }

    String url() {
        return address.toString();
    }

    /**
     * The CLI's requests so far, oldest first, in the format of the stub's head comment. Releases
     * before 2.1.248 first check the connection by a HEAD request, which is left out.
     */
    List<JsonNode> requests() {
        var seen = send(ask("/__stub/requests"));
        return JSON.readTree(seen).values().stream()
                .filter(request -> !request.path("method").asString().equals("HEAD"))
                .toList();
    }

    /** The texts of all messages in all requests of the CLI, regardless of their role. */
    List<String> messageTexts() {
        return requests().stream()
                .map(request -> request.at("/body/messages"))
                .flatMap(messages -> messages.findValuesAsString("text").stream())
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        http.close();
    }

    private HttpRequest.Builder ask(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(10));
    }

    private String send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("The scripted API does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking the scripted API", e);
        }
    }
}
