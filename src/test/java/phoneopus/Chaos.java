package phoneopus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.h2.engine.Constants;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs four servers on one state directory: all submit consults, and each is killed repeatedly.
 * Then it compares the index with the observations of outsiders.
 */
final class Chaos {

    private static final int SERVERS = 4;
    private static final int AT_ONCE = 3;
    private static final int LISTED = 50;
    private static final int LONGEST_PAUSE_MS = 3_000;
    private static final int LONGEST_PEACE_MS = 5_000;
    private static final int RESUMED_PERCENT = 20;
    private static final int SYNC_PERCENT = 10;
    private static final Duration DRAIN = Duration.ofMinutes(5);

    private final Surroundings surroundings;
    private final Path repository;
    private final ConsultJournal journal;
    private final Duration length;
    private final long seed;
    private final AtomicReferenceArray<MortalServer> servers = new AtomicReferenceArray<>(SERVERS);
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Long> failOvers = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger cutOff = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    private Chaos(Path folder, Duration length, long seed) throws IOException {
        this.length = length;
        this.seed = seed;
        surroundings = Surroundings.in(folder);
        repository = surroundings.repository(Map.of());
        journal =
                new ConsultJournal(Files.createDirectories(folder.toRealPath().resolve("record")));
        Files.writeString(
                repository.resolve("fake"),
                journal.fake()
                        + """
                        tenths=$((0x${job%"${job#?}"} * 2))
                        export FAKE_CLAUDE_DELAY=$((tenths / 10)).$((tenths % 10))
                        """);
    }

    /**
     * The violations found; empty if there were none.
     *
     * @param folder is left unchanged
     */
    static List<String> run(Path folder, Duration length, long seed) throws Exception {
        return new Chaos(folder, length, seed).run();
    }

    private List<String> run() throws Exception {
        System.out.printf(
                "chaos: %d s, seed %d, %s%n", length.toSeconds(), seed, surroundings.state());
        for (int slot = 0; slot < SERVERS; slot++) {
            servers.set(slot, start());
        }
        var threads = new ArrayList<Thread>();
        for (int slot = 0; slot < SERVERS; slot++) {
            int mine = slot;
            threads.add(Thread.ofVirtual().start(() -> submitAll(mine)));
        }
        threads.add(Thread.ofVirtual().start(this::killAgainAndAgain));
        var _ = over.await(length.toMillis(), TimeUnit.MILLISECONDS);
        over.countDown();
        for (var thread : threads) {
            thread.join();
        }
        for (int slot = 0; slot < SERVERS; slot++) {
            servers.get(slot).close();
        }
        drain();
        compare();
        print();
        return List.copyOf(violations);
    }

    private MortalServer start() {
        return MortalServer.start(
                surroundings.desk(),
                surroundings.environment(
                        Map.of("PHONE_OPUS_CONSULT_MAX_CONCURRENT", Integer.toString(AT_ONCE))));
    }

    private void submitAll(int slot) {
        var random = new Random(seed + slot);
        int question = 0;
        while (!pause(random.nextInt(LONGEST_PAUSE_MS))) {
            var arguments = new HashMap<String, Object>();
            arguments.put("prompt", "question %d of server %d".formatted(question++, slot));
            arguments.put("cwd", repository.toString());
            if (random.nextInt(100) < RESUMED_PERCENT) {
                acknowledged.values().stream()
                        .skip(random.nextInt(acknowledged.size() + 1))
                        .findFirst()
                        .ifPresent(session -> arguments.put("session_id", session));
            }
            boolean sync = random.nextInt(100) < SYNC_PERCENT;
            arguments.put("background", !sync);
            try {
                var answer = servers.get(slot).ask("consult", arguments);
                if (answer.has("job_id")) {
                    acknowledged.put(
                            answer.path("job_id").asString(), answer.path("session_id").asString());
                } else if (answer.path("fault").path("code").asString("").equals("queue_full")) {
                    refused.incrementAndGet();
                } else {
                    violations.add("consult answered " + answer);
                }
            } catch (MortalServer.Died _) {
                cutOff.incrementAndGet();
            }
        }
    }

