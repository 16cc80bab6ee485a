package phoneopus.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A second server process, as far as the lock and the dispatch are concerned. */
final class OtherJvm {
    private OtherJvm() {}

    /** Runs {@link #main} with these words; its output goes to the file. */
    static Process start(Path output, String... words) {
        var classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        var command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
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
                    new DispatchLock()
                            .hold(
                                    path,
                                    () -> {
                                        Files.createFile(Path.of(words[2]));
                                        Thread.sleep(Duration.ofMinutes(5));
                                        return 0;
                                    });
            case "count" -> count(path, Path.of(words[2]), Integer.parseInt(words[3]));
            case "dispatch" -> dispatch(path, Path.of(words[2]), words[3], Path.of(words[4]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Adds one to the number in the file, so many times. */
    static void count(Path lockFile, Path number, int times)
            throws IOException, InterruptedException {
        var lock = new DispatchLock();
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
                        state, command, Map.of("phone-opus.consult.max-concurrent", mostAtOnce));
        Files.createFile(ready);
        server.drain();
    }
}
