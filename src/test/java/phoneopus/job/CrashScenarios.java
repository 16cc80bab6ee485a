package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import phoneopus.claude.Consult;
import phoneopus.disk.Recording;
import phoneopus.index.SyncedTable;
import phoneopus.job.Dispatch.Submission;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

/** What a server writes from a consult's acceptance to its drop, recorded beside an ended job. */
final class CrashScenarios {
    private static final JobFilter ALL = new JobFilter(null, null, null, null, 50);

    private final Path folder;
    private final QuickClaude claude;
    private final Path repository;
    private int count;

    CrashScenarios(Path folder, QuickClaude claude) throws IOException {
        this.folder = folder;
        this.claude = claude;
        repository = Files.createDirectories(folder.resolve("repository"));
    }

    /**
     * One recording.
     *
     * @param before what was told before it began
     * @param clock of whoever starts on what is left
     */
    record Scenario(
            String name,
            Recording recording,
            List<Fact> before,
            Clock clock,
            Map<String, ?> settings) {}

    /** What is done while it is recorded. */
    @FunctionalInterface
    private interface Act {
        void play(WiredServer server, Recording recording) throws Exception;
    }

    List<Scenario> all() throws Exception {
        return List.of(
                first(),
                promoted(),
                joined(),
                cancelled(),
                cancelledInTheQueue(),
                session(),
                original(),
                rebuilt(),
                retention(),
                deleted(),
                damaged());
    }

    Scenario first() throws Exception {
        return record(
                "first consult of all",
                root(),
                List.of(),
                Map.of(),
                (server, recording) -> {
                    var request = submit(server, recording, JobMode.SYNC, "Why?").request();
                    awaitAnswer(server, recording, request);
                    server.jobs.handOver(request).run();
                    recording.told(new Fact.Delivered(request.jobId()));
                    server.awaitBooked();
                });
    }

    Scenario promoted() throws Exception {
        return besideAnother(
                "promoted",
                Map.of(),
                (server, recording) -> {
                    claude.shut();
                    var request = submit(server, recording, JobMode.SYNC, "Why?").request();
                    server.jobs.promote(request);
                    recording.told(new Fact.Promoted(request.jobId()));
                    claude.open();
                    awaitAnswer(server, recording, request);
                    server.awaitBooked();
                });
    }

    Scenario joined() throws Exception {
        return besideAnother(
                "joined",
                Map.of(),
                (server, recording) -> {
                    claude.shut();
                    var request = submit(server, recording, JobMode.SYNC, "Why?").request();
                    var again =
                            server.jobs.submit(consult("Why?", null, null), JobMode.SYNC, false);
                    assertThat(again.joined()).isTrue();
                    recording.told(new Fact.Joined(request.jobId()));
                    server.jobs.submit(consult("Why?", null, null), JobMode.BACKGROUND, false);
                    recording.told(new Fact.Promoted(request.jobId()));
                    claude.open();
                    awaitAnswer(server, recording, request);
                    server.awaitBooked();
                });
    }

    Scenario cancelled() throws Exception {
        return besideAnother(
                "cancelled",
                Map.of(),
                (server, recording) -> {
                    claude.shut();
                    var request = submit(server, recording, JobMode.SYNC, "Why?").request();
                    server.jobs.stop(request);
                    await().atMost(WiredServer.LONG)
                            .until(() -> server.jobs.now(request).status().done());
                    recording.told(new Fact.Cancelled(request.jobId()));
                    claude.open();
                    server.awaitBooked();
                });
    }

    Scenario cancelledInTheQueue() throws Exception {
        var one = Map.of("phone-opus.consult.max-concurrent", 1);
        return besideAnother(
                "cancelled in the queue",
                one,
                (server, recording) -> {
                    claude.shut();
                    var runs = submit(server, recording, JobMode.SYNC, "One?").request();
                    var waits = submit(server, recording, JobMode.BACKGROUND, "Two?").request();
                    server.jobs.cancel(waits);
                    await().atMost(WiredServer.LONG)
                            .until(() -> server.jobs.now(waits).status().done());
                    recording.told(new Fact.Cancelled(waits.jobId()));
                    claude.open();
                    awaitAnswer(server, recording, runs);
                    server.awaitBooked();
                });
    }

