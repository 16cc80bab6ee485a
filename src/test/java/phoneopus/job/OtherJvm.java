package phoneopus.job;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import phoneopus.files.SharedLock;
import phoneopus.index.JobRow;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;

/** A second server process, as far as the lock and the dispatch are concerned. */
public final class OtherJvm {
    private OtherJvm() {}

    /** Runs {@link #main} with these words; its output goes to the file. */
    public static Process start(Path output, String... words) {
        return start("128m", output, words);
    }

    /** The same, with no more heap than that. */
    static Process start(String heap, Path output, String... words) {
        var classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        var command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx" + heap,
                                "-cp",
                                classPath,
                                OtherJvm.class.getName()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", output.getParent().toString());
        try {
            return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] words) throws Exception {
        var path = Path.of(words[1]);
        switch (words[0]) {
            case "hold" ->
                    new SharedLock()
                            .hold(
                                    path,
                                    () -> {
                                        Files.createFile(Path.of(words[2]));
                                        Thread.sleep(Duration.ofMinutes(5));
                                        return 0;
                                    });
            case "count" -> count(path, Path.of(words[2]), Integer.parseInt(words[3]));
            case "dispatch" -> dispatch(path, Path.of(words[2]), words[3], Path.of(words[4]));
            case "occupy" -> occupy(words[1], Path.of(words[2]), Path.of(words[3]));
            case "submit" -> submit(path, Path.of(words[2]), Path.of(words[3]), Path.of(words[4]));
            case "commit" -> commit(path, Path.of(words[2]), JobId.parse(words[3]).orElseThrow());
            case "list" -> list(path, Path.of(words[2]), Path.of(words[3]));
            case "newest" -> newest(path, Path.of(words[2]));
            case "write" -> write(path, Path.of(words[2]), Path.of(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Adds one to the number in the file, so many times. */
    public static void count(Path lockFile, Path number, int times)
            throws IOException, InterruptedException {
        var lock = new SharedLock();
        for (int i = 0; i < times; i++) {
            lock.hold(
                    lockFile,
                    () -> {
                        int was = Integer.parseInt(Files.readString(number));
                        return Files.writeString(number, Integer.toString(was + 1));
                    });
        }
    }

    private static void dispatch(Path state, Path command, String mostAtOnce, Path ready)
            throws Exception {
        var server =
                new WiredServer(
                                state,
                                command,
                                Map.of("phone-opus.consult.max-concurrent", mostAtOnce))
                        .start();
        Files.createFile(ready);
        server.drain();
        server.stop();
    }

    /** Has the file open for itself alone until it is told to let go. */
    private static void occupy(String url, Path ready, Path release) throws Exception {
        try (var _ = DriverManager.getConnection(url, "sa", "")) {
            Files.createFile(ready);
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(release));
        }
    }

    /** Asks from the directory, notes the job, and waits to be killed. */
    private static void submit(Path state, Path command, Path cwd, Path job) throws Exception {
        var server = new WiredServer(state, command, Map.of()).start();
        server.booked(new JobFilter(null, null, null, null, 1), 1);
        var consult = Consults.of("Why?", cwd);
        var request = server.jobs.submit(consult, JobMode.SYNC, true).request();
        Files.writeString(job, request.jobId() + "\n");
        Thread.sleep(Duration.ofMinutes(5));
    }

    /** Makes the row of the job, and is gone the moment that is acknowledged. */
    private static void commit(Path state, Path command, JobId job) throws Exception {
        var server = new WiredServer(state, command, Map.of()).start();
        server.booked(new JobFilter(null, null, null, null, 1), 1);
        server.repository.save(JobRow.of(server.reader.read(job).orElseThrow(), null));
        Runtime.getRuntime().halt(137);
    }

    /** Lists the books once it is told to, a job and its status a line. */
    private static void list(Path state, Path command, Path go) throws Exception {
        var server = new WiredServer(state, command, Map.of());
        await().atMost(WiredServer.LONG).until(() -> Files.exists(go));
        server.start().booked(new JobFilter(null, null, null, null, 1), 1);
        for (var job : server.lists.list(new JobFilter(null, null, null, null, 100)).jobs()) {
            System.out.println(job.id() + " " + job.status().word());
        }
        server.stop();
    }

    /** Lists ten, a job and the length of its prompt a line. */
    private static void newest(Path state, Path command) throws Exception {
        var server = new WiredServer(state, command, Map.of());
        for (var job : server.lists.list(new JobFilter(null, null, null, null, 10)).jobs()) {
            System.out.println(job.id() + " " + job.request().consult().prompt().length());
        }
    }

    /** Writes every job there is into the books, again and again. */
    private static void write(Path state, Path command, Path go) throws Exception {
        var server = new WiredServer(state, command, Map.of());
        await().atMost(WiredServer.LONG).until(() -> Files.exists(go));
        server.start();
        writeAll(server);
        server.stop();
    }

    public static void writeAll(WiredServer server) throws IOException {
        for (int i = 0; i < 10; i++) {
            server.spool.lastChangedFirst().forEach(server.index::write);
        }
        server.awaitBooked();
    }
}
