package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.cli.Application.Setting;
import phoneopus.setup.Settings;

/** Words that cost no start of the application: starting it fails here. */
class TerminalTests {

    private static final List<String> COMMANDS =
            List.of(
                    "ask",
                    "jobs",
                    "job",
                    "wait",
                    "cancel",
                    "serve",
                    "doctor",
                    "install",
                    "uninstall",
                    "completion");

    @TempDir Path folder;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpNamesEveryCommand() {
        var code = run("--help");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .extracting(line -> line.strip().split(" ")[0])
                .containsSubsequence(COMMANDS.subList(0, 1))
                .containsAll(COMMANDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ask",
                "jobs",
                "job",
                "wait",
                "cancel",
                "serve",
                "doctor",
                "install",
                "uninstall",
                "completion"
            })
    void everyCommandSaysWhatItDoesAndEachOptionWhatItIsFor(String command) {
        var code = run(command, "--help");

        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(code).isZero();
        assertThat(err.size()).isZero();
        assertThat(lines.getFirst()).endsWith(".");
        assertThat(lines).anyMatch(line -> line.startsWith("Usage: phone-opus " + command));
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(lines.stream().filter(line -> line.matches(" +(-., )?--\\S+")))
                .as("options without a word")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config show", "config"})
    void settingsAreShownWithTheirOrigin(String words) {
        assertThat(run(words.split(" "))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        SETTING        VALUE                     FROM
                        claude.binary  -                         default
                        claude.model   sonnet                    /etc/a.yaml:3
                        claude.models  opus, sonnet, haiku, xx…  default
                        """);
    }

    @Test
    void onlyWhatIsSetIsShownInFullOnRequest() {
        run("config", "show", "--set", "--long");

        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(2).contains("/etc/a.yaml:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask", "install", "completion"})
    void everyCommandKnowsTheVersion(String command) {
        run(command, "--version");

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("phone-opus ");
    }

    @Test
    void anUnknownClientIsToldWhichThereAre() {
        var code = run("install", "emacs");

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("must be one of codex, claude-code, cursor", "got `emacs`")
                .hasLineCount(1);
    }

    @Test
    void bashCompletesCommandsAndClients() throws Exception {
        run("completion");
        var script = folder.resolve("completion.sh");
        Files.write(script, out.toByteArray());

        var commands = completed(script, "phone-opus", "uni");
        var clients = completed(script, "phone-opus", "install", "c");

        assertThat(commands).isEqualTo("uninstall");
        assertThat(clients).isEqualTo("codex claude-code cursor claude-desktop");
    }

    private String completed(Path script, String... words) throws Exception {
        var asked =
                """
                . %s
                COMP_WORDS=(%s)
                COMP_CWORD=%d
                _complete_phone-opus
                echo "${COMPREPLY[@]}"
                """
                        .formatted(script, String.join(" ", words), words.length - 1);
        var bash = new ProcessBuilder("bash", "-c", asked).redirectErrorStream(true).start();
        var answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return answer.strip();
    }

    private int run(String... words) {
        return new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new Application() {
                            @Override
                            public ConfigurableApplicationContext start(boolean demo) {
                                throw new AssertionError("started");
                            }

                            @Override
                            public ConfigurableApplicationContext serve(boolean demo, @Nullable Integer port) {
                                throw new AssertionError("started");
                            }

                            @Override
                            public Settings settings() {
                                throw new AssertionError("settings read");
                            }

                            @Override
                            public List<Setting> config() {
                                return List.of(
                                        new Setting("claude.binary", "", "default"),
                                        new Setting("claude.model", "sonnet", "/etc/a.yaml:3"),
                                        new Setting(
                                                "claude.models",
                                                "opus, sonnet, haiku, " + "x".repeat(30),
                                                "default"));
                            }
                        })
                .run(words);
    }
}