    Scenario session() throws Exception {
        return besideAnother(
                "of a caller, in a session",
                Map.of(),
                (server, recording) -> {
                    var begun =
                            server.jobs.submit(consult("Why?", "zoe", null), JobMode.SYNC, false);
                    recording.told(new Fact.Accepted(begun.request().jobId()));
                    awaitAnswer(server, recording, begun.request());
                    var session = begun.request().session();
                    var goesOn =
                            server.jobs.submit(
                                    consult("And?", "zoe", session), JobMode.SYNC, false);
                    recording.told(new Fact.Accepted(goesOn.request().jobId()));
                    awaitAnswer(server, recording, goesOn.request());
                    server.awaitBooked();
                });
    }

    Scenario original() throws Exception {
        var originals = new ArrayList<JobId>();
        var root = root();
        var before = new ArrayList<>(another(root));
        var jobs = Files.createDirectories(root.resolve("state/mcp/consult_jobs"));
        for (int i = 0; i < 2; i++) {
            var id = new JobId(UUID.randomUUID());
            originals.add(id);
            before.add(new Fact.Answered(id));
            Files.writeString(
                    jobs.resolve(id + ".json"),
                    """
                    {"job_id": "%s", "mode": "background", "created_unix_ms": 1690000000000,
                     "updated_unix_ms": 1690000009000, "started_unix_ms": 1690000000100,
                     "finished_unix_ms": 1690000009000, "runner_pid": 1,
                     "request": {"prompt": "Why?", "cwd": "/a repo", "max_turns": 9, "session_id": null},
                     "prompt_prefix_injected": true, "status": "succeeded", "failure": null,
                     "result": {"response": "Yes.", "num_turns": 3, "duration_ms": 9000,
                       "stop_reason": "end_turn", "session_id": "%s", "total_cost_usd": 0.4,
                       "usage": {}, "model_usage": {}, "permission_denials": []}}
                    """
                            .formatted(id, UUID.randomUUID()));
        }
        return record(
                "import of the original's",
                root,
                before,
                Map.of(),
                (server, _) -> {
                    server.original.takeOver();
                    server.awaitBooked();
                });
    }

    Scenario rebuilt() throws Exception {
        var root = root();
        var before = new ArrayList<>(another(root));
        before.addAll(another(root));
        try (var index = Files.newDirectoryStream(root.resolve("state"), "books-*")) {
            for (Path file : index) {
                Files.delete(file);
            }
        }
        return record(
                "rebuild of the books",
                root,
                before,
                Map.of(),
                (server, _) -> server.booked(ALL, 9));
    }

    /** One that has just ended, so that it is not in the index yet. */
    Scenario deleted() throws Exception {
        var root = root();
        var setUp = new WiredServer(root.resolve("state"), claude.command(), Map.of());
        var kept = setUp.over(repository, System.currentTimeMillis(), WiredServer.answered());
        var gone = setUp.over(repository, System.currentTimeMillis(), WiredServer.answered());
        return record(
                "deleted",
                root,
                List.of(new Fact.Answered(kept.jobId()), new Fact.MayGo(gone.jobId())),
                Map.of(),
                (server, recording) -> {
                    assertThat(server.retention.delete(gone.jobId())).isTrue();
                    recording.told(new Fact.Dropped(gone.jobId()));
                });
    }

    Scenario retention() throws Exception {
        var root = root();
        var clock = new HandMovedClock();
        var settings = Map.of("phone-opus.jobs.keep", "10d", "phone-opus.jobs.keep-at-least", 0);
        var setUp =
                new WiredServer(root.resolve("state"), claude.command(), clock, settings).start();
        var old = new ArrayList<JobRequest>();
        for (int days : List.of(12, 11, 1)) {
            var request =
                    setUp.over(
                            repository,
                            clock.millis() - Duration.ofDays(days).toMillis(),
                            WiredServer.answered());
            setUp.index.write(request.jobId());
            old.add(request);
        }
        setUp.awaitBooked();
        setUp.retention.drop();
        clock.move(Duration.ofDays(2));
        setUp.retention.drop();
        setUp.stop();
        var young = old.removeLast();
        var before = new ArrayList<Fact>(List.of(new Fact.Answered(young.jobId())));
        old.forEach(request -> before.add(new Fact.MayGo(request.jobId())));
        clock.move(Duration.ofDays(2));
        return record(
                "retention",
                root,
                before,
                clock,
                settings,
                (server, recording) -> {
                    server.retention.drop();
                    for (JobRequest request : old) {
                        recording.told(new Fact.Dropped(request.jobId()));
                    }
                });
    }

