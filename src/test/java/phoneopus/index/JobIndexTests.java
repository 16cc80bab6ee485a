package phoneopus.index;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.engine.Constants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Consult;
import phoneopus.job.Consults;
import phoneopus.job.FakeClaude;
import phoneopus.job.JobList;
import phoneopus.job.OtherJvm;
import phoneopus.job.Unsynced;
import phoneopus.job.WiredServer;
import phoneopus.run.Outcome;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

@Timeout(120)
class JobIndexTests {

    private static final JobFilter ALL = new JobFilter(null, null, null, null, 100);

    enum Damage {
        NOISE,
        HALF,
        A_HUNDRED_BYTES,
        EMPTY,
        DELETED
    }

    @TempDir Path temporary;
    Path folder;
    Path file;
    FakeClaude fake;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        file = folder.resolve("state/books-3-" + Constants.VERSION + ".mv.db");
        fake = new FakeClaude(folder.resolve("fake"));
    }

    @AfterEach
    void endAll() throws Exception {
        fake.open();
        server().endAll();
    }

    @Test
    void aJobIsARowFromItsAcceptanceToItsEnd() throws Exception {
        fake.shut();
        var server = server().start();
        var request = server.jobs.submit(consult(), JobMode.SYNC, false).request();
        awaitStatus(server, request, "queued", "running");

        server.jobs.promote(request);
        awaitStatus(server, request, "running");
        fake.open();
        server.jobs.await(request, null, () -> false, _ -> {});
        server.awaitBooked();

        var row = server.repository.findById(request.jobId().value()).orElseThrow();
        assertThat(row.status()).isEqualTo("succeeded");
        assertThat(row.mode()).isEqualTo("background");
        assertThat(row.numTurns()).isEqualTo(2);
        assertThat(row.cwd()).isEqualTo(folder.toString());
        assertThat(row.startedUnixMs()).isBetween(row.createdUnixMs() - 50, row.finishedUnixMs());
        assertThat(row.updatedUnixMs()).isEqualTo(row.finishedUnixMs());
    }

    @Test
    void aFinishedJobLeavesTheOpenListOnlyWhenItsRowStands() throws Exception {
        var server = server();
        var request = server.over(folder, 7, WiredServer.answered());
        server.index.write(request.jobId());

        assertThat(server.spool.open()).containsExactly(request.jobId());
        server.start().awaitBooked();

        assertThat(server.repository.findById(request.jobId().value()).orElseThrow().status())
                .isEqualTo("succeeded");
    }

    /** The row is written by one server, and deleted by another before it is there. */
    @Test
    void aJobThatIsDeletedWhileItsRowIsWrittenLeavesNone() throws Exception {
        var other = server();
        var id = other.over(folder, 7, WiredServer.answered()).jobId();
        var saved = new AtomicBoolean();
        var server =
                new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        Clock.systemUTC(),
                        Map.of(),
                        table ->
                                SyncedTable.around(
                                        table,
                                        called -> {
                                            if (called.equals("save")) {
                                                discard(other, id);
                                                saved.set(true);
                                            }
                                        },
                                        _ -> {}));

        server.start();
        await().atMost(WiredServer.LONG).untilTrue(saved);
        server.awaitBooked();

        await().atMost(WiredServer.LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(server.repository.findById(id.value())).isEmpty());
    }

    private static void discard(WiredServer server, JobId id) {
        try {
            server.spool.close(id);
            server.spool.discard(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void equalWritesOfTwoProcessesAreOneRowEach() throws Exception {
        var server = server();
        for (int i = 0; i < 20; i++) {
            server.over(folder, i, WiredServer.answered());
        }
        var go = folder.resolve("go");
        var other = other("write", "output", go);
        try {
            server.start();
            server.booked(ALL, 1);
            Files.createFile(go);
            OtherJvm.writeAll(server);

            assertThat(other.waitFor(30, SECONDS)).isTrue();
            assertThat(other.exitValue()).as(Files.readString(folder.resolve("output"))).isZero();
            assertThat(server.repository.count()).isEqualTo(20);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void awayAtTheStartTheyAreWrittenWhenTheyAreBack() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        var release = folder.resolve("release");
        var foreign = occupy(release);
        var server = server().start();
        var request = server.jobs.submit(consult(), JobMode.SYNC, false).request();

        var ended = server.jobs.await(request, null, () -> false, _ -> {});
        var found = server.jobs.find(request.jobId(), null);
        var open = server.spool.open();
        Files.createFile(release);
        server.awaitBooked();
        foreign.destroyForcibly().waitFor();

        assertThat(ended).isPresent();
        assertThat(found.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(open).containsExactly(request.jobId());
        assertThat(server.booked(ALL, 10)).containsExactly(request.jobId());
    }

    @ParameterizedTest
    @ValueSource(strings = {".mv.db", ".lock.db"})
    void aFolderInTheirPlaceIsPutAside(String ending) throws Exception {
        var wanted = oneOfEach(server());
        var name = file.getFileName().toString().replace(".mv.db", ending);
        Files.createDirectories(file.resolveSibling(name).resolve("something"));

        assertThat(states(server().start())).isEqualTo(wanted);
        try (var files = Files.list(folder.resolve("state"))) {
            assertThat(files).anyMatch(one -> one.toString().contains(".corrupt-"));
        }
    }

    @Test
    void aNameThatIsLongerThanItsColumnKeepsNobodyOutOfThem() throws Exception {
        var server = server().start();
        server.booked(ALL, 1);
        var strange = server.over(folder, 7, WiredServer.answered());
        var request = server.spool.directory(strange.jobId()).resolve("request.json");
        Files.writeString(
                request,
                Files.readString(request)
                        .replace(
                                "\"principal\":null",
                                "\"principal\":\"%s\"".formatted("x".repeat(300))));
        server.index.write(strange.jobId());
        var other = server.over(folder, 8, WiredServer.answered());
        server.index.write(other.jobId());

        server.awaitBooked();

        assertThat(server.repository.findById(strange.jobId().value())).isPresent();
        assertThat(server.booked(ALL, 10)).containsExactly(other.jobId());
    }

    /** The first makes H2 leave the file locked, the second opens and is no table of ours. */
    @ParameterizedTest
    @CsvSource({"VersionedValueType, VersionedValeeType", "JOB_ID, JOB_IE"})
    void aWrongLetterInTheFileIsTheirEndOnlyUntilTheyAreMadeAnew(String right, String wrong)
            throws Exception {
        var wanted = oneOfEach(server());
        var before = server().start();
        assertThat(states(before)).isEqualTo(wanted);
        before.stop();
        var content = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, content.replace(right, wrong), StandardCharsets.ISO_8859_1);

        var server = server().start();

        assertThat(states(server)).isEqualTo(wanted);
        assertThat(server.booked(ALL, 10)).hasSize(wanted.size());
        assertThat(folder.resolve("state")).isDirectoryContaining("glob:**/books-*.corrupt-*");
    }

    @ParameterizedTest
    @ValueSource(ints = {ErrorCode.GENERAL_ERROR_1, ErrorCode.FILE_CORRUPTED_1})
    void aTableThatOpensAndCannotBeReadIsMadeAnew(int code) throws Exception {
        var wanted = oneOfEach(server());
        var server = server().start();
        assertThat(states(server)).isEqualTo(wanted);
        var before = Files.readAttributes(file, BasicFileAttributes.class).fileKey();

        // As H2 says it of a file that lacks a part.
        server.index.reopen(
                new IllegalStateException(new SQLException("Chunk 5 not found", "HY000", code)));

        await().atMost(WiredServer.LONG)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(states(server)).isEqualTo(wanted);
                    assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                            .isNotEqualTo(before);
                });
    }

    @Test
    void newOnesAreFilledFromTheSpool() throws Exception {
        var wanted = oneOfEach(server());

        var server = server().start();

        assertThat(states(server)).isEqualTo(wanted);
        assertThat(server.spool.open()).isEmpty();
    }

    @Test
    void aConsultWhoseServerWasKilledWhileItAcceptedItIsNoneAndNeverStarts() throws Exception {
        var server = server();
        var request = server.request(folder, "Why?");
        assertThatThrownBy(() ->
                        server.spool.accept(
                                request,
                                () -> {
                                    throw new OutOfMemoryError("killed");
                                }))
                .isInstanceOf(OutOfMemoryError.class);

        server.start().booked(ALL, 1);
        server.supervisor.makeTheRound();

        assertThatThrownBy(() -> server.jobs.find(request.jobId(), null))
                .isInstanceOf(JobNotFoundException.class);
        assertThat(server.lists.list(ALL).jobs()).isEmpty();
        assertThat(server.spool.open()).isEmpty();
        assertThat(server.spool.lastChangedFirst()).isEmpty();
        assertThat(fake.started()).isZero();
    }

    @Test
    void oneThatWaitsInACopiedSpoolIsStarted() throws Exception {
        var server = server();
        var request = server.request(folder, "Why?");
        server.spool.accept(request, () -> {});
        server.spool.close(request.jobId());

        server.start().booked(ALL, 1);
        server.supervisor.makeTheRound();
        server.awaitBooked();

        assertThat(states(server)).isEqualTo(Map.of(request.jobId(), JobStatus.SUCCEEDED));
    }

    @Test
    void aStartWithBooksLooksAtNothingButTheOpenList() throws Exception {
        var wanted = oneOfEach(server());
        var before = server().start();
        assertThat(states(before)).isEqualTo(wanted);
        before.stop();
        var aside = server().over(folder, 9, WiredServer.answered());
        server().spool.close(aside.jobId());

        var server = server().start();
        server.supervisor.makeTheRound();

        assertThat(states(server)).isEqualTo(wanted);
        assertThat(server.repository.findById(aside.jobId().value())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void damagedOnesAreMadeAnewWithEveryStateAsItWas(Damage damage) throws Exception {
        var wanted = oneOfEach(server());
        var before = server().start();
        assertThat(states(before)).isEqualTo(wanted);
        before.stop();

        damage(damage);
        var server = server().start();

        assertThat(states(server)).isEqualTo(wanted);
        assertThat(server.booked(ALL, 10)).hasSize(wanted.size());
        if (damage == Damage.NOISE || damage == Damage.A_HUNDRED_BYTES) {
            assertThat(folder.resolve("state")).isDirectoryContaining("glob:**/books-*.corrupt-*");
        }
    }

    @Test
    void aLookFromOutsideTellsWhatTheyAreLikeAndLeavesThemSo() throws Exception {
        var inspection = new JobIndexInspection(folder.resolve("state"));
        var wanted = oneOfEach(server());
        var none = inspection.look();
        var server = server().start();
        assertThat(states(server)).isEqualTo(wanted);

        var whileOpen = inspection.look();
        server.stop();
        var whole = Files.readAllBytes(file);
        var afterwards = inspection.look();
        var left = Files.readAllBytes(file);
        damage(Damage.NOISE);
        var damaged = inspection.look();
        damage(Damage.EMPTY);
        var cutOff = inspection.look();

        assertThat(none).isEqualTo(new JobIndexInspection.State.None());
        assertThat(whileOpen).isEqualTo(new JobIndexInspection.State.Sound(wanted.size(), true));
        assertThat(afterwards).isEqualTo(new JobIndexInspection.State.Sound(wanted.size(), false));
        assertThat(left).isEqualTo(whole);
        assertThat(damaged).isEqualTo(new JobIndexInspection.State.Damaged(file));
        assertThat(cutOff).isEqualTo(damaged);
    }

    @Test
    void twoProcessesThatMeetADamagedFileAgree() throws Exception {
        var wanted = oneOfEach(server());
        var before = server().start();
        assertThat(states(before)).isEqualTo(wanted);
        before.stop();
        damage(Damage.NOISE);
        var go = folder.resolve("go");
        var others = List.of(other("list", "first", go), other("list", "second", go));

        Files.createFile(go);
        try {
            for (var other : others) {
                assertThat(other.waitFor(60, SECONDS)).isTrue();
            }

            var lines =
                    wanted.entrySet().stream()
                            .map(job -> job.getKey() + " " + job.getValue().word())
                            .toList();
            assertThat(Files.readAllLines(folder.resolve("first"))).containsAll(lines);
            assertThat(Files.readAllLines(folder.resolve("second"))).containsAll(lines);
            try (var files = Files.list(folder.resolve("state"))) {
                assertThat(files.filter(one -> one.toString().contains(".corrupt-"))).hasSize(1);
            }
        } finally {
            for (var other : others) {
                other.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void damagedUnderALivingServerTheyAreMadeAnewAndLoseNothing() throws Exception {
        fake.shut();
        var job = folder.resolve("job");
        var other = other("submit", "output", folder, job);
        try {
            await().atMost(WiredServer.LONG)
                    .until(() -> Files.exists(job) && Files.readString(job).endsWith("\n"));
            var running = JobId.parse(Files.readString(job).strip()).orElseThrow();
            await().atMost(WiredServer.LONG).until(() -> Files.exists(file));
            var wanted = new HashMap<>(oneOfEach(server()));
            damage(Damage.NOISE);

            var server = server().start();
            fake.open();
            wanted.put(running, JobStatus.SUCCEEDED);

            await().atMost(WiredServer.LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(states(server)).isEqualTo(wanted));
            other.destroyForcibly().waitFor();
            var next = server();
            assertThat(states(next.start())).isEqualTo(wanted);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void whileAnotherProgramHoldsThemAListIsReadFromTheDirectories() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        var release = folder.resolve("release");
        var foreign = occupy(release);
        try {
            var server = server().start();
            var request = server.over(folder, 7, WiredServer.answered());
            server.index.write(request.jobId());

            assertThatThrownBy(() -> server.queries.newest(ALL, 1))
                    .isInstanceOf(JobIndexUnavailableException.class);
            var list = server.lists.list(ALL);

            assertThat(list.jobs()).extracting(Job::id).containsExactly(request.jobId());
            assertThat(list.source()).isEqualTo(JobList.Source.DIRECTORIES);
            assertThat(list.note().orElseThrow()).contains("being filled");
            Files.createFile(release);
            server.awaitBooked();
            assertThat(server.booked(ALL, 10)).containsExactly(request.jobId());
            assertThat(server.lists.list(ALL).note()).isEmpty();
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    void whileTheServerThatHoldsThemIsStoppedAListIsReadFromTheDirectories() throws Exception {
        fake.shut();
        var job = folder.resolve("job");
        var other = other("submit", "output", folder, job);
        try {
            await().atMost(WiredServer.LONG).until(() -> Files.exists(job));
            await().atMost(WiredServer.LONG).until(() -> Files.exists(file));
            var server = server().start();
            server.booked(ALL, 1);
            signal("STOP", other);

            var stopped = server.lists.list(ALL);
            signal("CONT", other);

            assertThat(stopped.source()).isEqualTo(JobList.Source.DIRECTORIES);
            assertThat(stopped.jobs())
                    .extracting(one -> one.id().toString())
                    .containsExactly(Files.readString(job).strip());
            await().atMost(WiredServer.LONG)
                    .until(() -> server.lists.list(ALL).source() == JobList.Source.INDEX);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void onceAListHasWaitedInVainTheNextOnesDoNotWaitForAWhile() {
        var server = server();
        var now = new AtomicLong();
        long step = Duration.ofMillis(250).toNanos();
        var lists = new JobIndexQueries(server.index, server.repository, () -> now.getAndAdd(step));

        var first = vainWait(lists, now);
        var second = vainWait(lists, now);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        var later = vainWait(lists, now);

        assertThat(List.of(first, later))
                .allSatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofSeconds(2)));
        assertThat(second).isLessThan(Duration.ofSeconds(2));
    }

    /** How long a list waited, by the clock that it looks at. */
    private static Duration vainWait(JobIndexQueries lists, AtomicLong now) {
        long before = now.get();
        assertThatThrownBy(() -> lists.newest(ALL, 10))
                .isInstanceOf(JobIndexUnavailableException.class);
        return Duration.ofNanos(now.get() - before);
    }

    @Test
    void aListFromTheDirectoriesHasTheNewestAndSaysHowManyItSearched() throws Exception {
        var server = server();
        var first = server.over(folder, 1_700_000_000_000L, WiredServer.answered());
        var later = Unsynced.copies(server, first, JobList.MOST_SEARCHED + 1);
        Files.setLastModifiedTime(
                server.spool.directory(first.jobId()), FileTime.fromMillis(1_700_000_000_000L));
        server.spool.close(first.jobId());

        var newest = server.lists.list(new JobFilter(null, null, null, null, 3));
        var none = server.lists.list(new JobFilter(null, JobStatus.FAILED, null, null, 3));

        assertThat(newest.jobs())
                .extracting(Job::id)
                .containsExactly(
                        later.get(later.size() - 1),
                        later.get(later.size() - 2),
                        later.get(later.size() - 3));
        assertThat(newest.source()).isEqualTo(JobList.Source.DIRECTORIES);
        assertThat(none.jobs()).isEmpty();
        assertThat(none.source()).isEqualTo(JobList.Source.NEWEST_DIRECTORIES);
        assertThat(none.note().orElseThrow()).contains("newest 2,000 were searched");
    }

    @Test
    void heldByAnotherProgramForAMomentAListWaits() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        var release = folder.resolve("release");
        var foreign = occupy(release);
        try {
            var server = server();
            var request = server.over(folder, 7, WiredServer.answered());
            server.start();
            var listed = CompletableFuture.supplyAsync(() -> server.booked(ALL, 10));

            assertThat(listed).isNotDone();
            Files.createFile(release);

            assertThat(listed.get(20, SECONDS)).containsExactly(request.jobId());
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    void theyOutliveTheProcessThatHeldThem() throws Exception {
        fake.shut();
        var job = folder.resolve("job");
        var other = other("submit", "output", folder, job);
        try {
            await().atMost(WiredServer.LONG).until(() -> Files.exists(job));
            var server = server().start();
            server.booked(ALL, 1);
            other.destroyForcibly().waitFor();
            var request = server.over(folder, 7, WiredServer.answered());
            server.index.write(request.jobId());

            await().atMost(WiredServer.LONG)
                    .until(() -> !server.spool.open().contains(request.jobId()));

            assertThat(server.booked(ALL, 10)).contains(request.jobId());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aDamagedDirectoryKeepsNoOtherOutOfThem() throws Exception {
        var server = server().start();
        server.booked(ALL, 1);
        var damaged = server.over(folder, 7, WiredServer.answered());
        Files.writeString(server.spool.directory(damaged.jobId()).resolve("outcome.json"), "{");
        server.index.write(damaged.jobId());
        var request = server.over(folder, 8, WiredServer.answered());

        server.index.write(request.jobId());

        await().atMost(WiredServer.LONG)
                .until(() -> !server.spool.open().contains(request.jobId()));
        assertThat(server.booked(ALL, 10)).containsExactly(request.jobId());
    }

    @Test
    void theyListenOnlyOnLoopback() throws Exception {
        server().start().booked(ALL, 1);

        var lock = Path.of(file.toString().replace(".mv.db", ".lock.db"));
        var port = Pattern.compile("server=.*\\\\?:(\\d+)").matcher(Files.readString(lock));
        assertThat(port.find()).isTrue();
        assertThat(listening(Integer.parseInt(port.group(1))))
                .isNotEmpty()
                .allMatch(address -> address.endsWith("0100007F"));
    }

    @Test
    void nobodyElseCanReadThem() throws Exception {
        var server = server();
        server.over(folder, 7, WiredServer.answered());
        server.start().open.now();
        server.awaitBooked();
        server.booked(ALL, 1);

        try (var files = Files.list(folder.resolve("state"))) {
            assertThat(PosixFilePermissions.toString(permissions(folder.resolve("state"))))
                    .isEqualTo("rwx------");
            assertThat(
                            files.filter(one -> one.getFileName().toString().startsWith("books"))
                                    .filter(one -> !one.toString().endsWith(".lock.db")))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(one ->
                            assertThat(PosixFilePermissions.toString(permissions(one)))
                                    .as(one.toString())
                                    .isEqualTo("rw-------"));
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WiredServer server() {
        return new WiredServer(folder.resolve("state"), fake.command(), Map.of());
    }

    private Consult consult() {
        return Consults.of("Why?", folder);
    }

    private Process other(String word, String output, Path... more) {
        var words =
                new ArrayList<>(
                        List.of(
                                word,
                                folder.resolve("state").toString(),
                                fake.command().toString()));
        Arrays.stream(more).map(Path::toString).forEach(words::add);
        return OtherJvm.start(folder.resolve(output), words.toArray(String[]::new));
    }

    private Process occupy(Path release) {
        var ready = folder.resolve("ready");
        var url = "jdbc:h2:file:" + file.toString().replace(".mv.db", "");
        var foreign =
                OtherJvm.start(
                        folder.resolve("output"),
                        "occupy",
                        url,
                        ready.toString(),
                        release.toString());
        await().atMost(WiredServer.LONG).until(() -> Files.exists(ready));
        return foreign;
    }

    private static void signal(String name, Process process) throws Exception {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void awaitStatus(WiredServer server, JobRequest request, String... status) {
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(
                                        server.repository
                                                .findById(request.jobId().value())
                                                .orElseThrow()
                                                .status())
                                .isIn((Object[]) status));
    }

    private Map<JobId, JobStatus> oneOfEach(WiredServer server) throws IOException {
        return Map.of(
                server.over(folder, 1, WiredServer.answered()).jobId(),
                JobStatus.SUCCEEDED,
                server.over(folder, 2, new Outcome.Interrupted("gone")).jobId(),
                JobStatus.FAILED,
                server.over(folder, 3, new Outcome.Cancelled()).jobId(),
                JobStatus.CANCELLED,
                server.over(folder, 4, new Outcome.TimedOut(Duration.ofHours(1))).jobId(),
                JobStatus.FAILED);
    }

    private static Map<JobId, JobStatus> states(WiredServer server) throws Exception {
        server.booked(ALL, 1);
        server.open.now();
        server.awaitBooked();
        var list = server.lists.list(ALL);
        assertThat(list.source()).isEqualTo(JobList.Source.INDEX);
        return list.jobs().stream().collect(toMap(Job::id, Job::status));
    }

    private void damage(Damage damage) throws IOException {
        var bytes = Files.readAllBytes(file);
        switch (damage) {
            case NOISE -> {
                new Random(1).nextBytes(bytes);
                Files.write(file, bytes);
            }
            case HALF -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            case A_HUNDRED_BYTES -> Files.write(file, Arrays.copyOf(bytes, 100));
            case EMPTY -> Files.write(file, new byte[0]);
            case DELETED -> Files.delete(file);
        }
    }

    /** Local addresses that listen on the port, in hexadecimal. */
    private static List<String> listening(int port) throws IOException {
        var found = new ArrayList<String>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                var cells = line.strip().split("\\s+");
                if (cells.length > 3
                        && cells[3].equals("0A")
                        && cells[1].endsWith(":%04X".formatted(port))) {
                    found.add(cells[1].substring(0, cells[1].indexOf(':')));
                }
            }
        }
        return found;
    }
}
