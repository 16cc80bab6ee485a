package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.h2.engine.Constants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests what an accepted consult survives: every job ends after exactly one start. */
@Timeout(240)
class DurabilityIT {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String DATABASE = "books-3-" + Constants.VERSION + ".mv.db";

    /** How a server ends. */
    enum Blow {
        KILL(server -> server.end("KILL")),
        KILL_TO_THE_GROUP(server -> server.endGroup("KILL")),
        TERM_TO_THE_GROUP(server -> server.endGroup("TERM")),
        INT_TO_THE_GROUP(server -> server.endGroup("INT")),
        HUP_TO_THE_GROUP(server -> server.endGroup("HUP"));

        private final Consumer<MortalServer> how;

        Blow(Consumer<MortalServer> how) {
            this.how = how;
        }
    }

    /** The damage to a database that is not in use. */
    enum Damage {
        DELETED,
        TRUNCATED,
        NOISE
    }

    @TempDir Path folder;

    private final List<MortalServer> servers = new ArrayList<>();
    private Surroundings surroundings;
    private ConsultJournal journal;

    @BeforeEach
    void furnish() throws IOException {
        surroundings = Surroundings.in(folder);
        journal =
                new ConsultJournal(Files.createDirectories(folder.toRealPath().resolve("record")));
    }

