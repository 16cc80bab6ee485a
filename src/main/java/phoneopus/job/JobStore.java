package phoneopus.job;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.index.JobIndex;
import phoneopus.index.JobIndexUnavailableException;
import phoneopus.original.OriginalImport;
import phoneopus.spool.Completion;
import phoneopus.spool.DamagedException;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobReader;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;

/**
 * The jobs wherever they are: in their directory, in their row if that is gone, or in the original
 * program. Reads, finalizes and marks single ones.
 */
@Component
class JobStore {
    private final Spool spool;
    private final JobReader reader;
    private final OpenJobs open;
    private final JobIndex index;
    private final OriginalImport originals;

    JobStore(
            Spool spool,
            JobReader reader,
            OpenJobs open,
            JobIndex index,
            OriginalImport originals) {
        this.spool = spool;
        this.reader = reader;
        this.open = open;
        this.index = index;
        this.originals = originals;
    }

    /**
     * The job in its current state, including jobs of the original program.
     *
     * @param principal the caller; the original program's jobs have none
     */
    Optional<Job> find(JobId id, @Nullable String principal) throws IOException {
        Optional<Job> job = repaired(id);
        if (job.isEmpty()) {
            return elsewhere(id, principal);
        }
        if (job.get().status().done()) {
            return job;
        }
        open.settleIfOver(job.get().request());
        return reader.read(id);
    }

    private Optional<Job> elsewhere(JobId id, @Nullable String principal) throws IOException {
        boolean setAside = spool.isSetAside(id);
        if (!setAside && principal == null) {
            Optional<Job> original = originals.find(id);
            Optional<Job> job = original.isPresent() ? original : reader.read(id);
            if (job.isPresent()) {
                return job;
            }
        }
        Optional<Job> recorded = recorded(id);
        if (recorded.isEmpty() && setAside) {
            throw new DamagedException(
                    Path.of("damaged", id.toString()), new IOException("set aside"));
        }
        return recorded;
    }

    /**
     * A finished job from its row, if its directory is gone or unreadable. Not one that is being
     * deleted.
     */
    Optional<Job> recorded(JobId id) throws IOException {
        if (spool.trash().contains(id)) {
            return Optional.empty();
        }
        try {
            return index.queries().ended(id);
        } catch (JobIndexUnavailableException e) {
            throw new FileSystemException("index", null, e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Repairs a job with a damaged file, then reads it. */
    Optional<Job> repaired(JobId id) throws IOException {
        try {
            return reader.read(id);
        } catch (DamagedException _) {
            return open.repair(id) ? reader.read(id) : Optional.empty();
        }
    }

    /** How it ended; empty if its process lives or has not started. */
    Optional<Completion> settled(JobRequest request) throws IOException {
        Optional<Completion> ended;
        try {
            ended = spool.ended(request.jobId());
        } catch (DamagedException _) {
            ended = Optional.empty();
        }
        if (ended.isPresent()) {
            return ended;
        }
        if (request.ofTheOriginal()) {
            originals.find(request.jobId());
            return spool.ended(request.jobId());
        }
        if (Files.notExists(spool.directory(request.jobId()))) {
            Optional<Job> recorded = recorded(request.jobId());
            if (recorded.isPresent()) {
                return recorded.map(Job::ended);
            }
        }
        open.settleIfOver(request);
        return spool.ended(request.jobId());
    }

    Optional<Duration> silence(Job job) throws IOException {
        return reader.silence(job.request());
    }

    void endOriginal(JobId id) throws IOException, InterruptedException {
        originals.end(id);
    }

    /** Promotes the job; returns whether it was not promoted before. */
    boolean promote(JobId id) throws IOException {
        // Its row may already be written as that of a foreground job. If this server dies before it
        // is written again, another server's next round does it.
        spool.reopen(id);
        boolean first = spool.mark(id, JobMarker.PROMOTED);
        index.update(id);
        return first;
    }

    void delivered(JobId id) throws IOException {
        spool.mark(id, JobMarker.DELIVERED);
    }

    void writeRow(JobId id) {
        index.update(id);
    }
}
