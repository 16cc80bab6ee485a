package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                    "tail",
                    "rm",
                    "prune",
                    "search",
                    "cost",
                    "key",
                    "config",
                    "version",
                    "help",
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
                "tail",
                "rm",
                "prune",
                "search",
                "cost",
                "key",
                "config",
                "version",
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

    @Test
    void helpOfACommandIsItsHelp() {
        assertThat(run("help", "wait")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: phone-opus wait ");
    }

    @Test
    void theVersionIsACommandToo() {
        assertThat(run("version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).matches("phone-opus \\S.*\n");
    }

    @ParameterizedTest
    @CsvSource({
        "jobz, 'There is no command `jobz`; did you mean jobs or job? (see: phone-opus --help)'",
        "frobnicate --x, 'There is no command `frobnicate`; to ask Claude: phone-opus ask \"QUESTION\"'",
        "jbos, There is no command `jbos`; did you mean jobs?",
        "serach, There is no command `serach`; did you mean search?",
        "jobs --stat, 'did you mean --status?'",
        "jobs --limit ten, '--limit must be a whole number, got `ten` (see: phone-opus jobs --help)'",
        "wait xyz, 'ID must be the id of a job or at least its first 4 characters, got `xyz` (see: phone-opus wait --help)'",
        "rm 3f25 xyz, 'ID must be the id of a job'"
    })
    void aMisspeltWordIsToldWhatMayBeMeant(String words, String sentence) {
        assertThat(run(words.split(" "))).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(sentence).hasLineCount(1);
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

    @Test
    void bashCompletesValuesAndTheIdsOfTheLastJobs() throws Exception {
        Files.createDirectories(folder.resolve("spool/3f250000-4f89-41d3-9a0c-0305e82c3301"));
        Files.createDirectories(folder.resolve("spool/4f250000-4f89-41d3-9a0c-0305e82c3301"));
        run("completion");
        var script = folder.resolve("completion.sh");
        Files.writeString(
                script,
                "PHONE_OPUS_STATE_DIR='" + folder + "'\n" + out.toString(StandardCharsets.UTF_8));

        assertThat(completed(script, "phone-opus", "wait", "3f")).isEqualTo("3f250000");
        assertThat(completed(script, "phone-opus", "rm", "3f250000", "4")).isEqualTo("4f250000");
        assertThat(completed(script, "phone-opus", "ask", "--session", "3")).isEqualTo("3f250000");
        assertThat(completed(script, "phone-opus", "ask", "--effort", "m")).isEqualTo("medium max");
        assertThat(completed(script, "phone-opus", "ask", "--model", "s")).isEqualTo("sonnet");
        assertThat(completed(script, "phone-opus", "jobs", "--status", "r")).isEqualTo("running");
    }

    @Test
    void aQuestionWithoutACommandIsToldWhatToType() {
        assertThat(run("Is this safe?")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("There is no command `Is this safe?`; to ask Claude: phone-opus ask ");
    }

    @Test
    void fishCompletesCommandsOptionsValuesAndIds() {
        run("completion", "fish");

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "complete -c phone-opus -n '__fish_use_subcommand' -a rm -d 'Deletes finished consults, with question and answer.'",
                        "complete -c phone-opus -n '__fish_seen_subcommand_from ask' -l effort -x -a 'low medium high xhigh max' -d 'low, medium, high, xhigh, max; default: max.'",
                        "complete -c phone-opus -n '__fish_seen_subcommand_from jobs' -l status -x -a 'queued running succeeded failed cancelled' -d 'Only this state: queued, running, succeeded, failed, cancelled.'",
                        "complete -c phone-opus -n '__fish_seen_subcommand_from ask' -s f -l file -r -F -d 'Append this file; without a question, it is the question.'")
                .anyMatch(line ->
                        line.startsWith(
                                        "complete -c phone-opus -n '__fish_seen_subcommand_from wait' -a '(sh -c \\'")
                                && line.contains("/spool"))
                .noneMatch(line -> line.contains("man-pages"))
                .noneMatch(line -> line.contains("from jobs' -l all"));
    }

    @Test
    void eachCommandHasAManualPage() throws IOException {
        assertThat(run("man-pages", folder.resolve("man1").toString())).isZero();

        var ask = Files.readString(folder.resolve("man1/phone-opus-ask.1"));
        assertThat(ask)
                .contains("phone\\-opus\\-ask \\- Asks Claude and prints the answer.\n")
                .contains("\\fB\\-\\-effort=E\\fR\nlow, medium, high, xhigh, max; default: max.\n")
                .contains(".TP\n\\fB124\\fR\ntimed out\n");
        for (var command : COMMANDS) {
            assertThat(folder.resolve("man1/phone-opus-" + command + ".1")).isNotEmptyFile();
        }
        assertThat(folder.resolve("man1/phone-opus-config-show.1")).isNotEmptyFile();
        assertThat(folder.resolve("man1/phone-opus-man-pages.1")).doesNotExist();
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
        // compopt complains, since no completion is going on.
        var bash =
                new ProcessBuilder("bash", "-c", asked)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
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
                            public ConfigurableApplicationContext serve(
                                    boolean demo, @Nullable Integer port) {
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
