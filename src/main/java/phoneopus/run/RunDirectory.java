package phoneopus.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;

/**
 * The files of a run. They hold everything known about it, so that any later process can record its
 * end.
 */
public record RunDirectory(Path path) {
    /** The prefix in the pid file of a run that must never start; the reason follows. */
    private static final String NEVER = "never: ";

    /**
     * How long after its time limit a run that is not visible from here counts as running; its own
     * timer ends it.
     */
    private static final Duration OVERSTAY = Duration.ofMinutes(10);

    /** The bytes of the longest small file. */
    private static final int MOST_READ = 8 * 1024;

    /** The bytes of stderr to show. */
    private static final int STDERR_SHOWN = 8 * 1024;

    public Path stdin() {
        return path.resolve("stdin");
    }

    public Path events() {
        return path.resolve("events.jsonl");
    }

    public Path stderr() {
        return path.resolve("stderr");
    }

    public Path settings() {
        return path.resolve("settings.json");
    }

    public Path runnerErrors() {
        return path.resolve("runner.stderr");
    }

    /**
     * Whether a runner claimed the run or it was forbidden; it is never started again after that.
     * Nor is a run whose directory is gone: its own command may have deleted it.
     */
    public boolean claimed() {
        return RegularFiles.taken(path.resolve("pid")) || gone();
    }

    /**
     * Whether the runner's own timer must have ended it long ago, for a run that is not visible
     * here.
     */
    boolean overstayed(Duration timeout) {
        Instant now = Instant.now();
        Instant longAgo = now.minus(OVERSTAY);
        return claimedAt().orElse(now).plus(timeout).isBefore(longAgo)
                && lastEvent().orElse(Instant.MIN).isBefore(longAgo);
    }

    /** Whether somebody deleted it. */
    boolean gone() {
        return Files.notExists(path);
    }

    Optional<Instant> claimedAt() {
        return modified(path.resolve("pid"));
    }

    Optional<Instant> lastEvent() {
        return modified(events());
    }

    private static Optional<Instant> modified(Path file) {
        try {
            return Optional.of(
                    Instant.ofEpochMilli(
                            Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Links a pid file that names no process, so that no runner can claim the run. */
    public boolean forbid(String why) throws IOException {
        return DurableFiles.writeFirst(
                path.resolve("pid"), (NEVER + why + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Why it must never start; empty if it may start or did. */
    Optional<String> forbidden() {
        return read("pid")
                .filter(text -> text.startsWith(NEVER))
                .map(text -> text.substring(NEVER.length()).strip());
    }

    /**
     * The process that leads the run; empty before the start, and if the pid file is damaged and no
     * live process fits.
     */
    Optional<ProcessIdentity> leader() {
        Optional<String> pid = read("pid");
        Optional<ProcessIdentity> named = pid.flatMap(ProcessIdentity::parse);
        if (named.isPresent()
                || pid.filter(text -> text.startsWith(NEVER)).isPresent()
                || !claimed()) {
            return named;
        }
        return ProcessIdentity.ofRunner(path);
    }

    public Optional<Integer> exit() {
        return read("exit")
                .map(String::strip)
                .filter(code -> code.matches("\\d{1,3}"))
                .map(Integer::valueOf);
    }

    void mark(StopReason ending) throws IOException {
        DurableFiles.writeFirst(path.resolve(ending.marker()), new byte[0]);
    }

    /** The first marker in the order of {@link StopReason}. */
    public Optional<StopReason> marked() {
        return Arrays.stream(StopReason.values())
                .filter(ending -> RegularFiles.exists(path.resolve(ending.marker())))
                .findFirst();
    }

    /**
     * The pids of the runner's own timer, which do not keep the run alive; the timer before its
     * sleep process.
     */
    Set<Long> timer() {
        Set<Long> pids = new LinkedHashSet<>();
        for (String file : new String[] {"timer", "timer.sleep"}) {
            read(file)
                    .map(String::strip)
                    .filter(pid -> pid.matches("\\d{1,18}"))
                    .map(Long::valueOf)
                    .ifPresent(pids::add);
        }
        return pids;
    }

    /** The end of what the command wrote to stderr. */
    public String lastWords() {
        try (var channel = RegularFiles.open(stderr())) {
            channel.position(Math.max(0, channel.size() - STDERR_SHOWN));
            var bytes = java.nio.ByteBuffer.allocate(STDERR_SHOWN);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (IOException _) {
            return "";
        }
    }

    /** The bytes the command has written so far. */
    public long written() {
        return RegularFiles.size(events()) + RegularFiles.size(stderr());
    }

    /**
     * Removes partial settings left by a server that was killed while writing; they may contain a
     * key.
     */
    void removeHalfWrittenSettings() throws IOException {
        if (gone()) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, ".settings.json.*")) {
            for (Path file : left) {
                if (RegularFiles.exists(file)) {
                    DurableFiles.delete(file);
                }
            }
        }
    }

    /** Blank if it cannot be read: a damaged file counts as empty and affects no other run. */
    private Optional<String> read(String file) {
        try (InputStream in = Channels.newInputStream(RegularFiles.open(path.resolve(file)))) {
            return Optional.of(new String(in.readNBytes(MOST_READ), StandardCharsets.UTF_8));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException _) {
            return Optional.of("");
        }
    }
}
