package phoneopus.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Run;

/**
 * Jobs found and listed: a single one from its directory alone, lists with the help of the books.
 */
@Component
class JobDesk {
    private static final Logger log = LoggerFactory.getLogger(JobDesk.class);

    private static final Comparator<Job> NEWEST_FIRST =
            Comparator.comparingLong(Job::updatedUnixMs)
                    .reversed()
                    .thenComparing(job -> job.id().toString());

    private final Spool spool;
    private final JobReader reader;
    private final OpenJobs open;
    private final Books books;
    private final OriginalImport originals;

    JobDesk(Spool spool, JobReader reader, OpenJobs open, Books books, OriginalImport originals) {
        this.spool = spool;
        this.reader = reader;
        this.open = open;
        this.books = books;
        this.originals = originals;
    }

    /**
     * As it is at this moment, also where the original program has it.
     *
     * @param principal who asks; the original program's are nobody's in particular
     */
    Optional<Job> find(JobId id, @Nullable String principal) throws IOException {
        Optional<Job> job = mended(id);
        if (job.isEmpty() && spool.isSetAside(id)) {
            throw new DamagedException(
                    Path.of("damaged", id.toString()), new IOException("set aside"));
        }
        if (job.isEmpty() && principal == null) {
            Optional<Job> original = originals.find(id);
            return original.isPresent() ? original : reader.read(id);
        }
        if (job.isEmpty() || job.get().status().done()) {
            return job;
        }
        open.settleIfOver(job.get().request());
        return reader.read(id);
    }

    /** One with a damaged file is brought to its end first. */
    private Optional<Job> mended(JobId id) throws IOException {
        try {
            return reader.read(id);
        } catch (DamagedException _) {
            return open.mend(id) ? reader.read(id) : Optional.empty();
        }
    }

    /** How it ended; empty where its process lives, or is still to come. */
    Optional<Ended> settled(JobRequest request) throws IOException {
        Optional<Ended> ended;
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
        } else {
            open.settleIfOver(request);
        }
        return spool.ended(request.jobId());
    }

    List<Job> list(JobFilter filter) throws IOException, InterruptedException {
        Map<JobId, Job> found = new HashMap<>();
        if (filter.principal() == null) {
            originals.open().forEach(job -> found.put(job.id(), job));
        }
        for (OpenJob job : open.now()) {
            read(job.id())
                    .filter(filter::takes)
                    .ifPresent(read -> {
                        found.put(read.id(), read);
                        keepNewest(found, filter.limit());
                    });
        }
        for (JobId id : books.newest(filter, filter.limit() + found.size())) {
            if (!found.containsKey(id)) {
                read(id).ifPresent(read -> found.put(id, read));
            }
        }
        List<Job> jobs = new ArrayList<>(found.values());
        jobs.removeIf(job -> !filter.takes(job));
        jobs.sort(NEWEST_FIRST);
        return jobs.subList(0, Math.min(filter.limit(), jobs.size()));
    }

    /** No more than are asked for are held at once: a prompt may have a megabyte. */
    private static void keepNewest(Map<JobId, Job> found, int limit) {
        if (found.size() > limit) {
            found.values().stream().max(NEWEST_FIRST).ifPresent(job -> found.remove(job.id()));
        }
    }

    /** Empty where it is damaged: the others are listed all the same. */
    private Optional<Job> read(JobId id) {
        try {
            return mended(id).map(Job::forLists);
        } catch (IOException | RuntimeException e) {
            log.warn("job={} not listed: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    Run run(JobRequest request) throws IOException {
        return reader.run(request);
    }

    Optional<Duration> silence(Job job) throws IOException {
        return reader.silence(job.request());
    }

    void endOriginal(JobId id) throws IOException, InterruptedException {
        originals.end(id);
    }

    /** Whether it was not promoted before. */
    boolean promote(JobId id) throws IOException {
        boolean first = spool.mark(id, Mark.PROMOTED);
        books.write(id);
        return first;
    }

    void delivered(JobId id) throws IOException {
        spool.mark(id, Mark.DELIVERED);
    }

    void book(JobId id) {
        books.write(id);
    }
}
