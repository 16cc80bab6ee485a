package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

/**
 * Somebody has put a link where a server keeps something: under every name in turn that a state
 * directory has, what the link leads to stays as it is, and is not read either.
 */
class PlantedLinksTests {
    /** Read since, a file has a later time than this, also where the system notes it seldom. */
    private static final FileTime NEVER_READ = FileTime.from(Instant.EPOCH);

    /** What is asked is answered in less, and never where that cannot be written down. */
    private static final Duration A_MOMENT = Duration.ofMillis(1_500);

    @TempDir Path temporary;

    private Path folder;
    private Path repository;
    private FakeClaude fake;
    private final List<WiredServer> servers = new ArrayList<>();

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    @BeforeEach
    void set() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        fake = new FakeClaude(folder.resolve("fake")).set("FAKE_CLAUDE_ANSWER='Yes.'");
        var probe = Files.writeString(folder.resolve("probe"), "probe");
        Files.setAttribute(probe, "lastAccessTime", NEVER_READ);
        Files.readString(probe);
        assumeThat(Files.getAttribute(probe, "lastAccessTime")).isNotEqualTo(NEVER_READ);
    }

    @AfterEach
    void endAll() throws Exception {
        for (WiredServer server : servers) {
            server.endAll();
        }
    }

    @Test
    void nothingIsReadOrWrittenByTheWayOfALink() throws Exception {
        var state = folder.resolve("state");
        var first = server(state).start();
        var job = asked(first, "first", null);
        first.awaitBooked();
        first.jobs.find(job.jobId(), "anna");
        first.retention.drop();
        first.stop();
        var names = names(state, job.jobId());
        assertThat(names)
                .contains("books.last", "dispatch.lock", "owners", "same", "sessions")
                .contains("owners/" + job.session(), "sessions/" + job.session());

        for (String name : names) {
            var copy = folder.resolve("copy " + name.replace('/', ' '));
            FileSystemUtils.copyRecursively(state, copy);
            var elsewhere = folder.resolve("elsewhere");
            Files.move(copy.resolve(name), elsewhere);
            Files.createSymbolicLink(copy.resolve(name), elsewhere);
            look(elsewhere);
            var before = look(elsewhere);
            var server = server(copy);

            for (Attempt attempt : life(server, name, job)) {
                try {
                    attempt.run();
                } catch (IOException | RuntimeException _) {
                    // It refuses, which is right.
                }
            }

            assertThat(look(elsewhere)).as("a link in the place of %s", name).isEqualTo(before);
            if (Files.isSymbolicLink(copy.resolve(name))) {
                // Where the jobs themselves are elsewhere, a server does nothing at all.
                Files.delete(copy.resolve(name));
            }
            server.endAll();
            FileSystemUtils.deleteRecursively(elsewhere);
        }
    }

    /**
     * What is in a state directory, and in the folders in it. Not the files of a run itself: they
     * belong to the command, which runs as the user and may read whatever it likes.
     */
    private static List<String> names(Path state, JobId job) throws IOException {
        try (var files = Files.walk(state, 2)) {
            return Stream.concat(
                            files.filter(file -> !file.equals(state)),
                            Stream.of("request.json", "outcome.json")
                                    .map(state.resolve("spool/" + job)::resolve))
                    .map(file -> state.relativize(file).toString())
                    .toList();
        }
    }

    /** All that a server does with its files. */
    private List<Attempt> life(WiredServer server, String name, JobRequest job) {
        // Where books cannot be opened, everything would wait for them.
        boolean withBooks = !name.equals("spool");
        var life = new ArrayList<Attempt>();
        if (withBooks) {
            life.add(server::start);
        }
        life.add(server.supervisor::makeTheRound);
        life.add(() -> server.jobs.find(job.jobId(), "anna"));
        life.add(() -> server.jobs.find(JobId.random(), "anna"));
        life.add(() -> asked(server, "first", null));
        life.add(() -> asked(server, "second", job.session()));
        if (withBooks) {
            life.add(() -> server.lists.list(new JobFilter(null, null, null, null, 50)).jobs());
            life.add(server.retention::drop);
            life.add(server::stop);
        } else {
            life.add(() -> server.opening.open(_ -> {}));
            life.add(() -> server.opening.remember(job.jobId()));
        }
        return life;
    }

    private WiredServer server(Path state) {
        var server = new WiredServer(state, fake.command(), Map.of());
        servers.add(server);
        return server;
    }

    private JobRequest asked(WiredServer server, String prompt, UUID session)
            throws InterruptedException {
        var consult = Consults.of(prompt, repository, session, "anna");
        var request = server.jobs.submit(consult, JobMode.SYNC, false).request();
        server.jobs.await(request, A_MOMENT, () -> false, _ -> {});
        return request;
    }

    /** What is there; and whether that was read since the last look. */
    private static Map<String, String> look(Path elsewhere) throws IOException {
        var read = !Files.getAttribute(elsewhere, "lastAccessTime").equals(NEVER_READ);
        var seen = new TreeMap<>(Map.of("read", "" + read));
        try (var files = Files.walk(elsewhere)) {
            for (var file : files.toList()) {
                seen.put(
                        file.toString(),
                        Files.isDirectory(file)
                                ? "folder"
                                : UUID.nameUUIDFromBytes(Files.readAllBytes(file)).toString());
            }
        }
        Files.setAttribute(elsewhere, "lastAccessTime", NEVER_READ);
        return seen;
    }
}
