package phoneopus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A shell script with its own environment, run in a folder that also receives its output: with
 * pipes, a child that outlives the script would block the test.
 */
public record Script(List<String> command, Path folder, Map<String, String> environment) {

    public record Completion(int exitCode, String out, String err) {}

    public static Script of(Path folder, String... command) {
        return new Script(List.of(command), folder, Map.of("PATH", "/usr/bin:/bin"));
    }

    public static Path file(String path) {
        return Path.of(path).toAbsolutePath();
    }

    public static void writeExecutable(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            file.toFile().setExecutable(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Script with(String variable, Object value) {
        var more = new TreeMap<>(environment);
        more.put(variable, value.toString());
        return new Script(command, folder, more);
    }

    public Completion run(String... arguments) {
        return run(new byte[0], arguments);
    }

    public Completion run(byte[] input, String... arguments) {
        return ended(start(input, arguments));
    }

    /** Runs it with an input that stays open and empty. */
    public Completion runWithOpenInput(String... arguments) {
        return ended(start(ProcessBuilder.Redirect.PIPE, arguments));
    }

    private Completion ended(Process process) {
        try {
            assertThat(process.waitFor(120, SECONDS)).as("ends within 120 s").isTrue();
            return new Completion(
                    process.exitValue(), out(), Files.readString(folder.resolve("stderr")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            kill(process);
        }
    }

    public Process start(byte[] input, String... arguments) {
        try {
            Files.createDirectories(folder);
            var stdin = Files.write(folder.resolve("stdin"), input);
            return start(ProcessBuilder.Redirect.from(stdin.toFile()), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(ProcessBuilder.Redirect input, String... arguments) {
        try {
            Files.createDirectories(folder);
            var builder =
                    new ProcessBuilder(
                            Stream.concat(command.stream(), Stream.of(arguments)).toList());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.directory(folder.toFile())
                    .redirectInput(input)
                    .redirectOutput(folder.resolve("stdout").toFile())
                    .redirectError(folder.resolve("stderr").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String out() {
        try {
            return Files.readString(folder.resolve("stdout"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void kill(Process process) {
        var family = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
    }
}
