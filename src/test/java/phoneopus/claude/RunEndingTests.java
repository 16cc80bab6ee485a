package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.RunningProcesses;
import phoneopus.Script;
import phoneopus.run.Activity;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.PidNamespace;
import phoneopus.run.ProcessTable;
import phoneopus.run.Refusal;
import phoneopus.run.Run;
import phoneopus.run.StopReason;

@Timeout(120)
class RunEndingTests {

    static final Duration LONG = Duration.ofMinutes(10);

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
    void aCancelledRunEndsWithEverythingItStarted() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();
        var before = bench.living();

        var took = timed(() -> run.end(StopReason.CANCELLED));
        var over = run.over();

        assertThat(before).hasSizeGreaterThanOrEqualTo(4);
        assertThat(took).isLessThan(Duration.ofSeconds(4));
        assertThat(over).isTrue();
        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(bench.directory.resolve("cancelled")).exists();
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void itsExitCodeIsKeptWhenItIsCancelled() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();

        run.end(StopReason.CANCELLED);

        await().until(() -> bench.files.exit().isPresent());
        assertThat(bench.files.exit()).contains(143);
        await().until(() -> Files.notExists(bench.files.settings()));
    }

    @Test
    void whatIgnoresTheRequestIsEndedByForceAfterFiveSeconds() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1", "FAKE_CLAUDE_IGNORE_TERM=1");
        bench.awaitEvents();

        var took = timed(() -> run.end(StopReason.CANCELLED));
        var over = run.over();

        assertThat(took).isBetween(Duration.ofMillis(4900), Duration.ofMillis(6500));
        assertThat(over).isTrue();
        bench.awaitNothingLives(Duration.ofSeconds(1));
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void aProcessWithASessionOfItsOwnIsEndedToo() throws Exception {
        var pid = bench.folder.resolve("grandchild");
        var run = bench.start("FAKE_CLAUDE_HANG=1", "FAKE_CLAUDE_GRANDCHILD=" + pid);
        bench.awaitEvents();
        await().until(() -> !RunningProcesses.ofSession(Files.readString(pid).strip()).isEmpty());

        run.end(StopReason.CANCELLED);

        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void allOfAHundredAndFiftyChildrenAreEndedToo() throws Exception {
        var forks =
                "i=0; while [ $i -lt 150 ]; do i=$((i+1)); sleep 3600 & done; "
                        + "setsid sleep 3600 & wait";
        var run = bench.start(RunBench.LIMITS, List.of(saying("{}", forks).toString()), bench.cwd);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        bench.living().stream()
                                        .filter(one -> one.command().equals("sleep 3600"))
                                        .count()
                                == 151);

        run.end(StopReason.CANCELLED);

        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void whatItStartsWhileItIsAskedToEndIsEndedToo() throws Exception {
        var hung = bench.folder.resolve("hung");
        var starts = "trap \"setsid sleep 3600 & sleep 1; exit 1\" TERM; touch '" + hung + "'; ";
        var stays = "while :; do sleep 0.1; done";
        var run =
                bench.start(
                        RunBench.LIMITS,
                        List.of(saying("{}", starts + stays).toString()),
                        bench.cwd);
        await().until(() -> Files.exists(hung));

        run.end(StopReason.CANCELLED);

        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aRunThatIsOverIsLeftAsItIs() throws Exception {
        var run = bench.start();
        RunBench.watched(run);

        run.end(StopReason.CANCELLED);

        assertThat(bench.files.marked()).isEmpty();
        assertThat(run.verdict()).isInstanceOf(Outcome.Answered.class);
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void aRunThatNeverStartedHasItsMarker(StopReason why) throws Exception {
        var run = bench.adopt();

        run.end(why);

        assertThat(run.claimed()).isTrue();
        assertThat(run.over()).isTrue();
        assertThat(bench.files.marked()).contains(why);
    }

    @ParameterizedTest
    @CsvSource({
        "cancelled, timed_out, Cancelled",
        "cancelled, stalled, Cancelled",
        "cancelled, flooded, Cancelled",
        "cancelled, finished, Cancelled",
        "timed_out, stalled, TimedOut",
        "timed_out, flooded, TimedOut",
        "timed_out, finished, TimedOut",
        "stalled, flooded, Stalled",
        "stalled, finished, Stalled",
        "flooded, finished, Refused"
    })
    void ofTwoReasonsToEndItTheFirstOfThisOrderIsTold(String told, String other, String outcome)
            throws Exception {
        var run = bench.adopt();
        Files.writeString(bench.directory.resolve("pid"), "never: ended before its start\n");
        Files.createFile(bench.directory.resolve(other));
        Files.createFile(bench.directory.resolve(told));

        assertThat(run.over()).isTrue();
        assertThat(run.verdict().getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void endsItselfAtItsLimitWithNobodyWatching() throws Exception {
        var limits = new Limits(Duration.ofSeconds(1), LONG);
        var run = bench.start(limits, "FAKE_CLAUDE_HANG=1");

        await().atMost(Duration.ofSeconds(6)).until(run::over);

        bench.awaitNothingLives(Duration.ofSeconds(7));
        assertThat(run.verdict()).isEqualTo(new Outcome.TimedOut(limits.timeout()));
    }

    @Test
    void endsItselfByForceWithNobodyWatching() throws Exception {
        var limits = new Limits(Duration.ofSeconds(1), LONG);
        var run = bench.start(limits, "FAKE_CLAUDE_HANG=1", "FAKE_CLAUDE_IGNORE_TERM=1");

        await().atMost(Duration.ofSeconds(12)).until(run::over);

        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(bench.files.exit()).isEmpty();
        assertThat(run.verdict()).isEqualTo(new Outcome.TimedOut(limits.timeout()));
    }

    @Test
    void isEndedAtItsLimitByWhoeverWatches() throws Exception {
        bench.start("FAKE_CLAUDE_HANG=1");
        var limits = new Limits(Duration.ofMillis(500), LONG);

        var outcome = RunBench.watched(RunBench.claude().adopt(bench.directory, limits));

        assertThat(outcome).isEqualTo(new Outcome.TimedOut(limits.timeout()));
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void isEndedWhenItStalls() throws Exception {
        bench.start("FAKE_CLAUDE_HANG=1");
        var limits = new Limits(LONG, Duration.ofMillis(500));

        var outcome = RunBench.watched(RunBench.claude().adopt(bench.directory, limits));

        assertThat(outcome).isEqualTo(new Outcome.Stalled(limits.stallTimeout()));
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aRunWithSignsOfLifeDoesNotStall() throws Exception {
        bench.start("FAKE_CLAUDE_TURNS=4", "FAKE_CLAUDE_TURN_DELAY=0.7");
        var limits = new Limits(LONG, Duration.ofMillis(2000));

        var outcome = RunBench.watched(RunBench.claude().adopt(bench.directory, limits));

        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aRunThatOnlyWaitsForItsRetriesSaysSoAndDoesNotStall() throws Exception {
        var retry = retryLine();
        var retries = ("sleep 0.7; echo '" + retry + "'; ").repeat(5);
        var limits = new Limits(LONG, Duration.ofMillis(2000));
        var run =
                bench.start(
                        limits,
                        List.of(saying(retry, retries + "echo '" + ANSWER + "'").toString()),
                        bench.cwd);
        var seen = new ArrayList<Activity>();

        run.watch(seen::add);

        assertThat(run.verdict()).isInstanceOf(Outcome.Answered.class);
        assertThat(seen)
                .extracting(Activity::line)
                .contains("starting, retry 1 of 1 in 1 s (rate_limit)");
    }

    /** As the command wrote it. */
    private static String retryLine() {
        return Recording.lines("e-429-stream-retries-1.jsonl").stream()
                .filter(line -> line.contains("api_retry"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isEndedWhenItWritesMoreThanAnyoneCanRead() throws Exception {
        var run = bench.start(new Limits(Duration.ofSeconds(60), LONG), "FAKE_CLAUDE_ENDLESS=1");

        var outcome = RunBench.watched(run);

        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.BAD_OUTPUT,
                                "Claude wrote more than 268435456B and was stopped.",
                                false,
                                null));
        assertThat(bench.files.written()).isBetween(256L << 20, 4096L << 20);
    }

    @Test
    void aWatcherThatIsInterruptedLeavesTheRunAlone() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();
        var watcher =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                run.watch(_ -> {});
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });

        watcher.interrupt();
        watcher.join();
        var over = run.over();
        run.end(StopReason.CANCELLED);

        assertThat(over).isFalse();
    }

    @Test
    void claudeOutlivesItsRunner() throws Exception {
        var run = bench.start("FAKE_CLAUDE_DELAY=3", "FAKE_CLAUDE_ANSWER='Yes.'");
        bench.awaitEvents();
        kill(run);
        var found = bench.adopt();
        var over = List.of(run.over(), found.over());

        var outcome = RunBench.watched(found);
        found.sweep();

        assertThat(over).containsOnly(false);
        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("Yes.");
        assertThat(bench.files.exit()).isEmpty();
        assertThat(bench.files.settings()).doesNotExist();
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aClockWhoseSleeperIsKilledSaysNothingOfTheRun() throws Exception {
        var run = bench.start("FAKE_CLAUDE_DELAY=1", "FAKE_CLAUDE_ANSWER='Yes.'");
        await().until(() -> Files.exists(bench.directory.resolve("timer.sleep")));
        var clock = Long.parseLong(bench.text("timer").strip());
        var sleeper = Long.parseLong(bench.text("timer.sleep").strip());

        ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
        await().until(() -> RunningProcesses.withPid(clock).isEmpty());
        var outcome = RunBench.watched(run);

        assertThat(bench.directory.resolve("timed_out")).doesNotExist();
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void claudeIsEndedAlsoWhereItsRunnerIsGone() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();
        kill(run);
        var found = bench.adopt();

        found.end(StopReason.CANCELLED);

        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(found.over()).isTrue();
        assertThat(found.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void oneThatSomebodyOnlyAnnouncedToEndIsEndedByWhoeverWatches() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();
        run.announce(StopReason.CANCELLED);

        run.watch(_ -> {});

        bench.awaitNothingLives(Duration.ofSeconds(2));
        assertThat(run.verdict()).isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void aCommandThatStaysAfterItsAnswerIsEndedAndTheAnswerCounts() throws Exception {
        var run = bench.start(GRACE, List.of(saying(ANSWER, "sleep 3600").toString()), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("interim");
        assertThat(bench.files.marked()).contains(StopReason.FINISHED);
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aCommandThatWaitsForADaemonIsEndedWithItAndTheAnswerCounts() throws Exception {
        var waits = "setsid sleep 3600 & wait";
        var run = bench.start(GRACE, List.of(saying(ANSWER, waits).toString()), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("interim");
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    /** What a command that ended by itself has left is not looked for: docs/security.md. */
    @Test
    void aDaemonThatKeepsTheOutputOpenHoldsNoAnswerUpAndNothingOfOursStays() throws Exception {
        var leaves = "setsid sleep 3600 & echo $! >'" + bench.folder.resolve("daemon") + "'";
        var run =
                bench.start(RunBench.LIMITS, List.of(saying(ANSWER, leaves).toString()), bench.cwd);

        var outcome = RunBench.watched(run);
        var daemon = Long.parseLong(Files.readString(bench.folder.resolve("daemon")).strip());

        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("interim");
        assertThat(bench.files.marked()).isEmpty();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(bench.living())
                                .extracting(RunningProcesses.Living::pid)
                                .isEqualTo(List.of(daemon)));
        ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void eachEventGivesTheCommandTheGraceAnew() throws Exception {
        var slowly = "sleep 0.5; echo '{}'; sleep 0.5; echo '{}'; sleep 0.5; ";
        var better = ANSWER.replace("interim", "final");
        var run =
                bench.start(
                        new Limits(LONG, LONG, Duration.ofMillis(900)),
                        List.of(saying(ANSWER, slowly + "echo '" + better + "'").toString()),
                        bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("final");
        assertThat(bench.files.marked()).isEmpty();
    }

    @Test
    void aCommandThatStaysAfterARefusalIsEndedAndRefused() throws Exception {
        var refusal =
                "{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":true,\"errors\":[\"enough\"]}";
        var run = bench.start(GRACE, List.of(saying(refusal, "sleep 3600").toString()), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(OutcomeClassifierTests.inShort(outcome)).isEqualTo("refused MAX_TURNS final");
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aSilentCommandThatComputesIsNoStall() throws Exception {
        var busy = "n=0; while [ $n -lt 600000 ]; do n=$((n+1)); done; echo '" + ANSWER + "'";
        var limits = new Limits(LONG, Duration.ofMillis(700));
        var run =
                bench.start(
                        limits, List.of(saying("{}", busy + "; " + busy).toString()), bench.cwd);

        assertThat(RunBench.watched(run)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aCommandThatHangsAfterItHasComputedStalls() throws Exception {
        var limits = new Limits(Duration.ofSeconds(15), Duration.ofMillis(700));
        var hangs = "n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done; sleep 600";
        var run = bench.start(limits, List.of(saying("{}", hangs).toString()), bench.cwd);

        assertThat(RunBench.watched(run)).isEqualTo(new Outcome.Stalled(limits.stallTimeout()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "a b c", "7 7 7 7", "\u0000\u0000"})
    void aDamagedPidFileOfADeadRunIsARunThatIsOver(String damage) throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitHanging();
        bench.living().forEach(RunningProcesses.Living::kill);
        bench.awaitNothingLives(Duration.ofSeconds(2));
        Files.writeString(bench.directory.resolve("pid"), damage);

        assertThat(run.over()).isTrue();
        assertThat(run.claimed()).isTrue();
        assertThat(run.verdict()).isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void aFolderInThePlaceOfAPidFileHarmsNothing() throws Exception {
        var run = bench.adopt();
        Files.createDirectory(bench.directory.resolve("pid"));
        Files.createDirectory(bench.directory.resolve("exit"));
        Files.writeString(bench.directory.resolve("timer"), "9".repeat(40));

        assertThat(run.over()).isTrue();
        assertThat(run.verdict()).isInstanceOf(Outcome.Interrupted.class);
        run.sweep();
    }

    @Test
    void aRunWhosePidFileIsDamagedWhileItLivesIsFoundByItsCommandLine() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitEvents();
        Files.delete(bench.directory.resolve("pid"));
        Files.writeString(bench.directory.resolve("pid"), "");

        var over = run.over();
        run.end(StopReason.CANCELLED);

        assertThat(over).isFalse();
        bench.awaitNothingLives(Duration.ofSeconds(2));
    }

    @Test
    void aCommandThatDeletesTheDirectoryOfItsRunIsReadToItsEnd() throws Exception {
        var gone = "sleep 0.5; rm -rf '" + bench.directory + "'; echo '" + ANSWER + "'; sleep 0.5";
        var run = bench.start(GRACE, List.of(saying("{}", gone).toString()), bench.cwd);

        var outcome = RunBench.watched(run);

        assertThat(((Outcome.Answered) outcome).answer().response()).isEqualTo("interim");
        assertThat(run.claimed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"here,1", "elsewhere,here"})
    void aRunOfAnotherNamespaceIsNeverTakenForDead(String host, String namespace) throws Exception {
        var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Files.writeString(
                bench.directory.resolve("pid"),
                "4711 1 %s %s %s\n"
                        .formatted(
                                host.equals("here") ? boot : "another-boot",
                                namespace.equals("here")
                                        ? PidNamespace.HERE.namespace()
                                        : namespace,
                                host.equals("here") ? PidNamespace.HERE.host() : host));
        var run = bench.adopt();

        assertThat(run.over()).isFalse();
        assertThat(run.hidden()).isTrue();

        run.end(StopReason.CANCELLED);

        assertThat(bench.files.marked()).contains(StopReason.CANCELLED);
        assertThat(run.over()).isFalse();
        Files.writeString(bench.directory.resolve("exit"), "0\n");
        assertThat(run.over()).isTrue();
    }

    @Test
    void aRunThatNobodySeesIsOverLongAfterItsOwnClockHasEndedIt() throws Exception {
        Files.writeString(bench.directory.resolve("pid"), "4711 1 another-boot 1 elsewhere\n");
        var lastHour = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(bench.directory.resolve("pid"), lastHour);

        assertThat(RunBench.claude().adopt(bench.directory, new Limits(LONG, LONG)).over())
                .isTrue();
        assertThat(
                        RunBench.claude()
                                .adopt(bench.directory, new Limits(Duration.ofHours(2), LONG))
                                .over())
                .isFalse();
    }

    @Test
    void aRunThatNobodySeesIsNotOverWhileItWritesWhateverItsOwnClockSays() throws Exception {
        Files.writeString(bench.directory.resolve("pid"), "4711 1 another-boot 1 elsewhere\n");
        var lastHour = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(bench.directory.resolve("pid"), lastHour);
        var events = Files.writeString(bench.files.events(), "{}\n");
        var run = RunBench.claude().adopt(bench.directory, new Limits(LONG, LONG));

        var whileItWrites = run.over();
        Files.setLastModifiedTime(events, lastHour);

        assertThat(whileItWrites).isFalse();
        assertThat(run.over()).isTrue();
    }

    private static final String ANSWER =
            "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"interim\"}";

    private static final Limits GRACE = new Limits(LONG, LONG, Duration.ofMillis(500));

    /** A command that writes the line, and then does the rest. */
    private Path saying(String line, String rest) {
        var command = bench.folder.resolve("saying");
        Script.writeExecutable(command, "#!/bin/sh\necho '" + line + "'\n" + rest + "\n");
        return command;
    }

    @Test
    void aRunThatWasKilledWholeIsInterrupted() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitHanging();
        bench.living().forEach(RunningProcesses.Living::kill);
        bench.awaitNothingLives(Duration.ofSeconds(2));
        var found = bench.adopt();

        assertThat(found.over()).isTrue();
        assertThat(found.verdict()).isInstanceOf(Outcome.Interrupted.class);
        assertThat(run.over()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,''", "-1,''", "0,another-boot"})
    void aStrangerWithItsPidIsLeftAlone(long ticks, String boot) throws Exception {
        var stranger =
                new ProcessBuilder("setsid", "sleep", "600")
                        .directory(bench.cwd.toFile())
                        .redirectErrorStream(true)
                        .start();
        await().until(() -> !RunningProcesses.ofSession(Long.toString(stranger.pid())).isEmpty());
        var stat = ProcessTable.find(stranger.pid()).orElseThrow();
        var thisBoot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Files.writeString(
                bench.directory.resolve("pid"),
                "%d %d %s\n"
                        .formatted(
                                stranger.pid(),
                                stat.startTicks() + ticks,
                                boot.isEmpty() ? thisBoot : boot));
        Files.writeString(bench.directory.resolve("timer"), stranger.pid() + "\n");
        var run = bench.adopt();

        run.end(StopReason.CANCELLED);
        run.sweep();
        var lives = !stranger.waitFor(200, TimeUnit.MILLISECONDS);
        stranger.destroyForcibly().waitFor();

        assertThat(lives).isTrue();
        assertThat(run.over()).isTrue();
        assertThat(bench.files.marked()).isEmpty();
    }

    private static void kill(Run run) {
        var runner = ProcessHandle.of(run.pid().orElseThrow()).orElseThrow();
        runner.destroyForcibly();
        runner.onExit().join();
    }

    private interface Act {
        void run() throws Exception;
    }

    private static Duration timed(Act act) throws Exception {
        var start = System.nanoTime();
        act.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
