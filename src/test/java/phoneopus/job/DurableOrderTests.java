package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import phoneopus.disk.Operation;
import phoneopus.disk.Recording;
import phoneopus.index.SyncedTable;
import phoneopus.spool.Completion;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobRequest;

/** What is on the disk, and in which order it came there, when a promise is given. */
class DurableOrderTests {

    @TempDir Path temporary;
    Path folder;
    Recording recording;
    WiredServer server;
    JobRequest request;

    /** Something that is promised once it returns. */
    @FunctionalInterface
    interface Promise {
        void give(DurableOrderTests test) throws Exception;
    }

    @BeforeEach
    void makeServer() throws IOException {
        folder = temporary.toRealPath();
        recording = new Recording(Files.createDirectory(folder.resolve("recorded")));
        server =
                new WiredServer(
                        recording.root().resolve("state"),
                        new QuickClaude(folder.resolve("fake")).command(),
                        Map.of());
        request = server.request(folder, "Why?");
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    static Stream<Map.Entry<Promise, String>> promises() {
        return Stream.of(
                entry(test -> {}, "state/spool/JOB/request.json"),
                entry(test -> {}, "state/open/JOB empty"),
                entry(
                        test -> test.server.spool.end(test.request.jobId(), ended()),
                        "state/spool/JOB/outcome.json"),
                entry(
                        test -> test.server.spool.mark(test.request.jobId(), JobMarker.PROMOTED),
                        "state/spool/JOB/promoted"),
                entry(
                        test -> test.server.jobs.handOver(test.request).run(),
                        "state/spool/JOB/delivered"),
                entry(
                        test -> test.server.sessions.rememberCost(test.request.session(), 0.5),
                        "state/sessions/SESSION"),
                entry(test -> test.server.spool.keep(test.request, ended()), "state/imported/JOB"));
    }

    @ParameterizedTest
    @MethodSource("promises")
    void contentThenNameThenDirectoryAreOnTheDisk(Map.Entry<Promise, String> promise)
            throws Exception {
        server.spool.accept(request, () -> {});
        promise.getKey().give(this);

        var words = promise.getValue().split(" ");
        var file =
                Path.of(
                        words[0].replace("JOB", request.jobId().toString())
                                .replace("SESSION", request.session().toString()));
        int named = words.length > 1 ? named(file).getFirst() : named(file).getLast();
        var operations = recording.operations();
        var content = source(operations.get(named));

        assertThat(operations.subList(0, named)).contains(new Operation.Sync(content));
        assertThat(operations.subList(named, operations.size()))
                .contains(new Operation.Sync(file.getParent()));
    }

    @Test
    void aDirectoryIsOnTheDiskBeforeAnythingInIt() throws Exception {
        server.spool.accept(request, () -> {});

        var operations = recording.operations();
        for (Operation made : operations) {
            if (made instanceof Operation.MakeDirectory(Path directory)) {
                var later = operations.subList(operations.indexOf(made) + 1, operations.size());
                var parent = directory.getParent() == null ? Path.of("") : directory.getParent();
                assertThat(later.getFirst()).isEqualTo(new Operation.Sync(parent));
            }
        }
    }

    @Test
    void whatMayBeLostCostsNoSync() throws Exception {
        server.spool.accept(request, () -> {});
        server.repeated.remember(request);
        server.opening.remember(request.jobId());

        for (String light :
                List.of("open/" + request.jobId(), "same/" + request.digest(), "books.last")) {
            int named = named(Path.of("state", light)).getLast();
            assertThat(recording.operations())
                    .as(light)
                    .doesNotContain(new Operation.Sync(source(recording.operations().get(named))));
        }
    }

    @Test
    void whatIsMovedIsInItsNewPlaceAloneBeforeAnythingElseHappens() throws Exception {
        server.spool.accept(request, () -> {});
        server.spool.close(request.jobId());

        server.dispatch.retire(request.jobId());

        var operations = recording.operations();
        var moved =
                new Operation.Rename(
                        Path.of("state/spool", request.jobId().toString()),
                        Path.of("state/trash", request.jobId().toString()));
        int at = operations.indexOf(moved);
        assertThat(operations.subList(at + 1, at + 3))
                .containsExactly(
                        new Operation.Sync(Path.of("state/trash")),
                        new Operation.Sync(Path.of("state/spool")));
    }

    @Test
    void aJobIsOffTheOpenListForGoodBeforeItsDirectoryIsMoved() throws Exception {
        server.spool.accept(request, () -> {});
        server.spool.close(request.jobId());

        server.dispatch.retire(request.jobId());

        var operations = recording.operations();
        int closed =
                operations.indexOf(
                        new Operation.Remove(Path.of("state/open", "" + request.jobId())));
        int moved = named(Path.of("state/trash", "" + request.jobId())).getFirst();
        assertThat(operations.subList(closed, moved))
                .contains(new Operation.Sync(Path.of("state/open")));
    }

    @Test
    void itIsImportedOnlyOnceRequestAndOutcomeAreOnTheDisk() throws Exception {
        server.spool.keep(request, ended());

        var job = Path.of("state/spool", request.jobId().toString());
        var operations = recording.operations();
        int imported = named(Path.of("state/imported", request.jobId().toString())).getFirst();
        for (String file : List.of("request.json", "outcome.json")) {
            int named = named(job.resolve(file)).getLast();
            assertThat(named).as(file).isLessThan(imported);
            assertThat(operations.subList(named, imported))
                    .as(file)
                    .contains(new Operation.Sync(job));
        }
    }

    @Test
    void whatASessionHasCostIsOnTheDiskBeforeItsJobIsImported() throws Exception {
        var session = UUID.randomUUID();
        var jobs = Files.createDirectories(folder.resolve("recorded/state/mcp/consult_jobs"));
        Files.writeString(
                jobs.resolve(request.jobId() + ".json"),
                """
                {"job_id": "%s", "status": "succeeded", "request": {"prompt": "Why?", "cwd": "/repo"},
                 "result": {"response": "Yes.", "session_id": "%s", "total_cost_usd": 0.4}}
                """
                        .formatted(request.jobId(), session));

        server.original.takeOver();

        int imported = named(Path.of("state/imported", request.jobId().toString())).getFirst();
        int cost = named(Path.of("state/sessions", session.toString())).getFirst();
        assertThat(recording.operations().subList(cost, imported))
                .contains(new Operation.Sync(Path.of("state/sessions")));
    }

    @Test
    void whatAConsultHasCostIsOnTheDiskBeforeItCountsToItsSession() throws Exception {
        var resumed = server.request(folder, "And then?", request.session());
        server.spool.accept(resumed, () -> {});
        var run = server.spool.directory(resumed.jobId());
        Files.writeString(run.resolve("pid"), "1 1 another-boot\n");
        Files.writeString(
                run.resolve("events.jsonl"),
                """
                {"type":"result","subtype":"success","is_error":false,"result":"Yes.","total_cost_usd":0.4}
                """);
        Files.writeString(run.resolve("exit"), "0\n");

        server.finalizer.settle(resumed, server.run(resumed));

        var job = Path.of("state/spool", resumed.jobId().toString());
        int outcome = named(job.resolve("outcome.json")).getFirst();
        int cost = named(Path.of("state/sessions", resumed.session().toString())).getFirst();
        assertThat(outcome).isLessThan(cost);
        assertThat(recording.operations().subList(outcome, cost)).contains(new Operation.Sync(job));
    }

    @Test
    void aJobLeavesTheOpenListOnlyOnceItsRowIsOnTheDisk() throws Exception {
        server = started();
        var over = server.over(folder, 7, WiredServer.answered()).jobId();
        int accepted = recording.operations().size();

        server.index.write(over);
        server.awaitBooked();

        var operations = recording.operations();
        int left = operations.indexOf(new Operation.Remove(Path.of("state/open", "" + over)));
        assertThat(operations.subList(accepted, left))
                .contains(new Operation.Sync(SyncedTable.books()));
    }

    @Test
    void aDroppedJobLosesItsFilesOnlyOnceItsRowIsOffTheDisk() throws Exception {
        server = started();
        var over = server.over(folder, 7, WiredServer.answered()).jobId();
        server.index.write(over);
        server.awaitBooked();
        int booked = recording.operations().size();
        server.spool.discard(over);

        server.retention.drop();

        var operations = recording.operations();
        var trash = Path.of("state/trash", over.toString());
        int first =
                IntStream.range(booked, operations.size())
                        .filter(at ->
                                operations.get(at) instanceof Operation.Remove(Path path)
                                        && path.startsWith(trash))
                        .findFirst()
                        .orElseThrow();
        assertThat(operations.subList(booked, first))
                .contains(new Operation.Sync(SyncedTable.books()));
    }

    /** A server whose table is recorded too. */
    private WiredServer started() throws InterruptedException {
        var noting =
                new WiredServer(
                                recording.root().resolve("state"),
                                folder.resolve("fake/claude"),
                                Clock.systemUTC(),
                                Map.of(),
                                table -> SyncedTable.noting(table, recording))
                        .start();
        noting.booked(new JobFilter(null, null, null, null, 1), 1);
        return noting;
    }

    /** Where that name was given. */
    private List<Integer> named(Path file) {
        var operations = recording.operations();
        return IntStream.range(0, operations.size())
                .filter(at ->
                        switch (operations.get(at)) {
                            case Operation.Rename(Path _, Path to) -> to.equals(file);
                            case Operation.Link(Path _, Path link) -> link.equals(file);
                            default -> false;
                        })
                .boxed()
                .toList();
    }

    private static Path source(Operation named) {
        return switch (named) {
            case Operation.Rename(Path from, Path _) -> from;
            case Operation.Link(Path from, Path _) -> from;
            default -> throw new IllegalArgumentException(named.toString());
        };
    }

    private static Completion ended() {
        return new Completion(Instant.ofEpochMilli(1), null, WiredServer.answered());
    }
}