    /** Kills any server, even one that is starting, as long as another is left to take over. */
    private void killAgainAndAgain() {
        var random = new Random(seed - 1);
        var measured = new ArrayList<Thread>();
        while (!pause(random.nextInt(LONGEST_PEACE_MS))) {
            int victim = random.nextInt(SERVERS);
            var heirs =
                    IntStream.range(0, SERVERS)
                            .filter(slot -> slot != victim && servers.get(slot).isUp())
                            .boxed()
                            .toList();
            if (heirs.isEmpty()) {
                continue;
            }
            var heir = servers.get(heirs.get(random.nextInt(heirs.size())));
            servers.get(victim).end("KILL");
            long killed = System.nanoTime();
            kills.incrementAndGet();
            servers.set(victim, start());
            measured.add(Thread.ofVirtual().start(() -> measureFailOver(heir, killed)));
        }
        for (var thread : measured) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void measureFailOver(MortalServer heir, long killed) {
        try {
            var answer = heir.ask("consult_jobs", Map.of());
            if (answer.has("jobs")) {
                failOvers.add((System.nanoTime() - killed) / 1_000_000);
            } else {
                violations.add("consult_jobs answered " + answer);
            }
        } catch (MortalServer.Died _) {
            // It was killed next.
        }
    }

    /** Returns true once the run is over. */
    private boolean pause(long milliseconds) {
        try {
            return over.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void drain() throws InterruptedException {
        try (var first = start();
                var second = start()) {
            long deadline = System.nanoTime() + DRAIN.toNanos();
            for (var job : jobs()) {
                JsonNode answer = null;
                while (System.nanoTime() < deadline) {
                    answer = first.ask("consult_wait", Map.of("job_id", job, "timeout_s", 20));
                    if (answer.path("job")
                            .path("status")
                            .asString("")
                            .matches("succeeded|failed|cancelled")) {
                        break;
                    }
                }
                if (answer == null
                        || !answer.path("job").path("status").asString("").equals("succeeded")) {
                    violations.add("job " + job + " ended so: " + answer);
                }
            }
            compareList(first, Map.of("limit", LISTED, "mode", "all"));
            compareList(second, Map.of("limit", LISTED, "mode", "all", "status", "succeeded"));
            for (var status : List.of("queued", "running", "failed", "cancelled")) {
                var page = second.ask("consult_jobs", Map.of("mode", "all", "status", status));
                if (page.path("count").asInt(-1) != 0) {
                    violations.add(status + " are listed: " + page);
                }
            }
            long written = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!children("open").isEmpty() && System.nanoTime() < written) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            first.leave();
            second.leave();
        }
    }

    private void compareList(MortalServer server, Map<String, Object> arguments) {
        var page = server.ask("consult_jobs", arguments);
        int expected = Math.min(LISTED, jobs().size());
        if (page.path("count").asInt(-1) != expected) {
            violations.add("of %d jobs %s are listed".formatted(expected, page.path("count")));
        }
        for (var job : page.path("jobs")) {
            if (!job.path("status").asString("").equals("succeeded")) {
                violations.add("listed as " + job.path("status") + ": " + job.path("job_id"));
            }
        }
    }

    private void compare() throws SQLException, IOException {
        var jobs = jobs();
        for (var job : acknowledged.keySet()) {
            if (!jobs.contains(job)) {
                violations.add("acknowledged job " + job + " is lost");
            }
        }
        for (var job : jobs) {
            if (journal.starts(job) != 1) {
                violations.add("job %s was started %d times".formatted(job, journal.starts(job)));
            }
            var directory = surroundings.state().resolve("spool").resolve(job);
            if (Files.exists(directory.resolve("settings.json"))) {
                violations.add("job " + job + " has kept its settings");
            }
        }
        var lives = journal.all();
        if (ConsultJournal.mostAtOnce(lives) > AT_ONCE) {
            violations.add(ConsultJournal.mostAtOnce(lives) + " ran at once");
        }
        ConsultJournal.forked(lives)
                .forEach(session -> violations.add("session " + session + " ran twice at once"));
        if (!children("open").isEmpty()) {
            violations.add("still open: " + children("open"));
        }
        surroundings.processes().forEach(left -> violations.add("still lives: " + left));
        var rows = rows();
        if (!rows.equals(endings(jobs))) {
            violations.add("the table says " + differences(rows, endings(jobs)));
        }
    }

    /**
     * A server that was killed while it accepted a request may leave a directory that is not a job.
     */
    private TreeSet<String> jobs() {
        var jobs = children("spool");
        jobs.removeIf(job ->
                !acknowledged.containsKey(job)
                        && !children("open").contains(job)
                        && !Files.exists(
                                surroundings.state().resolve("spool").resolve(job).resolve("pid")));
        return jobs;
    }

    private TreeSet<String> children(String folder) {
        var names = surroundings.state().resolve(folder).toFile().list();
        var children = new TreeSet<>(List.of(names == null ? new String[0] : names));
        // Partly written files of a killed server, which the next hourly sweep deletes.
        children.removeIf(name -> name.startsWith("."));
        return children;
    }

    private Map<String, String> rows() throws SQLException {
        var url =
                "jdbc:h2:file:%s/books-3-%s;IFEXISTS=TRUE"
                        .formatted(surroundings.state(), Constants.VERSION);
        var rows = new TreeMap<String, String>();
        try (var connection = DriverManager.getConnection(url, "sa", "");
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "select job_id, status, finished_unix_ms from job")) {
            while (result.next()) {
                rows.put(result.getString(1), result.getString(2) + " " + result.getLong(3));
            }
        }
        return rows;
    }

    private Map<String, String> endings(TreeSet<String> jobs) {
        var endings = new TreeMap<String, String>();
        for (var job : jobs) {
            var file = surroundings.state().resolve("spool").resolve(job).resolve("outcome.json");
            var finished =
                    Files.exists(file)
                            ? JsonMapper.shared()
                                    .readTree(Surroundings.read(file))
                                    .path("finished_unix_ms")
                                    .asLong()
                            : -1;
            endings.put(job, "succeeded " + finished);
        }
        return endings;
    }

    private static String differences(Map<String, String> table, Map<String, String> spool) {
        var all = new TreeSet<>(table.keySet());
        all.addAll(spool.keySet());
        all.removeIf(job -> table.getOrDefault(job, "").equals(spool.get(job)));
        return all.stream()
                .map(job -> job + ": " + table.get(job) + ", the directory " + spool.get(job))
                .toList()
                .toString();
    }

    private void print() {
        var times = failOvers.stream().sorted().toList();
        System.out.printf(
                """
                jobs | acknowledged | cut off | queue full | kills | fail-over median ms | max ms | at once | violations
                %d | %d | %d | %d | %d | %s | %s | %d | %d
                """,
                jobs().size(),
                acknowledged.size(),
                cutOff.get(),
                refused.get(),
                kills.get(),
                times.isEmpty() ? "-" : times.get(times.size() / 2),
                times.isEmpty() ? "-" : times.getLast(),
                ConsultJournal.mostAtOnce(journal.all()),
                violations.size());
        violations.forEach(violation -> System.out.println("violation: " + violation));
    }
}
