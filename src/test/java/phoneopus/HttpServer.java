package phoneopus;

import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** The shipped launcher, serving HTTP on its own port. */
final class HttpServer implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("on (http://[^ ]+)/mcp");

    private final Process process;
    private final Path log;
    private final URI address;

    private HttpServer(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.address = URI.create(awaitAddress());
    }

    static HttpServer start(Path directory, Map<String, String> environment, String... more) {
        var command = new ArrayList<>(PackagedServer.command("serve", "--phone-opus.http.port=0"));
        command.addAll(List.of(more));
        return run(command, directory, environment);
    }

    /** Starts the jar with an additional configuration of the tests and the rest of its package. */
    static HttpServer startWith(
            Class<?> configuration, Path directory, Map<String, String> environment) {
        var classes = directory.resolve("classes");
        try {
            var part = configuration.getPackageName().replace('.', '/');
            var own = Files.createDirectories(classes.resolve(part));
            // Copies only these, since other classes of the tests would change the server.
            try (var files = Files.list(Path.of("target/test-classes", part))) {
                for (var file : files.toList()) {
                    Files.copy(file, own.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dloader.main=" + PhoneOpusApplication.class.getName(),
                        "-Dloader.path=" + classes,
                        "-classpath",
                        Path.of("target/phone-opus.jar").toAbsolutePath().toString(),
                        "org.springframework.boot.loader.launch.PropertiesLauncher",
                        "serve",
                        "--phone-opus.http.port=0",
                        "--spring.main.sources=" + configuration.getName()),
                directory,
                environment);
    }

    static HttpServer run(List<String> command, Path directory, Map<String, String> environment) {
        try {
            var log = Files.createTempFile(directory, "serve", ".log");
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(log.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new HttpServer(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI at(String path) {
        return address.resolve(path);
    }

    Process process() {
        return process;
    }

    String log() {
        return Surroundings.read(log);
    }

    TestClient streamable(UnaryOperator<McpClient.SyncSpec> more) {
        return TestClient.connect(
                HttpClientStreamableHttpTransport.builder(address.toString()).build(), more);
    }

    /** Connects with that key. */
    TestClient streamable(String key) {
        return TestClient.connect(
                HttpClientStreamableHttpTransport.builder(address.toString())
                        .requestBuilder(
                                HttpRequest.newBuilder().header("Authorization", "Bearer " + key))
                        .build(),
                more -> more);
    }

    @SuppressWarnings(
            "deprecation") // The transport is deprecated too, but old clients still need it.
    TestClient sse(UnaryOperator<McpClient.SyncSpec> more) {
        return TestClient.connect(
                HttpClientSseClientTransport.builder(address.toString()).build(), more);
    }

    /** Connects with that key. */
    @SuppressWarnings("deprecation") // As above.
    TestClient sse(String key) {
        return TestClient.connect(
                HttpClientSseClientTransport.builder(address.toString())
                        .requestBuilder(
                                HttpRequest.newBuilder().header("Authorization", "Bearer " + key))
                        .build(),
                more -> more);
    }

    /** The response to one bare request. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it like a service manager does. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not end:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String awaitAddress() {
        try {
            // Without a cache it takes 20 seconds of processor time on a slow machine.
            await().atMost(Surroundings.A_WHILE.multipliedBy(4))
                    .until(() -> !process.isAlive() || ADDRESS.matcher(log()).find());
        } catch (ConditionTimeoutException e) {
            // No caller has the server yet and could end it.
            process.destroyForcibly();
            throw new IllegalStateException("the server did not start:\n" + log(), e);
        }
        var found = ADDRESS.matcher(log());
        if (!found.find()) {
            throw new IllegalStateException("the server did not start:\n" + log());
        }
        return found.group(1);
    }
}
