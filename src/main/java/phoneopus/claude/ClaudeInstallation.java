package phoneopus.claude;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Which {@code claude} there is. Its version is asked in the background, once, and again only where
 * the file is another one.
 */
@Component
public class ClaudeInstallation {
    static final String UNKNOWN = "unknown";

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int LONGEST_VERSION = 80;

    private final ClaudeProperties properties;
    private final Map<String, String> environment;
    private final Duration longest;
    private @Nullable Asked asked;

    @Autowired
    ClaudeInstallation(ClaudeProperties properties) {
        this(properties, System.getenv(), LONGEST);
    }

    ClaudeInstallation(
            ClaudeProperties properties, Map<String, String> environment, Duration longest) {
        this.properties = properties;
        this.environment = environment;
        this.longest = longest;
    }

    /**
     * The command.
     *
     * @param version in its own words; {@code unknown} where it has not said it, or not yet
     */
    public record Found(Path binary, String version) {
        public boolean versionKnown() {
            return !version.equals(UNKNOWN);
        }
    }

    private record Asked(Path binary, FileTime modified, CompletableFuture<String> version) {}

    /** For a command that starts no server: what a server with that environment would find. */
    public static ClaudeInstallation seenFrom(
            Map<String, String> environment, ClaudeProperties properties) {
        return new ClaudeInstallation(properties, environment, LONGEST);
    }

    /** Where it is; empty where there is none. */
    public Optional<Path> locate() {
        try {
            return Optional.of(new ClaudeBinary(properties.binary(), environment).find());
        } catch (ClaudeNotFoundException _) {
            return Optional.empty();
        }
    }

    /** A file where it is looked for that cannot be executed. */
    public Optional<Path> notExecutable() {
        return new ClaudeBinary(properties.binary(), environment)
                .places()
                .filter(file -> Files.isRegularFile(file) && !Files.isExecutable(file))
                .findFirst();
    }

    /**
     * Finds it.
     *
     * @param patience how long to wait for its version where it is not known yet
     * @return empty where there is none
     */
    public Optional<Found> find(Duration patience) {
        try {
            Asked current = ask(new ClaudeBinary(properties.binary(), environment).find());
            return Optional.of(new Found(current.binary(), version(current, patience)));
        } catch (ClaudeNotFoundException | IOException _) {
            return Optional.empty();
        }
    }

    private synchronized Asked ask(Path binary) throws IOException {
        FileTime modified = Files.getLastModifiedTime(binary);
        Asked known = asked;
        if (known != null && known.binary().equals(binary) && known.modified().equals(modified)) {
            return known;
        }
        CompletableFuture<String> version = new CompletableFuture<>();
        Thread.ofVirtual().name("claude-version").start(() -> version.complete(versionOf(binary)));
        Asked fresh = new Asked(binary, modified, version);
        asked = fresh;
        return fresh;
    }

    private static String version(Asked asked, Duration patience) {
        try {
            return asked.version().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } catch (TimeoutException | ExecutionException _) {
            return UNKNOWN;
        }
    }

    private String versionOf(Path binary) {
        ProcessBuilder builder = new ProcessBuilder(binary.toString(), "--version");
        // No repository, which could have a say in what it does.
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.of(environment, properties.environment()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            return UNKNOWN;
        }
        try {
            return process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)
                            && process.exitValue() == 0
                    ? firstLine(process.getInputStream())
                    : UNKNOWN;
        } catch (IOException | InterruptedException _) {
            return UNKNOWN;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Of what is there: a process that it left behind may keep its output open. */
    private static String firstLine(InputStream output) throws IOException {
        String text =
                new String(output.readNBytes(output.available()), StandardCharsets.UTF_8).strip();
        String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
        if (line.isBlank()) {
            return UNKNOWN;
        }
        return line.length() > LONGEST_VERSION ? line.substring(0, LONGEST_VERSION) : line;
    }
}
