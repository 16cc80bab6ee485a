package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;
import phoneopus.disk.Disk;
import phoneopus.index.JobRow;
import phoneopus.job.CrashScenarios.Scenario;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

/** A server that starts on what a crash has left, and whether it keeps what was told. */
final class CrashedState {
    private static final JobFilter ALL = new JobFilter(null, null, null, null, 50);
    private static final String NEXT_BOOT = "00000000-0000-4000-8000-000000000000";

    private final Path root;
    private final Scenario scenario;
    private final List<Fact> facts;
    private final WiredServer server;

    CrashedState(Path root, Scenario scenario, List<Fact> facts, QuickClaude claude) {
        this.root = root;
        this.scenario = scenario;
        this.facts = facts;
        server =
                new WiredServer(
                        root.resolve("state"),
                        claude.command(),
                        scenario.clock(),
                        scenario.settings());
    }

    /**
     * Starts on the disk.
     *
     * @param sameBoot whether only the server was killed
     */
    void check(Disk disk, boolean sameBoot) throws Exception {
        disk.write(root, (path, content) -> sameBoot ? content : afterBoot(path, content));
        server.start();
        try {
            server.original.takeOver();
            server.booked(ALL, 1);
            await("everything ends")
                    .atMost(WiredServer.LONG)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        server.supervisor.makeTheRound();
                        return server.spool.open().isEmpty();
                    });
            server.retention.drop();
            for (Fact fact : facts) {
                assertStillTrue(fact);
            }
            assertSessionsAreKnown();
            assertIndexIsTheTruth();
            assertNothingRanTwice();
            assertTakesANewOne();
        } finally {
            server.endAll();
        }
        FileSystemUtils.deleteRecursively(root);
    }

    /** The runner noted a boot that is over by then. */
    private static byte[] afterBoot(Path path, byte[] content) {
        if (!path.getFileName().toString().startsWith("pid")) {
            return content;
        }
        return new String(content, StandardCharsets.UTF_8)
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", NEXT_BOOT)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void assertStillTrue(Fact fact) throws IOException {
        var id = fact.job();
        switch (fact) {
            case Fact.Accepted _ -> assertThat(find(id).status().done()).as("%s", fact).isTrue();
            case Fact.Begun _ ->
                    assertThat(QuickClaude.runs(root)).as("%s", fact).doesNotContain(id.toString());
            case Fact.Answered _ ->
                    assertThat(find(id).ended().outcome())
                            .as("%s", fact)
                            .isInstanceOfSatisfying(
                                    Outcome.Answered.class,
                                    answered ->
                                            assertThat(answered.answer().response())
                                                    .isEqualTo("Yes."));
            case Fact.Promoted _ ->
                    assertThat(find(id).mode()).as("%s", fact).isEqualTo(JobMode.BACKGROUND);
            case Fact.Joined _ ->
                    assertThat(server.spool.marked(id, JobMarker.JOINED)).as("%s", fact).isTrue();
            case Fact.Delivered _ ->
                    assertThat(server.spool.marked(id, JobMarker.DELIVERED))
                            .as("%s", fact)
                            .isTrue();
            case Fact.Cancelled _ -> {
                assertThat(find(id).status()).as("%s", fact).isEqualTo(JobStatus.CANCELLED);
                assertThat(QuickClaude.runs(root)).doesNotContain(id.toString());
            }
            case Fact.Dropped _ ->
                    assertThatThrownBy(() -> server.jobs.find(id, null))
                            .as("%s", fact)
                            .isInstanceOf(JobNotFoundException.class);
            case Fact.MayGo _ -> {}
        }
    }

    private Job find(JobId id) throws IOException {
        var principal =
                server.spool.request(id).map(request -> request.consult().principal()).orElse(null);
        return server.jobs.find(id, principal);
    }

    /** Each job that is kept stands in the books as it is, and nothing else does. */
    private void assertIndexIsTheTruth() throws IOException {
        var rows =
                server.repository.findAll().stream()
                        .collect(Collectors.toMap(row -> new JobId(row.jobId()), JobRow::status));
        var kept = server.spool.lastChangedFirst();
        assertThat(rows.keySet()).as("in the index").containsExactlyInAnyOrderElementsOf(kept);
        for (JobId id : kept) {
            assertThat(rows.get(id)).as("%s", id).isEqualTo(find(id).status().word());
        }
        assertThat(server.spool.trash()).as("trash").isEmpty();
    }

    /** Whoever goes on in a session must be let in, and hear what that alone has cost. */
    private void assertSessionsAreKnown() throws IOException {
        for (JobId id : server.spool.lastChangedFirst()) {
            var request = server.spool.request(id).orElseThrow();
            var outcome = find(id).ended().outcome();
            if (outcome instanceof Outcome.Answered(var answer) && answer.totalCostUsd() != null) {
                assertThat(server.sessions.costOf(request.session()))
                        .as("cost of the session of %s", id)
                        .isPresent();
            }
            if (request.consult().principal() != null) {
                server.sessions.admit(goingOn(request));
            }
        }
    }

    private JobRequest goingOn(JobRequest request) throws IOException {
        return server.requests.freeze(
                Consults.of(
                        "And?",
                        Path.of(request.consult().cwd()),
                        request.session(),
                        request.consult().principal()),
                JobMode.SYNC);
    }

    private void assertNothingRanTwice() throws IOException {
        var runs = QuickClaude.runs(root);
        assertThat(new HashSet<>(runs)).as("each runs once").hasSameSizeAs(runs);
    }

    private void assertTakesANewOne() throws Exception {
        var cwd = Path.of(root.getParent() + "/repository");
        var consult = Consults.of("New?", cwd);
        var request = server.jobs.submit(consult, JobMode.SYNC, true).request();
        var ended = server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {});
        assertThat(ended.map(Completion::outcome)).get().isInstanceOf(Outcome.Answered.class);
    }
}
