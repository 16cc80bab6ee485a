package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A server's environment: a home, a state directory, and a {@code claude} that does what the
 * repository of the consult tells it to.
 */
final class Surroundings {

    /** The wait for things that usually take a moment; the machine may be busy. */
    static final Duration A_WHILE = Duration.ofSeconds(30);

    private final Path folder;

    private Surroundings(Path folder) {
        this.folder = folder;
    }

    static Surroundings in(Path temporary) {
        try {
            var surroundings = new Surroundings(temporary.toRealPath());
            Files.createDirectories(surroundings.home());
            Files.createDirectories(surroundings.desk());
            Script.writeExecutable(
                    surroundings.claude(),
                    """
                    #!/bin/sh
                    [ ! -r ./fake ] || . ./fake
                    exec '%s' "$@"
                    """
                            .formatted(Script.file("src/main/sh/demo-claude.sh")));
            return surroundings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path home() {
        return folder.resolve("home");
    }

    /** The directory in which servers are started. */
    Path desk() {
        return folder.resolve("desk");
    }

    Path state() {
        return folder.resolve("state");
    }

    /** All files of the state directory with their last modification times. */
    Map<Path, FileTime> stateFiles() {
        var files = new TreeMap<Path, FileTime>();
        try (var found = Files.walk(state())) {
            for (var file : found.toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path claude() {
        return folder.resolve("bin/claude");
    }

    /**
     * A new repository to consult about, with the {@code FAKE_CLAUDE_…} variables of its claude.
     */
    Path repository(Map<String, ?> fake) {
        try {
            var repository = Files.createTempDirectory(folder, "repository");
            Files.writeString(
                    repository.resolve("fake"),
                    fake.entrySet().stream()
                            .map(entry ->
                                    "export FAKE_CLAUDE_%s='%s'\n"
                                            .formatted(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining()));
            return repository;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A repository whose claude records its input in {@code record} below it. */
    Path recorded(Map<String, ?> fake) {
        var repository = repository(fake);
        try {
            Files.writeString(
                    repository.resolve("fake"),
                    Files.readString(repository.resolve("fake"))
                            + "export FAKE_CLAUDE_RECORD=\"$PWD/record\"\n");
            return repository;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A repository in which each claude creates a file {@code waiting.<pid>} and continues once
     * there is a file {@code release}.
     */
    Path held(Map<String, ?> fake) {
        var repository = repository(fake);
        try {
            Files.writeString(
                    repository.resolve("fake"),
                    Files.readString(repository.resolve("fake"))
                            + "echo $$ >waiting.$$\nuntil [ -e release ]; do sleep 0.1; done\n");
            return repository;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until that many claudes wait in the repository. */
    static void awaitHeld(Path repository, int claudes) {
        await().atMost(A_WHILE)
                .untilAsserted(() ->
                        assertThat(
                                        repository
                                                .toFile()
                                                .list((_, name) -> name.startsWith("waiting.")))
                                .hasSize(claudes));
    }

    static void release(Path repository) {
        try {
            Files.createFile(repository.resolve("release"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases every claude that still waits in a repository, left there by a failed test. */
    void releaseAll() {
        try (var repositories = Files.newDirectoryStream(folder, "repository*")) {
            for (var repository : repositories) {
                if (Files.notExists(repository.resolve("release"))) {
                    release(repository);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> environment() {
        return environment(Map.of());
    }

    Map<String, String> environment(Map<String, String> more) {
        var environment = new TreeMap<String, String>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOME", home().toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("PHONE_OPUS_CLAUDE_BINARY", claude().toString());
        environment.put("PHONE_OPUS_STATE_DIR", state().toString());
        environment.putAll(more);
        return environment;
    }

    /** All processes in these surroundings, including servers. */
    List<RunningProcesses.Living> processes() {
        return RunningProcesses.in(folder);
    }

    void endEverything() {
        await().atMost(A_WHILE)
                .untilAsserted(() -> {
                    processes().forEach(RunningProcesses.Living::kill);
                    assertThat(processes()).isEmpty();
                });
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
