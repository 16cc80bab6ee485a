package phoneopus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.claude.RunBench;

@Timeout(60)
class RunnerTests {

    static final int LATE = 97;

    @TempDir Path temporary;
    RunBench bench;

    @BeforeEach
    void set() throws IOException {
        bench = new RunBench(temporary);
        Files.writeString(bench.files.stdin(), "Why?");
    }

    @AfterEach
    void clear() {
        bench.clear();
    }

    @Test
    void leavesWhatTheCommandSaidAndItsExitCode() throws IOException {
        var command =
                List.of("sh", "-c", "cat; echo \"$1\"; echo oops >&2; exit 7", "x", "$(id) -e");

        var runner = runner("one", bench.cwd, command).run();

        assertThat(runner).isEqualTo(new Script.Completion(0, "", ""));
        assertThat(bench.text("events.jsonl")).isEqualTo("Why?$(id) -e\n");
        assertThat(bench.text("stderr")).isEqualTo("oops\n");
        assertThat(bench.files.exit()).contains(7);
        assertThat(bench.files.marked()).isEmpty();
        assertThat(bench.files.leader()).isPresent();
    }

    @Test
    void runsInTheDirectory() throws IOException {
        runner("one", bench.cwd, List.of("pwd")).run();

        assertThat(bench.text("events.jsonl")).isEqualTo(bench.cwd + "\n");
    }

    @Test
    void leavesWith98WhereTheDirectoryIsAnother() throws IOException {
        var link = Files.createSymbolicLink(bench.folder.resolve("link"), bench.cwd);

        var runner = runner("one", link, List.of(bench.fake().toString())).run();

        assertThat(runner.exitCode()).isEqualTo(Run.CWD_CHANGED);
        assertThat(bench.files.exit()).contains(Run.CWD_CHANGED);
        assertThat(bench.starts()).isZero();
    }

