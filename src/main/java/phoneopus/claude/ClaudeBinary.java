package phoneopus.claude;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the {@code claude} command is. Programs started from a desktop have a short PATH, so its
 * usual places count too.
 */
final class ClaudeBinary {
    private final @Nullable String configured;

    private final Map<String, String> environment;

    ClaudeBinary(@Nullable String configured, Map<String, String> environment) {
        this.configured = configured;
        this.environment = environment;
    }

    /**
     * @return an executable file, absolute
     * @throws ClaudeNotFoundException where there is none
     */
    Path find() {
        return places().filter(ClaudeBinary::runnable)
                .findFirst()
                .orElseThrow(() ->
                        new ClaudeNotFoundException(
                                configured == null || configured.isBlank() ? "claude" : configured,
                                environment.getOrDefault("PATH", "")));
    }

    /** Files where it is looked for, in the order in which that is done. */
    Stream<Path> places() {
        String path = environment.getOrDefault("PATH", "");
        if (configured != null && !configured.isBlank()) {
            Path home = Path.of(environment.getOrDefault("HOME", "/"));
            Path file =
                    configured.startsWith("~/")
                            ? home.resolve(configured.substring(2))
                            : Path.of(configured);
            return onPath(file, path);
        }
        return Stream.concat(onPath(Path.of("claude"), path), usualPlaces());
    }

    private static Stream<Path> onPath(Path file, String path) {
        if (file.getNameCount() > 1 || file.isAbsolute()) {
            return Stream.of(file.toAbsolutePath());
        }
        return Arrays.stream(path.split(":", -1))
                .filter(entry -> entry.startsWith("/"))
                .map(entry -> Path.of(entry).resolve(file));
    }

    private Stream<Path> usualPlaces() {
        Path home = Path.of(environment.getOrDefault("HOME", "/"));
        return Stream.of(
                        home.resolve(".local/bin"),
                        home.resolve(".claude/local"),
                        home.resolve(".npm-global/bin"),
                        home.resolve(".npm-packages/bin"),
                        home.resolve(".bun/bin"),
                        Path.of("/usr/local/bin"),
                        Path.of("/usr/bin"),
                        Path.of("/opt/homebrew/bin"),
                        Path.of("/home/linuxbrew/.linuxbrew/bin"))
                .map(directory -> directory.resolve("claude"));
    }

    private static boolean runnable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
