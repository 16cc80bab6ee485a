package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;
import phoneopus.RunningProcesses;
import phoneopus.RunningProcesses.Living;
import phoneopus.Script;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.job.Consults;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.Run;
import phoneopus.run.RunDirectory;

/**
 * A consult's directory, the run's directory and a fake command, all in one folder, so that every
 * process of the test is known by where it works.
 */
public final class RunBench {

    static final Limits LIMITS = new Limits(Duration.ofMinutes(10), Duration.ofMinutes(10));
    static final UUID SESSION = UUID.fromString("399c3241-20ab-4480-a9f1-2c1142de3308");

    public final Path folder;
    public final Path cwd;
    public final Path directory;
    final Path record;
    public final RunDirectory files;

    public RunBench(Path temporary) throws IOException {
        folder = temporary.toRealPath();
        cwd = Files.createDirectory(folder.resolve("a \"re po\" $(touch x)"));
        directory = folder.resolve("run");
        record = folder.resolve("record");
        files = new RunDirectory(directory);
        DurableFiles.createDirectories(directory);
    }

    /** The fake, told what to do by lines such as {@code FAKE_CLAUDE_HANG=1}. */
    public Path fake(String... exports) {
        var fake = folder.resolve("fake-claude");
        var text = new StringBuilder("#!/bin/sh\nexport FAKE_CLAUDE_RECORD=" + record + "\n");
        for (String export : exports) {
            text.append("export ").append(export).append('\n');
        }
        text.append("exec '")
                .append(Script.file("src/main/sh/demo-claude.sh"))
                .append("' \"$@\"\n");
        Script.writeExecutable(fake, text.toString());
        return fake;
    }

    static Claude claude(String binary, String... environment) {
        return HandMade.claude(
                new ClaudeProperties(
                        binary,
                        "opus",
                        List.of("opus"),
                        Effort.MAX,
                        List.of("Read"),
                        "dontAsk",
                        false,
                        List.of(environment),
                        List.of()));
    }

    static Claude claude() {
        return claude("sh");
    }

    Consult consult() {
        return Consults.of("Why?", cwd);
    }

    Run start(String... exports) throws IOException, InterruptedException {
        return start(LIMITS, exports);
    }

    Run start(Limits limits, String... exports) throws IOException, InterruptedException {
        return start(limits, List.of(fake(exports).toString()), cwd);
    }

    Run start(Limits limits, List<String> command, Path where)
            throws IOException, InterruptedException {
        return claude().start(directory, command, where.toString(), "Why?", limits);
    }

    Run adopt() {
        return claude().adopt(directory, LIMITS);
    }

    static Outcome watched(Run run) throws IOException, InterruptedException {
        run.watch(_ -> {});
        assertThat(run.over()).isTrue();
        return run.verdict();
    }

    /** Until the command printed its first events, and so does whatever it was told to. */
    void awaitEvents() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> RegularFiles.size(files.events()) > 0);
    }

    /** Until it has reached what {@code FAKE_CLAUDE_HANG} tells it to do, and starts no more. */
    void awaitHanging() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        living().stream()
                                .anyMatch(one -> one.command().equals("sleep 2147483647")));
    }

    List<String> journal() throws IOException {
        var journal = record.resolve("journal");
        return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
    }

    public long starts() throws IOException {
        return journal().stream().filter(line -> line.startsWith("start ")).count();
    }

    public String text(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    List<Living> living() {
        return RunningProcesses.in(folder);
    }

    public void awaitNothingLives(Duration atMost) {
        await().atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(living()).isEmpty());
    }

    /** Fails a test that leaves a process behind, and ends that process. */
    public void clear() {
        try {
            awaitNothingLives(Duration.ofSeconds(8));
            // One that came too late has no business in the folder, but still writes there.
            await().atMost(Duration.ofSeconds(8))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> RunningProcesses.naming(directory).isEmpty());
        } catch (ConditionTimeoutException e) {
            living().forEach(Living::kill);
            throw e;
        }
    }
}
