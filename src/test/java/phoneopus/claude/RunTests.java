package phoneopus.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.Script;
import phoneopus.files.DurableFiles;
import phoneopus.run.Activity;
import phoneopus.run.Outcome;
import phoneopus.run.ProcessTable;
import phoneopus.run.Refusal;
import phoneopus.run.Run;
import phoneopus.run.StopReason;

@Timeout(120)
class RunTests {

    @TempDir Path temporary;
    RunBench bench;

    @BeforeEach
    void set() throws IOException {
        bench = new RunBench(temporary);
    }

    @AfterEach
    void clear() {
        bench.clear();
    }

    @Test
    void asksTheCommandAndKeepsItsAnswer() throws Exception {
        var claude = RunBench.claude(bench.fake("FAKE_CLAUDE_ANSWER='Yes.'").toString());
        var command = claude.command(bench.consult(), RunBench.SESSION, bench.directory);

        var run =
                claude.start(
                        bench.directory, command, bench.cwd.toString(), "Why?", RunBench.LIMITS);
        var outcome = RunBench.watched(run);

        assertThat(response(outcome)).isEqualTo("Yes.");
        assertThat(Files.readAllLines(bench.record.resolve("argv")))
                .isEqualTo(command.subList(1, command.size()))
                .containsSequence("--settings", bench.files.settings().toString())
                .containsSequence("--session-id", RunBench.SESSION.toString());
        assertThat(bench.record.resolve("cwd")).hasContent(bench.cwd.toString());
        assertThat(bench.record.resolve("stdin")).hasContent("\nWhy?");
        assertThat(bench.files.exit()).contains(0);
        assertThat(bench.files.marked()).isEmpty();
    }

    @Test
    void showsWhatItIsDoing() throws Exception {
        var run = bench.start("FAKE_CLAUDE_TURNS=3", "FAKE_CLAUDE_TURN_DELAY=0.3");
        var seen = new ArrayList<Activity>();

        run.watch(seen::add);

        var read = "Read " + bench.cwd + "/README.md";
        assertThat(seen).extracting(Activity::turns).isSorted().contains(1, 2, 3);
        assertThat(seen)
                .filteredOn(activity -> activity.turns() == 2)
                .extracting(Activity::last)
                .contains(read.length() > 85 ? read.substring(0, 85) + "…" : read);
    }

    @Test
    void givesTheCommandOnlyWhatTheAllowListNames() throws Exception {
        var claude = RunBench.claude("sh", "CANARY=sings");

        claude.start(
                        bench.directory,
                        List.of(bench.fake().toString()),
                        bench.cwd.toString(),
                        "Why?",
                        RunBench.LIMITS)
                .watch(_ -> {});

        var names =
                Files.readAllLines(bench.record.resolve("env")).stream()
                        .map(line -> line.replaceFirst("=.*", ""))
                        .toList();
        var allowed = new ArrayList<>(ChildEnvironment.of(System.getenv(), List.of()).keySet());
        // The version of the fake is not known yet when it starts.
        allowed.add("CLAUDE_CODE_DISABLE_ATTACHMENTS");
        allowed.addAll(List.of("CANARY", "PWD", "OLDPWD", "SHLVL", "_", "FAKE_CLAUDE_RECORD"));
        assertThat(bench.record.resolve("env")).content().contains("CANARY=sings\n");
        assertThat(allowed)
                .containsAll(
                        names.stream().filter(name -> !name.startsWith("GIT_CONFIG_")).toList());
        assertThat(names).contains("GIT_CONFIG_COUNT");
    }

    @Test
    void isDetachedFromItsServer() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();

        var pid = run.pid().orElseThrow();
        var command = Long.parseLong(Files.readString(bench.record.resolve("pid")).strip());
        var stat = ProcessTable.find(command);
        run.end(StopReason.CANCELLED);

        assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(stat.orElseThrow().session()).isEqualTo(pid);
    }

    @Test
    void aFloodOnStderrStopsNothing() throws Exception {
        var run = bench.start("FAKE_CLAUDE_STDERR_BYTES=20971520", "FAKE_CLAUDE_ANSWER='Yes.'");

        var outcome = RunBench.watched(run);

        assertThat(response(outcome)).isEqualTo("Yes.");
        assertThat(bench.files.stderr()).hasSize(20 * 1024 * 1024);
        assertThat(bench.files.lastWords()).hasSize(8 * 1024);
    }

    @Test
    void aLongAnswerArrivesWhole() throws Exception {
        var run = bench.start("FAKE_CLAUDE_ANSWER_BYTES=5000000");

        var answer = response(RunBench.watched(run));

        var line = "x".repeat(80) + "\n";
        assertThat(answer.length()).isEqualTo(5_000_000);
        assertThat(answer.equals((line.repeat(5_000_000 / 81 + 1)).substring(0, 5_000_000)))
                .isTrue();
    }

    @Test
    void whereTheResultIsCutOffTheLastMessageIsTheAnswer() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HALF_LINE=1", "FAKE_CLAUDE_ANSWER='Yes.'");

        var answer = ((Outcome.Answered) RunBench.watched(run)).answer();

        assertThat(answer.response()).isEqualTo("Yes.");
        assertThat(answer.ofTranscript()).isTrue();
        assertThat(answer.totalCostUsd()).isNull();
    }

    @Test
    void whereThereIsNoResultTheLastMessageIsTheAnswer() throws Exception {
        var run = bench.start("FAKE_CLAUDE_NO_RESULT=1", "FAKE_CLAUDE_ANSWER='Yes.'");

        var answer = ((Outcome.Answered) RunBench.watched(run)).answer();

        assertThat(answer.response()).isEqualTo("Yes.");
        assertThat(answer.ofTranscript()).isTrue();
    }

    @Test
    void nothingOnStdoutIsBadOutputEvenWithExitCodeZero() throws Exception {
        var run = bench.start("FAKE_CLAUDE_EMPTY=1");

        assertThat(OutcomeClassifierTests.inShort(RunBench.watched(run)))
                .isEqualTo("refused BAD_OUTPUT retryable");
    }

    @Test
    void wordsOnStderrAreClaudes() throws Exception {
        var run =
                bench.start(
                        "FAKE_CLAUDE_EMPTY=1",
                        "FAKE_CLAUDE_EXIT=3",
                        "FAKE_CLAUDE_STDERR='Not today, é.'");

        assertThat(RunBench.watched(run))
                .isEqualTo(new Outcome.Refused(Refusal.CLAUDE_ERROR, "Not today, é.", false, null));
    }

    @Test
    void ofManyWordsOnStderrTheLastAreClaudes() throws Exception {
        var warnings = "printf '%010000d' 0 >&2; echo ' Not logged in.' >&2; exit 3";
        var command = bench.folder.resolve("many");
        Script.writeExecutable(command, "#!/bin/sh\n" + warnings);

        var run = bench.start(RunBench.LIMITS, List.of(command.toString()), bench.cwd);
        RunBench.watched(run);

        assertThat(bench.files.lastWords()).hasSizeLessThan(10_000).endsWith("0 Not logged in.");
    }

    @Test
    void aCommandThatIsNotThereDoesNotStart() throws Exception {
        var missing = bench.folder.resolve("missing").toString();
        var run = bench.start(RunBench.LIMITS, List.of(missing), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(outcome).isInstanceOf(Outcome.NotStarted.class);
        assertThat(((Outcome.NotStarted) outcome).words())
                .contains(missing)
                .doesNotContain(bench.directory.toString());
    }

    @Test
    void aCommandThatCannotBeExecutedDoesNotStart() throws Exception {
        var text = Files.writeString(bench.folder.resolve("text"), "no program").toString();
        var run = bench.start(RunBench.LIMITS, List.of(text), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(outcome).isInstanceOf(Outcome.NotStarted.class);
        assertThat(((Outcome.NotStarted) outcome).words())
                .contains(text)
                .doesNotContain(bench.directory.toString());
    }

    @Test
    void aCommandLineThatIsTooLongDoesNotStart() throws Exception {
        var command = List.of(bench.fake().toString(), "x".repeat(200_000));
        var run = bench.start(RunBench.LIMITS, command, bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(outcome).isInstanceOf(Outcome.NotStarted.class);
        assertThat(bench.starts()).isZero();
    }

    @Test
    void aDirectoryReachedByALinkDoesNotStart() throws Exception {
        var link = Files.createSymbolicLink(bench.folder.resolve("link"), bench.cwd);
        var run = bench.start(RunBench.LIMITS, List.of(bench.fake().toString()), link);

        assertThat(RunBench.watched(run)).isInstanceOf(Outcome.NotStarted.class);
        assertThat(bench.starts()).isZero();
    }

    @Test
    void aCommandThatAnUpdaterReplacedMeanwhileIsFoundByItsName() throws Exception {
        var now = bench.fake().toString();
        var frozen = bench.folder.resolve("earlier/fake-claude").toString();

        var run =
                RunBench.claude(now)
                        .start(
                                bench.directory,
                                List.of(frozen),
                                bench.cwd.toString(),
                                "Why?",
                                RunBench.LIMITS);

        assertThat(RunBench.watched(run)).isInstanceOf(Outcome.Answered.class);
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void aDirectoryThatIsGoneDoesNotStart() throws Exception {
        var gone = bench.folder.resolve("gone");
        var run = bench.start(RunBench.LIMITS, List.of(bench.fake().toString()), gone);

        assertThat(RunBench.watched(run)).isInstanceOf(Outcome.NotStarted.class);
        assertThat(bench.starts()).isZero();
    }

    @Test
    void aForbiddenRunNeverStarts() throws Exception {
        bench.files.forbid("by the test");

        var run = bench.start();

        assertThat(run.claimed()).isTrue();
        assertThat(run.over()).isTrue();
        assertThat(run.pid()).isEmpty();
        assertThat(bench.starts()).isZero();
    }

    @Test
    void aRunEndedBeforeItsStartNeverStarts() throws Exception {
        bench.adopt().end(StopReason.CANCELLED);

        var run = bench.start();

        assertThat(run.over()).isTrue();
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
        assertThat(bench.starts()).isZero();
    }

    @Test
    void ofTwentyStartsOneRuns() throws Exception {
        var command = List.of(bench.fake("FAKE_CLAUDE_ANSWER='Yes.'").toString());
        var gate = new CountDownLatch(1);
        var starts = new ArrayList<Future<Run>>();
        try (var threads = Executors.newFixedThreadPool(20)) {
            for (int i = 0; i < 20; i++) {
                Callable<Run> start =
                        () -> {
                            gate.await();
                            return bench.start(RunBench.LIMITS, command, bench.cwd);
                        };
                starts.add(threads.submit(start));
            }
            gate.countDown();
        }

        for (Future<Run> start : starts) {
            assertThat(response(RunBench.watched(start.get()))).isEqualTo("Yes.");
        }
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void aRunnerThatWasStoppedBeforeItWasFirstIsLate() throws Exception {
        var bin = bench.folder.resolve("bin");
        Script.writeExecutable(
                bin.resolve("ln"),
                "#!/bin/sh\nif mkdir '%1$s/stopped' 2>/dev/null; then echo $PPID >'%1$s/runner'; kill -STOP $PPID $$; fi\nexec /bin/ln \"$@\"\n"
                        .formatted(bench.folder));
        var command = List.of(bench.fake().toString());
        var claude = RunBench.claude("sh", "PATH=" + bin + ":/usr/bin:/bin");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var stopped =
                    threads.submit(() ->
                            claude.start(
                                    bench.directory,
                                    command,
                                    bench.cwd.toString(),
                                    "Why?",
                                    RunBench.LIMITS));
            await().until(() -> Files.exists(bench.folder.resolve("runner")));

            var outcome =
                    RunBench.watched(
                            claude.start(
                                    bench.directory,
                                    command,
                                    bench.cwd.toString(),
                                    "Why?",
                                    RunBench.LIMITS));
            var runner = Files.readString(bench.folder.resolve("runner")).strip();
            new ProcessBuilder("kill", "-s", "CONT", "--", "-" + runner).start().waitFor();

            assertThat(outcome).isInstanceOf(Outcome.Answered.class);
            assertThat(stopped.get().pid().orElseThrow()).isNotEqualTo(Long.parseLong(runner));
        }
        bench.awaitNothingLives(Duration.ofSeconds(5));
        assertThat(bench.starts()).isEqualTo(1);
    }

    @Test
    void thePromptIsInNoCommandLineAndNoEnvironment() throws Exception {
        var secret = "a secret " + RunBench.SESSION;
        var command = List.of(bench.fake("FAKE_CLAUDE_HANG=1").toString());
        var run =
                RunBench.claude()
                        .start(
                                bench.directory,
                                command,
                                bench.cwd.toString(),
                                secret,
                                RunBench.LIMITS);
        bench.awaitEvents();

        var exposed = new ArrayList<String>();
        for (var process : bench.living()) {
            for (String file : List.of("cmdline", "environ")) {
                exposed.add(
                        new String(
                                Files.readAllBytes(
                                        Path.of("/proc", Long.toString(process.pid()), file)),
                                UTF_8));
            }
        }
        run.end(StopReason.CANCELLED);

        assertThat(bench.record.resolve("stdin")).hasContent("\n" + secret);
        assertThat(exposed).hasSizeGreaterThanOrEqualTo(6).noneMatch(text -> text.contains(secret));
    }

    /** A session that has half a pair in it is refused by Claude's service ever after. */
    @Test
    void halfASurrogatePairReachesClaudeAsAReplacementCharacter() throws Exception {
        var command = List.of(bench.fake("FAKE_CLAUDE_ANSWER='Yes.'").toString());

        var run =
                RunBench.claude()
                        .start(
                                bench.directory,
                                command,
                                bench.cwd.toString(),
                                "cut \ud83d here, \ud83d\ude00",
                                RunBench.LIMITS);
        RunBench.watched(run);

        assertThat(bench.record.resolve("stdin")).hasContent("\ncut \ufffd here, \ud83d\ude00");
    }

    @Test
    void itsSettingsAreThereWhileItRunsAndGoneAfterwards() throws Exception {
        var run = bench.start("FAKE_CLAUDE_DELAY=1");
        bench.awaitEvents();
        var during = Files.exists(bench.files.settings());

        RunBench.watched(run);

        assertThat(during).isTrue();
        await().until(() -> Files.notExists(bench.files.settings()));
    }

    @Test
    void itsFilesArePrivateUnderAnyUmask() throws Exception {
        var directory = bench.folder.resolve("state/spool/run");
        var server =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "umask 000; exec \"$@\"",
                                "server",
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Server.class.getName(),
                                directory.toString(),
                                bench.cwd.toString(),
                                bench.fake("FAKE_CLAUDE_STDERR=words").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(bench.folder.resolve("server.log").toFile())
                        .start();

        assertThat(server.waitFor()).as(bench.folder + "/server.log").isZero();

        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .extracting(file -> file.getFileName().toString())
                    .contains("pid", "exit", "events.jsonl", "stderr", "stdin", "kept");
        }
        try (var files = Files.walk(bench.folder.resolve("state"))) {
            assertThat(files.toList())
                    .allSatisfy(file ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(file)))
                                    .as(file.toString())
                                    .isEqualTo(
                                            Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    /** A JVM of its own, since a JVM cannot change its umask. */
    static class Server {

        public static void main(String[] arguments) throws Exception {
            var directory = Path.of(arguments[0]);
            DurableFiles.createDirectories(directory);
            var run =
                    RunBench.claude()
                            .start(
                                    directory,
                                    Arrays.asList(arguments).subList(2, 3),
                                    arguments[1],
                                    "Why?",
                                    RunBench.LIMITS);
            RunBench.watched(run);
            DurableFiles.write(directory.resolve("kept"), new byte[0]);
        }
    }

    private static String response(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        return ((Outcome.Answered) outcome).answer().response();
    }
}