    @AfterEach
    void clear() {
        MortalServer.closeAll(servers);
        surroundings.endEverything();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatWaitsForItsTurnIsStartedByTheNextServer(Blow blow) throws IOException {
        waitsForItsTurnAndIsStartedByTheNextServer(blow, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the row", "the row and the open list"})
    void itIsStartedEvenIfThatIsLost(String lost) throws IOException {
        waitsForItsTurnAndIsStartedByTheNextServer(Blow.KILL, lost);
    }

    private void waitsForItsTurnAndIsStartedByTheNextServer(Blow blow, String lost)
            throws IOException {
        var first = server(Map.of("PHONE_OPUS_CONSULT_MAX_CONCURRENT", "1"));
        var held = held("before");
        var before = submit(first, held);
        Surroundings.awaitHeld(held, 1);
        var waiting = submit(first, quick("waiting"));
        awaitRows(first, 2);
        blow.how.accept(first);
        if (lost.contains("row")) {
            Files.delete(state(DATABASE));
        }
        if (lost.contains("list")) {
            Files.delete(state("open").resolve(waiting));
        }

        var next = server(Map.of("PHONE_OPUS_CONSULT_MAX_CONCURRENT", "1"));
        Surroundings.release(held);

        assertThat(ended(next, waiting)).isEqualTo("succeeded");
        assertThat(ended(next, before)).isEqualTo("succeeded");
        assertThat(journal.starts(waiting)).isEqualTo(1);
        assertThat(journal.starts(before)).isEqualTo(1);
        awaitListed(next, Map.of(waiting, "succeeded", before, "succeeded"));
    }

    @ParameterizedTest
    @EnumSource
    void oneWhoseRunnerHasNotYetSaidWhoItIsRunsOnce(Blow blow) throws IOException {
        var stop = stoppingTheFirstRunner();
        var first = server(stop);
        var answer =
                first.askLater(
                        "consult",
                        Map.of("prompt", "?", "cwd", quick("").toString(), "background", true));
        var stopped = awaitStopped();
        var job = awaitOpen();
        blow.how.accept(first);

        var next = server(stop);
        var status = ended(next, job);
        MortalServer.signal("CONT", stopped);
        awaitGone(stopped);

        assertThat(answer).isCompletedExceptionally();
        assertThat(status).isEqualTo("succeeded");
        assertThat(ended(next, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
        awaitListed(next, Map.of(job, "succeeded"));
    }

    @Test
    void aRunnerThatWasStoppedAtItsFirstLineAndGoesOnLaterDoesNotRunAgain() throws IOException {
        var server = server(stoppingTheFirstRunner());
        var job = submit(server, quick(""));
        var stopped = awaitStopped();

        var status = ended(server, job);
        MortalServer.signal("CONT", stopped);
        awaitGone(stopped);

        assertThat(status).isEqualTo("succeeded");
        assertThat(ended(server, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatRunsGoesOnWithoutItsServer(Blow blow) throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var job = submit(first, repository);
        Surroundings.awaitHeld(repository, 1);
        blow.how.accept(first);

        var next = server(Map.of());
        var meanwhile = status(next, job);
        Surroundings.release(repository);

        assertThat(meanwhile).isEqualTo("running");
        assertThat(ended(next, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
        awaitListed(next, Map.of(job, "succeeded"));
    }

    @Test
    void anotherServerTakesOverWhatASyncCallerWaitedFor() throws IOException {
        var first = server(Map.of());
        var other = server(Map.of());
        var repository = held("");
        var answer = first.askLater("consult", Map.of("prompt", "?", "cwd", repository.toString()));
        Surroundings.awaitHeld(repository, 1);
        var job = awaitOpen();
        first.end("KILL");

        await().atMost(LONG).until(() -> Files.exists(spool(job).resolve("promoted")));
        Surroundings.release(repository);

        assertThat(answer).isCompletedExceptionally();
        assertThat(ended(other, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
        awaitListed(other, Map.of(job, "succeeded"));
    }

    @ParameterizedTest
    @EnumSource
    void oneThatEndedWhileNobodyWatchedIsSettledByTheNextServer(Blow blow) throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var job = submit(first, repository);
        Surroundings.awaitHeld(repository, 1);
        blow.how.accept(first);
        Surroundings.release(repository);
        await().atMost(LONG).until(() -> Files.exists(spool(job).resolve("exit")));

        var next = server(Map.of());

        assertThat(ended(next, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
        awaitListed(next, Map.of(job, "succeeded"));
    }

    @ParameterizedTest
    @EnumSource
    void anOutcomeThatDidNotReachTheBooksIsBookedByTheNextServer(Blow blow) throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var job = submit(first, repository);
        Surroundings.awaitHeld(repository, 1);
        awaitRows(first, 1);
        first.end("KILL");
        var running = Files.copy(state(DATABASE), folder.resolve("running.mv.db"));
        Surroundings.release(repository);
        var second = server(Map.of());
        ended(second, job);
        await().atMost(LONG).until(() -> !Files.exists(state("open").resolve(job)));
        blow.how.accept(second);
        Files.copy(running, state(DATABASE), StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(state("open").resolve(job));
        Files.writeString(spool(job).resolve("settings.json"), "{}");

        var next = server(Map.of());

        awaitListed(next, Map.of(job, "succeeded"));
        await().atMost(LONG).until(() -> !Files.exists(state("open").resolve(job)));
        assertThat(spool(job).resolve("settings.json")).doesNotExist();
        assertThat(journal.starts(job)).isEqualTo(1);
        assertThat(next.ask("consult_jobs", Map.of("status", "succeeded")).path("count").asInt())
                .isEqualTo(1);
    }

    @Test
    void claudeIsAdoptedWhenItsRunnerIsKilled() throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var job = submit(first, repository);
        Surroundings.awaitHeld(repository, 1);
        MortalServer.signal("KILL", runner(first, job));

        var withoutRunner = status(first, job);
        first.end("KILL");
        var next = server(Map.of());
        var adopted = status(next, job);
        Surroundings.release(repository);

        assertThat(withoutRunner).isEqualTo("running");
        assertThat(adopted).isEqualTo("running");
        assertThat(ended(next, job)).isEqualTo("succeeded");
        assertThat(journal.starts(job)).isEqualTo(1);
        assertThat(surroundings.processes()).allMatch(left -> left.pid() == next.pid());
    }

    @Test
    void aProcessThatHasGotThePidOfAnOldRunIsLeftAlone() throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var job = submit(first, repository);
        Surroundings.awaitHeld(repository, 1);
        var run = RunningProcesses.ofSession(runner(first, job));
        first.end("KILL");
        run.forEach(RunningProcesses.Living::kill);
        await().atMost(LONG).until(() -> RunningProcesses.stillLiving(run).isEmpty());
        var bystander =
                new ProcessBuilder("setsid", "sleep", "600").directory(folder.toFile()).start();
        var words = Files.readString(spool(job).resolve("pid")).split(" ");
        Files.writeString(
                spool(job).resolve("pid"),
                "%d %s %s".formatted(bystander.pid(), words[1], words[2]));

        var next = server(Map.of());
        var cancelled = next.ask("consult_cancel", Map.of("job_id", job)).path("job");

        assertThat(cancelled.path("status").asString()).isEqualTo("failed");
        assertThat(cancelled.path("failure").path("code").asString()).isEqualTo("interrupted");
        assertThat(bystander.isAlive()).isTrue();
    }

    @Test
    void aClockThatWasSetBackConfusesNobody() throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var running = submit(first, repository);
        var over = submit(first, quick(""));
        Surroundings.awaitHeld(repository, 1);
        ended(first, over);
        await().atMost(LONG).until(() -> !Files.exists(state("open").resolve(over)));
        first.end("KILL");
        for (var job : List.of(running, over)) {
            shift(spool(job).resolve("request.json"), "created_unix_ms");
            shift(spool(job).resolve("outcome.json"), "finished_unix_ms");
            for (var file : spool(job).toFile().listFiles()) {
                Files.setLastModifiedTime(
                        file.toPath(), FileTime.from(Instant.now().plusSeconds(3_600)));
            }
        }
        Files.delete(state(DATABASE));

        var next = server(Map.of());
        awaitListed(next, Map.of(running, "running", over, "succeeded"));
        Surroundings.release(repository);

        assertThat(ended(next, running)).isEqualTo("succeeded");
        assertThat(ended(next, submit(next, quick("new")))).isEqualTo("succeeded");
        assertThat(journal.starts(running)).isEqualTo(1);
        assertThat(journal.starts(over)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedDatabaseIsMadeAnewByTwoServersThatStartAtOnce(Damage damage) throws IOException {
        var first = server(Map.of());
        var answered = submit(first, quick(""));
        var failed = submit(first, quick("export FAKE_CLAUDE_NO_RESULT=1 FAKE_CLAUDE_EXIT=3\n"));
        var repository = held("");
        var running = submit(first, repository);
        ended(first, answered);
        ended(first, failed);
        Surroundings.awaitHeld(repository, 1);
        awaitRows(first, 3);
        first.leave();
        damage(damage);

        var second = server(Map.of());
        var third = server(Map.of());

        var states = Map.of(answered, "succeeded", failed, "failed", running, "running");
        awaitListed(second, states);
        awaitListed(third, states);
        Surroundings.release(repository);
        assertThat(ended(third, running)).isEqualTo("succeeded");
        assertThat(journal.starts(answered)).isEqualTo(1);
        assertThat(journal.starts(failed)).isEqualTo(1);
        assertThat(journal.starts(running)).isEqualTo(1);
    }

    @Test
    void consultsDoNotWaitForADatabaseThatAnotherProgramHolds() throws IOException {
        var first = server(Map.of());
        var before = submit(first, quick(""));
        ended(first, before);
        await().atMost(LONG).until(() -> !Files.exists(state("open").resolve(before)));
        first.leave();
        var holder = holdDatabase();

        var server = server(Map.of());
        var repository = held("");
        var running = submit(server, repository);
        var answered = submit(server, quick("new"));
        var answer = ended(server, answered);
        var list = server.ask("consult_jobs", Map.of());
        Surroundings.release(repository);
        var late = ended(server, running);
        holder.destroyForcibly().onExit().join();

        assertThat(answer).isEqualTo("succeeded");
        assertThat(late).isEqualTo("succeeded");
        assertThat(list.path("note").asString("")).contains("read from the job directories");
        assertThat(list.path("count").asInt()).isEqualTo(3);
        awaitListed(
                server, Map.of(before, "succeeded", running, "succeeded", answered, "succeeded"));
        await().atMost(LONG).until(() -> state("open").toFile().list().length == 0);
    }

    @Test
    void oneDamagedJobStandsInNobodysWay() throws IOException {
        var first = server(Map.of());
        var repository = held("");
        var running = submit(first, repository);
        var over = submit(first, quick(""));
        Surroundings.awaitHeld(repository, 1);
        ended(first, over);
        first.end("KILL");
        Files.createFile(state("open").resolve(UUID.randomUUID().toString()));
        Files.writeString(spool(over).resolve("outcome.json"), "{half");
        Files.createDirectories(state("open"));
        Files.deleteIfExists(state("open").resolve(over));
        Files.createFile(state("open").resolve(over));

        var next = server(Map.of());
        var fresh = submit(next, quick("new"));

        assertThat(ended(next, fresh)).isEqualTo("succeeded");
        Surroundings.release(repository);
        await().atMost(LONG).until(() -> Files.exists(spool(running).resolve("outcome.json")));
        // The answer is read again from the events.
        awaitListed(next, Map.of(running, "succeeded", fresh, "succeeded", over, "succeeded"));
    }

    @Test
    void aFullStateDirectoryRefusesOrKeepsButNeverForgets() throws Exception {
        Files.createDirectories(surroundings.state());
        var mounted =
                new ProcessBuilder(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=24m",
                                "none",
                                surroundings.state().toString())
                        .start()
                        .waitFor();
        if (mounted != 0) {
            System.out.println("no full state directory: mount is not permitted here");
        }
        Assumptions.assumeTrue(mounted == 0, "mount is not permitted here");
        try {
            var server = server(Map.of());
            var before = submit(server, quick(""));
            ended(server, before);
            for (int pages = 0; pages <= 14; pages++) {
                fillBut(pages);
                var known = List.of(state("spool").toFile().list());
                var answer = ask(server, quick("export FAKE_CLAUDE_COST=0.%d\n".formatted(pages)));
                assertThat(status(server, before)).isEqualTo("succeeded");
                Files.delete(state("filler"));

                if (answer.has("job_id")) {
                    var job = answer.path("job_id").asString();
                    assertThat(ended(server, job)).as("%d pages", pages).isNotEqualTo("running");
                    assertThat(journal.starts(job)).as("%d pages", pages).isLessThan(2);
                } else {
                    assertThat(answer.path("fault").path("code").asString(""))
                            .as("%d pages: %s", pages, answer)
                            .isEqualTo("store_unavailable");
                    assertThat(known).contains(state("spool").toFile().list());
                }
            }
            var after = submit(server, quick("new"));
            assertThat(ended(server, after)).isEqualTo("succeeded");
            await().atMost(LONG).until(() -> state("open").toFile().list().length == 0);
        } finally {
            MortalServer.closeAll(servers);
            surroundings.endEverything();
            new ProcessBuilder("umount", surroundings.state().toString()).start().waitFor();
        }
    }

    private MortalServer server(Map<String, String> more) {
        var server = MortalServer.start(surroundings.desk(), surroundings.environment(more));
        servers.add(server);
        return server;
    }

    /** A new repository whose claude answers at once. */
    private Path quick(String more) {
        return furnished(surroundings.repository(Map.of()), more);
    }

    /** A new repository whose claude answers once it is released. */
    private Path held(String more) {
        return furnished(surroundings.held(Map.of()), more);
    }

    private Path furnished(Path repository, String more) {
        try {
            var fake = repository.resolve("fake");
            Files.writeString(
                    fake,
                    journal.fake()
                            + (more.startsWith("export") ? more : "")
                            + Files.readString(fake));
            return repository;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode ask(MortalServer server, Path repository) {
        return server.ask(
                "consult", Map.of("prompt", "?", "cwd", repository.toString(), "background", true));
    }

    private static String submit(MortalServer server, Path repository) {
        var answer = ask(server, repository);
        assertThat(answer.has("job_id")).as("%s%n%s", answer, server.log()).isTrue();
        return answer.path("job_id").asString();
    }

    private static String status(MortalServer server, String job) {
        return server.ask("consult_job", Map.of("job_id", job))
                .path("job")
                .path("status")
                .asString("");
    }

    private static String runner(MortalServer server, String job) {
        return server.ask("consult_job", Map.of("job_id", job))
                .path("job")
                .path("runner_pid")
                .toString();
    }

    private static String ended(MortalServer server, String job) {
        return await().atMost(LONG)
                .alias("end of " + job)
                .until(
                        () ->
                                server.ask("consult_wait", Map.of("job_id", job, "timeout_s", 20))
                                        .path("job")
                                        .path("status")
                                        .asString(""),
                        status -> status.matches("succeeded|failed|cancelled"));
    }

    private static void awaitListed(MortalServer server, Map<String, String> states) {
        await().atMost(LONG)
                .untilAsserted(() -> {
                    var page = server.ask("consult_jobs", Map.of("limit", 50));
                    assertThat(page.path("jobs").valueStream().toList())
                            .as("%s", page)
                            .extracting(job ->
                                    Map.entry(
                                            job.path("job_id").asString(),
                                            job.path("status").asString()))
                            .containsExactlyInAnyOrderElementsOf(states.entrySet());
                });
    }

    /**
     * Waits until the index has that many rows: lists also show open jobs that are not in the index
     * yet.
     */
    private void awaitRows(MortalServer server, int rows) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(server.ask("consult_jobs", Map.of()).path("count").asInt(0))
                                .isEqualTo(rows));
    }

    private String awaitOpen() {
        await().atMost(LONG).until(() -> state("open").toFile().list() != null);
        return await().atMost(LONG)
                .until(
                        () ->
                                Stream.of(state("open").toFile().list())
                                        .filter(name -> !name.startsWith("."))
                                        .findFirst()
                                        .orElse(""),
                        job -> !job.isEmpty());
    }

    /** Stops the first runner before it can report its process. */
    private Map<String, String> stoppingTheFirstRunner() {
        Script.writeExecutable(
                folder.resolve("stopping/setsid"),
                """
                #!/bin/sh
                if mkdir '%1$s' 2>/dev/null; then
                    echo $$ >'%1$s/pid'
                    kill -STOP $$
                fi
                exec /usr/bin/setsid "$@"
                """
                        .formatted(folder.resolve("stopped")));
        return Map.of("PATH", folder.resolve("stopping") + ":/usr/bin:/bin");
    }

    private String awaitStopped() {
        return await().atMost(LONG)
                .until(
                        () -> {
                            var pid = folder.resolve("stopped/pid");
                            return Files.exists(pid) ? Surroundings.read(pid).strip() : "";
                        },
                        pid -> !pid.isEmpty() && stopped(pid));
    }

    private static boolean stopped(String pid) {
        return Surroundings.read(Path.of("/proc", pid, "stat")).contains(") T ");
    }

    private static void awaitGone(String pid) {
        await().atMost(LONG).until(() -> RunningProcesses.withPid(Long.parseLong(pid)).isEmpty());
    }

    private static void shift(Path file, String field) throws IOException {
        if (Files.exists(file)) {
            var node = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
            node.put(field, node.path(field).asLong() + 3_600_000);
            Files.writeString(file, node.toString());
        }
    }

    private void damage(Damage damage) throws IOException {
        var file = state(DATABASE);
        switch (damage) {
            case DELETED -> Files.delete(file);
            case TRUNCATED -> {
                try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
            case NOISE -> {
                var noise = new byte[(int) Files.size(file)];
                new Random(1).nextBytes(noise);
                Files.write(file, noise);
            }
        }
    }

    private Process holdDatabase() throws IOException {
        var base = state(DATABASE).toString().replace(".mv.db", "");
        var holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                jarOf(Constants.class),
                                "org.h2.tools.Shell",
                                "-url",
                                "jdbc:h2:file:" + base,
                                "-user",
                                "sa",
                                "-password",
                                "")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("holder.txt").toFile())
                        .start();
        holder.getOutputStream().write("select 1;\n".getBytes(StandardCharsets.UTF_8));
        holder.getOutputStream().flush();
        await().atMost(LONG)
                .until(() -> Surroundings.read(folder.resolve("holder.txt")).contains("1 row"));
        return holder;
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    /** Fills the state directory except for that many pages. */
    private void fillBut(int pages) throws IOException {
        var filler = state("filler");
        try (var channel =
                FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var page = ByteBuffer.allocate(4096);
            try {
                while (true) {
                    page.clear();
                    channel.write(page);
                }
            } catch (IOException _) {
                channel.truncate(Math.max(0, channel.size() - pages * 4096L));
            }
        }
    }

    private Path state(String name) {
        return surroundings.state().resolve(name);
    }

    private Path spool(String job) {
        return state("spool").resolve(job);
    }
}
