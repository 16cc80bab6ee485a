package phoneopus.index;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.files.SharedLock;
import phoneopus.spool.JobId;
import phoneopus.spool.Spool;
import phoneopus.spool.StateDirectory;

/**
 * Opens the index: creates the table in a new file, fills an incomplete one from the spool, and
 * rebuilds a damaged one. One server at a time.
 */
@Component
public class JobIndexOpener {
    private static final Logger log = LoggerFactory.getLogger(JobIndexOpener.class);

    private static final int BATCH = 500;

    /**
     * A file is set aside on mere suspicion no more often than this, in case it is not to blame.
     */
    private static final Duration BETWEEN_SUSPICIONS = Duration.ofMinutes(10);

    /** A database that is being closed holds its lock for a moment only. */
    private static final int TRIES_WHILE_LOCKED = 20;

    private final JobIndexDatabase database;
    private final Spool spool;
    private final Clock clock;
    private final SharedLock lock = new SharedLock();

    private volatile @Nullable Object damaged;

    private @Nullable Object suspected;
    private Instant suspectedAt = Instant.EPOCH;
    private int lockedTries;

    /**
     * Compact only at the first opening: later this server may hold the file, and would close it
     * for all others.
     */
    private boolean first = true;

    public JobIndexOpener(StateDirectory state, Spool spool, Clock clock) {
        this.database = new JobIndexDatabase(state);
        this.spool = spool;
        this.clock = clock;
    }

    /** Enters jobs into the table. */
    @FunctionalInterface
    public interface Saving {
        void save(List<JobId> ids) throws IOException;
    }

    public void open(Saving saving) throws IOException, InterruptedException {
        lock.hold(
                spool.file("books.lock"),
                () -> {
                    for (Path other : database.otherKinds()) {
                        JobIndexDatabase.putAside(other, clock.millis());
                    }
                    if (first) {
                        database.compact();
                        first = false;
                    }
                    // Unless another server has rebuilt it since.
                    if (damaged != null && damaged.equals(database.key())) {
                        database.replace(clock.millis());
                    }
                    damaged = null;
                    if (!complete()) {
                        fill(saving);
                    }
                    return true;
                });
    }

    /** Whether the table contains every job; a file that stays unreadable is replaced first. */
    private boolean complete() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                boolean complete = database.open(lastJob());
                lockedTries = 0;
                return complete;
            } catch (DataAccessException e) {
                if (attempt == 3 || !(blamesFile(e) || staysLocked(e, attempt))) {
                    throw e;
                }
                if (attempt == 2) {
                    database.replace(clock.millis());
                }
            }
        }
    }

    /** Whether a failed opening left the file locked in this process, which no try will change. */
    private boolean staysLocked(DataAccessException failure, int attempt) {
        return DatabaseFailure.isLockedHere(failure)
                && (attempt == 2 || ++lockedTries > TRIES_WHILE_LOCKED);
    }

    /** On mere suspicion, another file than last time is blamed only after a while. */
    private synchronized boolean blamesFile(Throwable failure) throws IOException {
        if (DatabaseFailure.isCorrupt(failure)) {
            return true;
        }
        Object file = database.key();
        if (file == null || !DatabaseFailure.isSuspect(failure)) {
            return false;
        }
        Instant now = clock.instant();
        if (suspectedAt.isAfter(now.minus(BETWEEN_SUSPICIONS)) && !file.equals(suspected)) {
            return false;
        }
        suspected = file;
        suspectedAt = now;
        return true;
    }

    /** The last finished job in the index, unless its directory is gone. */
    private @Nullable JobId lastJob() throws IOException {
        Path last = database.last();
        if (!RegularFiles.exists(last)) {
            return null;
        }
        String name = new String(RegularFiles.read(last), StandardCharsets.UTF_8).strip();
        JobId id = JobId.parse(name).orElse(null);
        return id != null && Files.exists(spool.directory(id)) ? id : null;
    }

    private void fill(Saving saving) throws IOException {
        List<JobId> all = spool.lastChangedFirst();
        for (int from = 0; from < all.size(); from += BATCH) {
            saving.save(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        database.markFilled(clock.millis());
        if (!all.isEmpty()) {
            log.info("index filled with {} jobs from the spool", all.size());
        }
    }

    /**
     * Records the last finished job in the index: a truncated file opens without an error but lacks
     * that job.
     */
    public void remember(JobId id) throws IOException {
        DurableFiles.writeLightly(database.last(), id.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reports a failure of the index: the next opening sets the file aside if it is damaged. */
    void failed(Throwable failure) {
        try {
            if (blamesFile(failure)) {
                damaged = database.key();
            }
        } catch (IOException e) {
            log.info("could not look at the index: {}", e.getMessage());
        }
    }
}