    Scenario damaged() throws Exception {
        var root = root();
        var before = new ArrayList<>(another(root));
        var setUp = new WiredServer(root.resolve("state"), claude.command(), Map.of()).start();
        var request = setUp.over(repository, System.currentTimeMillis(), WiredServer.answered());
        var damaged = setUp.over(repository, System.currentTimeMillis(), WiredServer.answered());
        setUp.stop();
        Files.writeString(root.resolve("state/spool/" + request.jobId() + "/outcome.json"), "{");
        Files.writeString(root.resolve("state/spool/" + damaged.jobId() + "/request.json"), "{");
        Files.writeString(root.resolve("state/open/" + damaged.jobId()), "{");
        before.add(new Fact.Accepted(request.jobId()));
        before.add(new Fact.MayGo(damaged.jobId()));
        return record(
                "damaged",
                root,
                before,
                Map.of(),
                (server, _) ->
                        await().atMost(WiredServer.LONG)
                                .until(() -> {
                                    server.supervisor.makeTheRound();
                                    return server.spool.open().isEmpty();
                                }));
    }

    private Scenario besideAnother(String name, Map<String, ?> settings, Act act) throws Exception {
        var root = root();
        return record(name, root, another(root), settings, act);
    }

    private Scenario record(
            String name, Path root, List<Fact> before, Map<String, ?> settings, Act act)
            throws Exception {
        return record(name, root, before, Clock.systemUTC(), settings, act);
    }

    private Scenario record(
            String name,
            Path root,
            List<Fact> before,
            Clock clock,
            Map<String, ?> settings,
            Act act)
            throws Exception {
        Files.deleteIfExists(root.resolve("journal"));
        var recording = new Recording(root).lookout(new Bystanders());
        var server =
                new WiredServer(
                                recording.root().resolve("state"),
                                claude.command(),
                                clock,
                                settings,
                                table -> SyncedTable.noting(table, recording))
                        .start();
        try {
            server.booked(ALL, 1);
            act.play(server, recording);
            recording.operations();
        } finally {
            claude.open();
            server.endAll();
        }
        return new Scenario(name, recording, before, clock, new HashMap<>(settings));
    }

    /** A job that was asked and answered before. */
    private List<Fact> another(Path root) throws Exception {
        var server = new WiredServer(root.resolve("state"), claude.command(), Map.of()).start();
        var request =
                server.jobs.submit(consult("Another?", null, null), JobMode.SYNC, true).request();
        server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {}).orElseThrow();
        server.jobs.delivered(request);
        server.awaitBooked();
        server.stop();
        return List.of(
                new Fact.Accepted(request.jobId()),
                new Fact.Begun(request.jobId()),
                new Fact.Answered(request.jobId()),
                new Fact.Delivered(request.jobId()));
    }

    private Submission submit(WiredServer server, Recording recording, JobMode mode, String prompt)
            throws InterruptedException {
        var submission = server.jobs.submit(consult(prompt, null, null), mode, false);
        recording.told(new Fact.Accepted(submission.request().jobId()));
        return submission;
    }

    private void awaitAnswer(WiredServer server, Recording recording, JobRequest request)
            throws InterruptedException {
        server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {}).orElseThrow();
        recording.told(new Fact.Answered(request.jobId()));
    }

    private Consult consult(String prompt, String principal, UUID session) {
        return Consults.of(prompt, repository, session, principal);
    }

    private Path root() throws IOException {
        return Files.createDirectories(folder.resolve("recorded-" + count++));
    }
}
