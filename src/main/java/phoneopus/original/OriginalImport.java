package phoneopus.original;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.index.JobIndex;
import phoneopus.run.OtherProcess;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.Sessions;
import phoneopus.spool.Spool;
import phoneopus.spool.StateDirectory;
import phoneopus.time.Deadline;

/**
 * Imports the consults that the original program, which this one replaces, kept in the same state
 * directory: finished ones as they are, those whose process is gone as interrupted. Running ones
 * are only shown until they are over. The original's files are not changed.
 */
@Component
public class OriginalImport {
    private static final Logger log = LoggerFactory.getLogger(OriginalImport.class);

    /**
     * If the first look at all files takes longer, a list is refused with a message that says so.
     */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(15);

    private final StateDirectory state;
    private final Spool spool;
    private final Sessions sessions;
    private final JobIndex index;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Names of files already imported: there may be thousands, and every list would read them all.
     */
    private final Set<String> over = ConcurrentHashMap.newKeySet();

    private volatile String complaint = "";

    public OriginalImport(
            StateDirectory state, Spool spool, Sessions sessions, JobIndex index, Clock clock) {
        this.state = state;
        this.spool = spool;
        this.sessions = sessions;
        this.index = index;
        this.clock = clock;
    }

    /** The original program's folder in the state directory. */
    static Path folder(Path stateDirectory) {
        return stateDirectory.resolve("mcp/consult_jobs");
    }

    /** Imports in advance; a look-up imports too. */
    @Scheduled(initialDelay = 2, fixedDelay = 600, timeUnit = TimeUnit.SECONDS)
    public void takeOver() {
        try {
            open();
        } catch (IOException | OriginalUnavailableException e) {
            log.info("not all consults of the original program imported: {}", e.getMessage());
        }
    }

    /**
     * Imports the finished consults and returns the running ones.
     *
     * @throws OriginalUnavailableException if that takes too long
     */
    public List<Job> open() throws IOException {
        return open(LONGEST_LOOK);
    }

    /**
     * @param longest what to wait for it
     */
    List<Job> open(Duration longest) throws IOException {
        Path folder = folder(state.path());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Deadline deadline = Deadline.in(longest);
        await(longest);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            List<Job> open = new ArrayList<>();
            List<String> failed = new ArrayList<>();
            for (Path file : files) {
                if (known(file)) {
                    continue;
                }
                if (deadline.passed()) {
                    throw OriginalUnavailableException.stillComing();
                }
                try {
                    look(file).ifPresent(open::add);
                } catch (IOException | RuntimeException e) {
                    failed.add(file.getFileName() + ": " + reason(e));
                }
            }
            logOnce(failed);
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The consult while it runs. A finished one is imported and then found in the spool.
     *
     * @throws OriginalUnavailableException if its file is unreadable
     */
    public Optional<Job> find(JobId id) throws IOException {
        Path file = folder(state.path()).resolve(id + ".json");
        if (!Files.exists(file)) {
            return open().stream().filter(job -> job.id().equals(id)).findFirst();
        }
        if (spool.imported(id)) {
            return Optional.empty();
        }
        try {
            OriginalRecord.read(file);
        } catch (IOException e) {
            throw OriginalUnavailableException.unreadable(id, reason(e));
        }
        return look(file);
    }

    /**
     * Ends it and everything it started. No-op if it is over.
     *
     * @throws OriginalUnavailableException if it cannot be ended; the message says why
     */
    public void end(JobId id) throws IOException, InterruptedException {
        Optional<Job> job = find(id);
        if (job.isEmpty()) {
            return;
        }
        OriginalRecord record = OriginalRecord.read(folder(state.path()).resolve(id + ".json"));
        Optional<OtherProcess> runner = record.runner();
        if (record.runnerPid() == null) {
            throw OriginalUnavailableException.notEnded(
                    id, "it has no process yet; try again when it runs");
        }
        if (runner.isPresent()) {
            // A wrong pid, or one of another machine, must not end an unrelated process.
            if (!runner.get().startedSince(record.request().created())) {
                throw OriginalUnavailableException.notEnded(
                        id,
                        "process %d named in its file is older than the consult"
                                .formatted(record.runnerPid()));
            }
            DurableFiles.createDirectories(spool.directory(id));
            spool.mark(id, JobMarker.STOPPED);
            if (!runner.get().end()) {
                throw OriginalUnavailableException.notEnded(
                        id, "its process %d does not end".formatted(record.runnerPid()));
            }
        }
        find(id);
    }

    private void await(Duration longest) {
        try {
            if (lock.tryLock(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw OriginalUnavailableException.stillComing();
    }

    private boolean known(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (over.contains(name)) {
            return true;
        }
        Optional<JobId> id = JobId.parse(name.substring(0, name.lastIndexOf('.')));
        if (id.isEmpty() || !spool.imported(id.get())) {
            return false;
        }
        over.add(name);
        return true;
    }

    /** Returns it if it runs; imports it if it is over. */
    private Optional<Job> look(Path file) throws IOException {
        OriginalRecord record = OriginalRecord.read(file);
        if (record.goesOn(clock.instant())) {
            return Optional.of(record.job());
        }
        if (record.ended() == null) {
            // Its runner may have recorded its end and exited since it was read.
            record = OriginalRecord.read(file);
            if (record.goesOn(clock.instant())) {
                return Optional.of(record.job());
            }
        }
        keep(record);
        over.add(file.getFileName().toString());
        return Optional.empty();
    }

    private void keep(OriginalRecord record) throws IOException {
        JobId id = record.request().jobId();
        if (spool.imported(id)) {
            return;
        }
        Completion ended = ending(record);
        // First: after the mark as imported nothing looks at it again.
        sessions.rememberCost(record.request(), ended);
        spool.keep(record.request(), ended);
        index.write(id);
        log.info("job={} imported from the original program", id);
    }

    private Completion ending(OriginalRecord record) throws IOException {
        Completion told = record.ended();
        if (told != null && told.outcome() instanceof Outcome.Answered) {
            return told;
        }
        if (spool.marked(record.request().jobId(), JobMarker.STOPPED)) {
            return record.endedAs(new Outcome.Cancelled());
        }
        return told == null
                ? record.endedAs(new Outcome.Interrupted("the original program's process is gone"))
                : told;
    }

    /** Logs a repeated failure only once. */
    private void logOnce(List<String> failed) {
        String what = String.join("; ", failed.subList(0, Math.min(3, failed.size())));
        if (!what.equals(complaint)) {
            complaint = what;
            if (!what.isEmpty()) {
                log.warn("files={} of the original program not imported: {}", failed.size(), what);
            }
        }
    }

    static String reason(Exception problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "it is gone";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case IOException _ -> "it cannot be read";
            default -> "it has an unknown format";
        };
    }
}
