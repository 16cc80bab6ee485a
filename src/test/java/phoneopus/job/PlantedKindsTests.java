package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.h2.engine.Constants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.StateUnavailableException;

/**
 * Somebody has put a link, a pipe, a folder or a file where a server keeps something of another
 * kind, and a server starts: each job comes to an end of its own, no other is harmed, and what a
 * link leads to stays as it is.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlantedKindsTests {
    private static final JobFilter ALL = new JobFilter(null, null, null, null, 200);

    private static final JobFilter ANNAS = new JobFilter("anna", null, null, null, 200);

    /** Under the directory of a job; its own place is the empty name. */
    private static final List<String> OF_A_JOB =
            List.of(
                    "",
                    "request.json",
                    "outcome.json",
                    "pid",
                    "exit",
                    "exit.tmp",
                    "events.jsonl",
                    "stderr",
                    "stdin",
                    "settings.json",
                    "runner.stderr",
                    "timer",
                    "timer.sleep",
                    "timed_out",
                    "cancelled",
                    "promoted",
                    "joined",
                    "delivered",
                    "caretaker");

    /** Folders with a file that is named by the job, its session, or its question. */
    private static final List<String> BESIDE =
            List.of("open", "imported", "trash", "damaged", "owners", "sessions", "same");

    /** With one of these of another kind an answer may be lost, but only its own. */
    private static final Set<String> TELLING =
            Set.of("", "request.json", "outcome.json", "pid", "events.jsonl");

    private static final String DATABASE = "books-3-" + Constants.VERSION;

    private static final List<String> FILES =
            List.of(
                    "dispatch.lock",
                    "books.lock",
                    "books.last",
                    "retention.json",
                    DATABASE + ".mv.db",
                    DATABASE + ".lock.db");

    private static final List<String> FOLDERS =
            List.of("imported", "trash", "damaged", "owners", "sessions", "same");

    private record Victim(String when, String place, JobRequest request) {}

    @TempDir Path temporary;

    private Path state;
    private Path elsewhere;
    private Path repository;
    private Path gate;
    private FakeClaude fake;
    private Path command;
    private final List<WiredServer> servers = new ArrayList<>();

    @BeforeEach
    void set() throws IOException {
        var folder = temporary.toRealPath();
        state = folder.resolve("state");
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        repository = Files.createDirectory(folder.resolve("repository"));
        gate = folder.resolve("shut");
        fake = new FakeClaude(folder.resolve("fake")).set("FAKE_CLAUDE_ANSWER='Yes.'");
        command = folder.resolve("claude");
        Files.writeString(
                command,
                """
                #!/bin/sh
                while [ "$1" != --version ] && [ -e '%s' ]; do sleep 0.3; done
                exec '%s' "$@"
                """
                        .formatted(gate, fake.command()));
        command.toFile().setExecutable(true);
    }

    @AfterEach
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void endAll() throws Exception {
        Files.deleteIfExists(gate);
        for (WiredServer server : servers) {
            server.endAll();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inThePlaceOfWhatBelongsToOneJobItHarmsNoOther(PlantedKind kind) throws Exception {
        var before = server();
        var finished = accepted(before, "finished", null);
        var victims = new ArrayList<Victim>();
        victims.addAll(victims(before, kind, "over"));
        before.drain();
        Files.createFile(gate);
        var running = accepted(before, "running", null);
        victims.addAll(victims(before, kind, "running"));
        before.dispatch.round();
        var queued = victims(before, kind, "queued");
        victims.addAll(queued);
        before.stop();
        int number = 0;
        for (Victim victim : victims) {
            kind.plant(place(victim), elsewhere.resolve("" + number++));
        }
        var there = look(elsewhere);

        var after = server();
        after.supervisor.makeTheRound();
        after.health.workload();
        var listed = after.lists.list(ALL).jobs();
        var asked = asked(after, "new");
        Files.delete(gate);
        untilNothingIsOpen(after);
        after.retention.drop();

        var softly = new SoftAssertions();
        softly.assertThat(listed).extracting(Job::id).contains(finished.jobId(), running.jobId());
        for (JobRequest other : List.of(finished, running, asked)) {
            softly.assertThat(found(after, other)).isEqualTo("Yes.");
        }
        for (Victim victim : victims) {
            var end =
                    softly.assertThat(found(after, victim.request()))
                            .as("%s %s: %s", kind, victim.when(), victim.place());
            if (TELLING.contains(victim.place())) {
                end.isNotIn("queued", "running");
            } else {
                end.isEqualTo("Yes.");
            }
            if (victim.when().equals("queued") && victim.place().equals("pid")) {
                var ended = after.jobs.find(victim.request().jobId(), "anna").ended();
                softly.assertThat(ended.outcome()).isInstanceOf(Outcome.Interrupted.class);
                softly.assertThat(fake.sessions())
                        .doesNotContain(victim.request().session().toString());
            }
        }
        softly.assertThat(fake.sessions()).doesNotHaveDuplicates();
        softly.assertThat(ids(after.lists.list(ALL).jobs()))
                .contains(finished.jobId(), running.jobId(), asked.jobId());
        softly.assertThat(ids(after.lists.list(ANNAS).jobs()))
                .containsAll(
                        victims.stream()
                                .filter(victim -> !TELLING.contains(victim.place()))
                                .map(victim -> victim.request().jobId())
                                .toList());
        softly.assertThat(look(elsewhere)).isEqualTo(there);
        softly.assertAll();
    }

    @ParameterizedTest
    @EnumSource
    void inThePlaceOfWhatBelongsToAllItHarmsNone(PlantedKind kind) throws Exception {
        var before = server();
        var finished = accepted(before, "finished", null);
        before.drain();
        before.retention.drop();
        Files.createFile(gate);
        var running = accepted(before, "running", null);
        before.dispatch.round();
        before.stop();
        assertThat(state.resolve(DATABASE + ".mv.db")).isRegularFile();
        for (String name : kind == PlantedKind.FILE ? FOLDERS : FILES) {
            kind.plant(state.resolve(name), elsewhere.resolve(name));
        }
        if (kind.wrongFor(true)) {
            for (String name : FOLDERS) {
                kind.plant(state.resolve(name), elsewhere.resolve("folder " + name));
            }
        }
        var there = look(elsewhere);

        var after = server();
        Files.delete(gate);
        after.supervisor.makeTheRound();
        var asked = asked(after, "new");
        untilNothingIsOpen(after);
        after.retention.drop();
        var indexed = after.booked(ALL, 10);

        for (JobRequest each : List.of(finished, running, asked)) {
            assertThat(found(after, each)).isEqualTo("Yes.");
        }
        assertThat(indexed).contains(finished.jobId(), running.jobId(), asked.jobId());
        assertThat(look(elsewhere)).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource({
        "spool, LINK_TO_FOLDER, a symbolic link",
        "open, LINK_TO_FOLDER, a symbolic link",
        "spool, DANGLING_LINK, a symbolic link",
        "open, DANGLING_LINK, a symbolic link",
        "spool, PIPE, not a directory",
        "open, FILE, not a directory"
    })
    void inThePlaceOfTheJobsThemselvesItIsRefused(String name, PlantedKind kind, String what)
            throws Exception {
        var before = server();
        accepted(before, "finished", null);
        before.drain();
        before.stop();
        kind.plant(state.resolve(name), elsewhere.resolve(name));
        var there = look(elsewhere);

        var after = new WiredServer(state, command, Map.of());
        after.supervisor.makeTheRound();

        assertThatThrownBy(() -> asked(after, "new"))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessageContaining("(" + name + " in it is " + what);
        assertThatThrownBy(() -> after.lists.list(ALL))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessageContaining("(" + name + " in it is " + what);
        assertThat(after.health.store()).isEqualTo(JobHealth.Store.UNAVAILABLE);
        assertThat(look(elsewhere)).isEqualTo(there);
        Files.delete(state.resolve(name));
    }

    private WiredServer server() {
        var server =
                new WiredServer(
                        state,
                        command,
                        Map.of(
                                "phone-opus.consult.max-concurrent",
                                200,
                                "phone-opus.consult.queue-capacity",
                                200));
        servers.add(server);
        return server.start();
    }

    private List<Victim> victims(WiredServer server, PlantedKind kind, String when)
            throws IOException {
        var victims = new ArrayList<Victim>();
        for (String place : OF_A_JOB) {
            if (kind.wrongFor(place.isEmpty())) {
                victims.add(new Victim(when, place, accepted(server, when + ": " + place, "anna")));
            }
        }
        for (String place : BESIDE) {
            if (kind.wrongFor(place.equals("trash") || place.equals("damaged"))) {
                victims.add(new Victim(when, place, accepted(server, when + ": " + place, "anna")));
            }
        }
        return victims;
    }

    private Path place(Victim victim) {
        var request = victim.request();
        return switch (victim.place()) {
            case "" -> state.resolve("spool/" + request.jobId());
            case "open", "imported", "trash", "damaged" ->
                    state.resolve(victim.place() + "/" + request.jobId());
            case "owners", "sessions" -> state.resolve(victim.place() + "/" + request.session());
            case "same" -> state.resolve("same/" + request.digest());
            default -> state.resolve("spool/" + request.jobId() + "/" + victim.place());
        };
    }

    private JobRequest accepted(WiredServer server, String prompt, String principal)
            throws IOException {
        var consult = Consults.of(prompt, repository, null, principal);
        var request = server.requests.freeze(consult, JobMode.BACKGROUND);
        server.spool.accept(request, () -> {});
        return request;
    }

    private JobRequest asked(WiredServer server, String prompt) throws InterruptedException {
        var consult = Consults.of(prompt, repository);
        return server.jobs.submit(consult, JobMode.BACKGROUND, false).request();
    }

    private static List<JobId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    private static void untilNothingIsOpen(WiredServer server) {
        await().atMost(WiredServer.LONG)
                .untilAsserted(() -> {
                    server.supervisor.makeTheRound();
                    assertThat(server.spool.open()).isEmpty();
                });
    }

    /** Its answer, or what became of it. */
    private static String found(WiredServer server, JobRequest request) {
        try {
            var job = server.jobs.find(request.jobId(), request.consult().principal());
            Completion ended = job.ended();
            return ended != null && ended.outcome() instanceof Outcome.Answered(var answer)
                    ? answer.response()
                    : job.status().word();
        } catch (JobNotFoundException e) {
            return "not found";
        } catch (StateUnavailableException e) {
            return e.getMessage();
        }
    }

    private static Map<String, String> look(Path folder) throws IOException {
        var seen = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                seen.put(
                        file.toString(),
                        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                ? Files.readString(file, StandardCharsets.ISO_8859_1)
                                : "");
            }
        }
        return seen;
    }
}
