package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository whose configuration names programs of its own, and a real git. */
@Timeout(60)
class GitGuardsTests {

    @TempDir Path temporary;
    Path work;
    Path canary;
    Map<String, String> environment;

    @BeforeEach
    void makeRepository() throws Exception {
        work = Files.createDirectory(temporary.toRealPath().resolve("work"));
        canary = work.resolveSibling("canary");
        environment =
                Map.of(
                        "PATH", "/usr/local/bin:/usr/bin:/bin",
                        "HOME", temporary.toString(),
                        "GIT_AUTHOR_NAME", "x",
                        "GIT_AUTHOR_EMAIL", "x@example.org",
                        "GIT_COMMITTER_NAME", "x",
                        "GIT_COMMITTER_EMAIL", "x@example.org");
        git(environment, "init", "-q");
        Files.writeString(work.resolve("a.txt"), "one\n");
        Files.writeString(work.resolve(".gitattributes"), "*.txt filter=evil diff=evil\n");
        git(environment, "add", ".");
        git(environment, "commit", "-qm", "first");
        Files.writeString(work.resolve("a.txt"), "two\n");
        Files.createDirectory(work.resolve(".hooks"));
        program(".hooks/post-index-change");
        for (var name :
                List.of(
                        "core.fsmonitor",
                        "filter.evil.clean",
                        "filter.evil.process",
                        "diff.evil.textconv",
                        "diff.external",
                        "gpg.program")) {
            git(environment, "config", name, program(name));
        }
        git(environment, "config", "filter.evil.required", "true");
        git(environment, "config", "log.showSignature", "true");
        git(environment, "config", "core.hooksPath", work.resolve(".hooks").toString());
        Files.deleteIfExists(canary);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "diff --stat",
                "diff",
                "log -p -1",
                "show",
                "blame a.txt",
                "grep two"
            })
    void nothingThatTheRepositoryNamesIsRun(String command) throws Exception {
        var guarded = guarded();

        var output = git(guarded, command.split(" "));

        assertThat(canary).doesNotExist();
        assertThat(output).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "diff", "log -p -1"})
    void nothingIsRunInAFolderOfTheRepositoryEither(String command) throws Exception {
        var repository = work;
        work = Files.createDirectories(repository.resolve("a/b"));

        var output = git(guarded(), command.split(" "));

        assertThat(canary).doesNotExist();
        assertThat(output).contains("a.txt");
    }

    @Test
    void aDiffIsWhatGitItselfWouldShow() throws Exception {
        assertThat(git(guarded(), "diff")).contains("--- a/a.txt", "+++ b/a.txt", "-one", "+two");
    }

    @Test
    void anExternalDiffOfOneKindOfFileIsNotRunEither() throws Exception {
        git(environment, "config", "--unset", "diff.external");
        git(environment, "config", "diff.evil.command", program("diff.evil.command"));

        assertThat(git(guarded(), "diff")).contains("-one", "+two");
        assertThat(canary).doesNotExist();
    }

    @Test
    void nothingIsRunThatOnlyThisWorktreeNames() throws Exception {
        git(environment, "config", "extensions.worktreeConfig", "true");
        git(environment, "config", "--remove-section", "filter.evil");
        git(environment, "config", "--worktree", "filter.evil.clean", program("worktree.clean"));

        var output = git(guarded(), "status");

        assertThat(canary).doesNotExist();
        assertThat(output).contains("a.txt");
    }

    @Test
    void whatTheUserHasSetForAllRepositoriesStays() throws Exception {
        Files.writeString(
                temporary.resolve(".gitconfig"), "[diff \"mine\"]\n\ttextconv = my-textconv\n");

        assertThat(guarded()).doesNotContainValue("diff.mine.textconv");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "nonsense, 0"})
    void theyFollowTheSettingsThatTheUserWants(String count, int first) throws Exception {
        var with = new TreeMap<>(environment);
        with.put("GIT_CONFIG_COUNT", count);

        assertThat(GitGuards.of(temporary, with))
                .containsEntry("GIT_CONFIG_KEY_" + first, "core.fsmonitor")
                .containsEntry("GIT_CONFIG_COUNT", Integer.toString(first + 4));
    }

    @Test
    void aConfigurationThatCannotBeReadSwitchesGitOff() throws Exception {
        Files.writeString(work.resolve(".git/config"), "[include]\n\tpath = pipe\n");
        assertThat(
                        new ProcessBuilder("mkfifo", work.resolve(".git/pipe").toString())
                                .start()
                                .waitFor())
                .isZero();

        assertThat(GitGuards.of(work, environment)).containsEntry("GIT_DIR", "/dev/null");
    }

    private Map<String, String> guarded() throws Exception {
        var guarded = new TreeMap<>(environment);
        guarded.putAll(GitGuards.of(work, environment));
        return guarded;
    }

    private String program(String name) throws IOException {
        var file = work.resolve(name.startsWith(".") ? name : ".program-" + name);
        Files.writeString(
                file, "#!/bin/sh\necho %s >>%s\ncat 2>/dev/null\n".formatted(name, canary));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file.toString();
    }

    private String git(Map<String, String> variables, String... words) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true);
        var git = builder.start();
        var output = new String(git.getInputStream().readAllBytes());
        assertThat(git.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
