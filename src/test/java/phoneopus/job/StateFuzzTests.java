package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

/**
 * One file of a state directory is damaged, or something of another kind put in the place of a file
 * or folder, by a seed, and a server starts on it: no other job is harmed, a new consult is
 * answered, and the job of the file comes to an end or is set aside. As many damages as {@code
 * -Dfuzz.damages} says, from {@code -Dfuzz.seed} on.
 */
class StateFuzzTests {

    private static final int DAMAGES = Integer.getInteger("fuzz.damages", 40);
    private static final long SEED = Long.getLong("fuzz.seed", 20261126);

    /** Of one damage, however many there are. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private enum Damage {
        EMPTIED,
        CUT,
        NULL,
        NUMBER,
        GARBAGE,
        BYTE_FLIPPED,
        DELETED
    }

    @TempDir Path temporary;

    private Path folder;
    private Path repository;
    private FakeClaude fake;
    private final List<WiredServer> servers = new ArrayList<>();

    @BeforeEach
    void set() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        fake = new FakeClaude(folder.resolve("fake")).set("FAKE_CLAUDE_ANSWER='Yes.'");
    }

    @AfterEach
    void endAll() throws Exception {
        for (WiredServer server : servers) {
            server.endAll();
        }
    }

    @Test
    void noDamageHarmsAnotherJob(TestReporter report) throws Exception {
        for (int damage = 0; damage < DAMAGES; damage++) {
            long seed = SEED + damage;
            assertTimeoutPreemptively(LONGEST, () -> once(seed), "seed " + seed);
        }

        report.publishEntry("damages", DAMAGES + " from seed " + SEED + ", 0 others harmed");
    }

    private void once(long seed) throws Exception {
        var random = new Random(seed);
        var state = folder.resolve("state-" + seed);
        var jobs = new ArrayList<JobRequest>();
        var before = server(state);
        jobs.add(asked(before, "first"));
        jobs.add(asked(before, "second"));
        before.awaitBooked();
        // Accepted and not started, as after a kill.
        var queued = before.request(repository, "queued");
        before.spool.accept(queued, () -> {});
        jobs.add(queued);
        before.stop();

        var victim = any(state, random);
        var place = state.relativize(victim);
        var what = "seed %d: %s %s".formatted(seed, harm(victim, random), place);

        var after = server(state);
        for (JobRequest job : jobs) {
            if (!victim.toString().contains(job.jobId().toString())) {
                await(what)
                        .atMost(WiredServer.LONG)
                        .untilAsserted(() -> {
                            after.supervisor.makeTheRound();
                            var found = after.jobs.find(job.jobId(), null);
                            assertThat(answer(found)).isEqualTo("Yes.");
                        });
            }
        }
        assertThat(asked(after, "new")).as(what).isNotNull();
        assertThat(after.lists.list(new JobFilter(null, null, null, null, 50)).jobs())
                .as(what)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(job -> assertThat(job.request()).isNotNull());
        await(what)
                .atMost(WiredServer.LONG)
                .untilAsserted(() -> {
                    after.supervisor.makeTheRound();
                    assertThat(after.spool.open()).isEmpty();
                });
        after.stop();
        FileSystemUtils.deleteRecursively(state);
    }

    private WiredServer server(Path state) {
        var server =
                new WiredServer(
                                state,
                                fake.command(),
                                Map.of("phone-opus.consult.max-concurrent", 2))
                        .start();
        servers.add(server);
        return server;
    }

    private JobRequest asked(WiredServer server, String prompt) throws InterruptedException {
        var consult = Consults.of(prompt, repository);
        var request = server.jobs.submit(consult, JobMode.SYNC, false).request();
        var ended = server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {});
        assertThat(ended.map(Completion::outcome)).get().isInstanceOf(Outcome.Answered.class);
        return request;
    }

    private static String answer(Job job) {
        return job.ended() != null && job.ended().outcome() instanceof Outcome.Answered(var answer)
                ? answer.response()
                : job.status().word();
    }

    /** Not the folders of the jobs themselves: a person is to look at those. */
    private static Path any(Path state, Random random) {
        var kept = List.of(state, state.resolve("spool"), state.resolve("open"));
        try (var files = Files.walk(state)) {
            var all = files.filter(file -> !kept.contains(file)).sorted().toList();
            return all.get(random.nextInt(all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half of all files are damaged, everything else makes way for another kind. */
    private Object harm(Path victim, Random random) throws Exception {
        boolean isFolder = Files.isDirectory(victim);
        if (!isFolder && random.nextBoolean()) {
            var damage = Damage.values()[random.nextInt(Damage.values().length)];
            inflict(damage, victim, random);
            return damage;
        }
        var kinds =
                Stream.of(PlantedKind.values()).filter(kind -> kind.wrongFor(isFolder)).toList();
        var kind = kinds.get(random.nextInt(kinds.size()));
        kind.plant(victim, folder.resolve("elsewhere-" + random.nextLong()));
        return kind;
    }

    private static void inflict(Damage damage, Path victim, Random random) throws IOException {
        var content = Files.readAllBytes(victim);
        switch (damage) {
            case EMPTIED -> Files.write(victim, new byte[0]);
            case CUT -> Files.write(victim, Arrays.copyOf(content, content.length / 2));
            case NULL -> Files.writeString(victim, "null");
            case NUMBER -> Files.writeString(victim, "9".repeat(25));
            case GARBAGE -> {
                var garbage = new byte[64];
                random.nextBytes(garbage);
                Files.write(victim, garbage);
            }
            case BYTE_FLIPPED -> {
                if (content.length > 0) {
                    content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(victim, content);
                }
            }
            case DELETED -> Files.delete(victim);
        }
    }
}