    @Test
    void itsPidIsOnTheDiskBeforeTheCommandAndWhatItSaidBeforeItsEnd() throws IOException {
        var bin = bench.folder.resolve("bin");
        var notes = bench.folder.resolve("notes");
        for (String program : List.of("ln", "sync", "mv")) {
            Script.writeExecutable(
                    bin.resolve(program),
                    "#!/bin/sh\necho \"%1$s $*\" >>'%2$s'\nexec /bin/%1$s \"$@\"\n"
                            .formatted(program, notes));
        }
        Script.writeExecutable(
                bin.resolve("command"), "#!/bin/sh\necho command >>'%s'\n".formatted(notes));

        runner("one", bench.cwd, List.of(bin.resolve("command").toString()))
                .with("PATH", bin + ":/usr/bin:/bin")
                .run();

        assertThat(Files.readString(notes).replace(bench.directory + "/", ""))
                .matches(
                        """
                        ln pid\\.\\d+ pid
                        sync pid %s
                        command
                        sync exit.tmp events.jsonl
                        mv exit.tmp exit
                        """
                                .formatted(bench.directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.jsonl", "stderr", "exit", "exit.tmp", "timer", "timer.sleep"})
    void aLinkThatWasThereBeforeItLeadsNothingElsewhere(String name) throws IOException {
        var elsewhere = Files.createDirectory(bench.folder.resolve("elsewhere"));
        Files.createSymbolicLink(bench.directory.resolve(name), elsewhere.resolve("file"));

        runner("one", bench.cwd, List.of("echo", "Yes.")).run();

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(bench.text("events.jsonl")).isEqualTo("Yes.\n");
        assertThat(bench.files.exit()).contains(0);
        assertThat(bench.directory.resolve(name))
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "exit.tmp", "."})
    void aLinkThatIsPutThereWhileItRunsLeadsNothingElsewhere(String name) throws IOException {
        var elsewhere = Files.createDirectory(bench.folder.resolve("elsewhere"));
        var place = bench.directory.resolve(name).normalize();
        var command =
                List.of(
                        "sh",
                        "-c",
                        // The runner may just be writing a file there.
                        "while ! rm -rf \"$1\"; do :; done; ln -s \"$2\" \"$1\"",
                        "x",
                        place + "",
                        elsewhere + "");

        runner("one", bench.cwd, command).run();

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(place.getParent())
                .isDirectoryContaining("glob:**/" + place.getFileName() + ".damaged.*");
    }

    @Test
    void leavesWith97WhereAFolderIsInThePlaceOfItsPid() throws IOException {
        var folder = Files.createDirectory(bench.directory.resolve("pid"));

        var runner = runner("one", bench.cwd, List.of(bench.fake().toString())).run();

        assertThat(runner.exitCode()).isEqualTo(LATE);
        assertThat(folder).isEmptyDirectory();
        assertThat(bench.starts()).isZero();
    }

    @Test
    void leavesWith97WhereAnotherWasFirst() throws IOException {
        var command = List.of(bench.fake().toString());
        var first = runner("one", bench.cwd, command).run();
        var pid = bench.text("pid");
        var answer = bench.text("events.jsonl");

        var second = runner("two", bench.cwd, command).run();

        assertThat(first.exitCode()).isZero();
        assertThat(second.exitCode()).isEqualTo(LATE);
        assertThat(bench.text("pid")).isEqualTo(pid);
        assertThat(bench.text("events.jsonl")).isEqualTo(answer);
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void leavesWith97WhereTheRunIsForbidden() throws IOException {
        bench.files.forbid("by the test");

        var runner = runner("one", bench.cwd, List.of(bench.fake().toString())).run();

        assertThat(runner.exitCode()).isEqualTo(LATE);
        assertThat(bench.starts()).isZero();
    }

    @Test
    void leavesWith97WhereItWasStoppedBeforeItWasFirst() throws Exception {
        var bin = bench.folder.resolve("bin");
        // Stops the runner together with itself, as a laptop's sleep does, but only the first time.
        Script.writeExecutable(
                bin.resolve("ln"),
                "#!/bin/sh\nif mkdir '%s/stopped' 2>/dev/null; then kill -STOP $PPID $$; fi\nexec /bin/ln \"$@\"\n"
                        .formatted(bench.folder));
        var command = List.of(bench.fake().toString());
        var stopped =
                runner("one", bench.cwd, command)
                        .with("PATH", bin + ":/usr/bin:/bin")
                        .start(new byte[0]);
        await().until(() -> state(stopped.pid()).equals("T"));
        var unclaimed = bench.files.claimed();

        var other = runner("two", bench.cwd, command).run();
        new ProcessBuilder("kill", "-s", "CONT", "--", "-" + stopped.pid()).start().waitFor();

        assertThat(unclaimed).isFalse();
        assertThat(other.exitCode()).isZero();
        assertThat(stopped.waitFor()).isEqualTo(LATE);
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void ofTwentyRunnersOneRuns() throws Exception {
        var command = List.of(bench.fake().toString());
        var runners = new ArrayList<Process>();
        for (int i = 0; i < 20; i++) {
            runners.add(runner("runner " + i, bench.cwd, command).start(new byte[0]));
        }

        var exits = new ArrayList<Integer>();
        for (Process runner : runners) {
            exits.add(runner.waitFor());
        }

        assertThat(exits).containsOnly(0, LATE).containsOnlyOnce(0);
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void aCommandThatEndsAtOnceLeavesNoClockBehind() throws IOException {
        for (int i = 0; i < 100; i++) {
            var directory = Files.createDirectory(bench.folder.resolve("run " + i));
            Files.createFile(directory.resolve("stdin"));
            runner("one", directory, bench.cwd, List.of("true")).run();
        }

        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    private Script runner(String folder, Path cwd, List<String> command) throws IOException {
        return runner(folder, bench.directory, cwd, command);
    }

    private Script runner(String folder, Path directory, Path cwd, List<String> command)
            throws IOException {
        var text = Files.readString(Path.of("src/main/sh/run.sh"));
        var words =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "sh",
                                "-c",
                                text,
                                "phone-opus",
                                directory.toString(),
                                cwd.toString(),
                                "600",
                                PidNamespace.HERE.toString()));
        words.addAll(command);
        return Script.of(bench.folder.resolve(folder), words.toArray(String[]::new));
    }

    private static String state(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
    }
}
