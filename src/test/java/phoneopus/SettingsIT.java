package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests where settings are read from, using the model passed to the command. */
class SettingsIT {

    @TempDir Path temporary;
    Path folder;
    Script launcher;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        Script.writeExecutable(
                folder.resolve("claude"),
                "#!/bin/sh\nexport FAKE_CLAUDE_RECORD='%s'\nexec '%s' \"$@\"\n"
                        .formatted(
                                folder.resolve("record"),
                                Script.file("src/main/sh/demo-claude.sh")));
        launcher =
                Script.of(folder.resolve("repository"), PackagedServer.launcher().toString())
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .with("HOME", folder.resolve("home"))
                        .with("PHONE_OPUS_CLAUDE_BINARY", folder.resolve("claude"))
                        .with("PHONE_OPUS_STATE_DIR", folder.resolve("state"));
    }

    @Test
    void theInstallationComesLastThenTheUserThenTheVariableThenTheCommandLine() throws IOException {
        var copy = Files.createDirectory(folder.resolve("installation"));
        Script.of(folder, "/bin/cp", "-R").run(installation() + "/.", copy.toString());
        var installed =
                new Script(
                        List.of(copy.resolve("bin/phone-opus").toString()),
                        launcher.folder(),
                        launcher.environment());

        assertThat(modelOf(installed)).isEqualTo("opus");
        write(copy.resolve("config/application.yaml"), "a");
        assertThat(modelOf(installed)).isEqualTo("a");
        write(folder.resolve("home/.config/phone-opus/application.yaml"), "b");
        assertThat(modelOf(installed)).isEqualTo("b");
        var withVariable = installed.with("PHONE_OPUS_CLAUDE_MODEL", "c");
        assertThat(modelOf(withVariable)).isEqualTo("c");
        assertThat(modelOf(withVariable, "--phone-opus.claude.model=d")).isEqualTo("d");
    }

    @Test
    void theUsersFileIsWhereXdgSaysItIs() throws IOException {
        write(folder.resolve("home/.config/phone-opus/application.yaml"), "a");
        write(folder.resolve("xdg/phone-opus/application.yaml"), "b");

        var model = modelOf(launcher.with("XDG_CONFIG_HOME", folder.resolve("xdg")));

        assertThat(model).isEqualTo("b");
    }

    @Test
    void nothingIsReadFromTheWorkingDirectory() throws IOException {
        write(folder.resolve("repository/application.yaml"), "a");
        write(folder.resolve("repository/application-terminal.yaml"), "b");
        write(folder.resolve("repository/config/application.yaml"), "c");
        write(folder.resolve("repository/config/x/application.yaml"), "d");
        Files.writeString(
                folder.resolve("repository/application.properties"), "phone-opus.claude.model=e");

        var model = modelOf(launcher);

        assertThat(model).isEqualTo("opus");
    }

    @Test
    void aServerWhoseLimitsAreTheLargestNumbersTakesAConsult() {
        var unlimited =
                launcher.with("PHONE_OPUS_CONSULT_MAX_CONCURRENT", Integer.MAX_VALUE)
                        .with("PHONE_OPUS_CONSULT_QUEUE_CAPACITY", Integer.MAX_VALUE)
                        .with("PATH", "/usr/bin:/bin");
        try (var server = PackagedServer.start(folder, unlimited.environment())) {
            var answer = server.full("consult", Map.of("prompt", "Why?", "cwd", "" + folder));
            var health = server.full("health_snapshot", Map.of());

            assertThat(answer.path("response").asString()).contains("demo answer");
            assertThat(health.path("queue_capacity").asInt()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    private String modelOf(Script launcher, String... settings) throws IOException {
        var words = new ArrayList<>(List.of(settings));
        words.addAll(List.of("ask", "Why?"));
        var ended = launcher.run(words.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        var arguments = Files.readAllLines(folder.resolve("record/argv"));
        return arguments.get(arguments.indexOf("--model") + 1);
    }

    private static Path installation() {
        return PackagedServer.launcher().getParent().getParent();
    }

    private static void write(Path file, String model) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "phone-opus:\n  claude:\n    model: " + model + "\n");
    }
}
