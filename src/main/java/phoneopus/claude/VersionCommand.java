package phoneopus.claude;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs {@code claude --version} once and ends it with everything it started. */
final class VersionCommand {
    private static final int LONGEST_VERSION = 80;

    private VersionCommand() {}

    /**
     * Runs it.
     *
     * @param longest the time limit
     * @return the first line of its output; empty if it printed nothing usable
     */
    static Optional<String> ask(Path binary, Map<String, String> environment, Duration longest) {
        ProcessBuilder builder = new ProcessBuilder(binary.toString(), "--version");
        // Not in a repository, which could influence it.
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            return Optional.empty();
        }
        try {
            return process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)
                            && process.exitValue() == 0
                    ? firstLine(process.getInputStream())
                    : Optional.empty();
        } catch (IOException | InterruptedException _) {
            return Optional.empty();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Reads what is available: a process it left behind may keep its output open. */
    private static Optional<String> firstLine(InputStream output) throws IOException {
        String text =
                new String(output.readNBytes(output.available()), StandardCharsets.UTF_8).strip();
        String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
        if (line.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(
                line.length() > LONGEST_VERSION ? line.substring(0, LONGEST_VERSION) : line);
    }
}
