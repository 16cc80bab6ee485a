package phoneopus.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.index.JobIndex;
import phoneopus.index.JobIndexUnavailableException;
import phoneopus.original.OriginalImport;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.Spool;
import phoneopus.spool.StateUnavailableException;

/** Lists jobs, newest first. */
@Component
public class JobLists {
    private static final Logger log = LoggerFactory.getLogger(JobLists.class);

    private static final Comparator<Job> NEWEST_FIRST =
            Comparator.comparing(Job::updated).reversed().thenComparing(job -> job.id().toString());

    private final Spool spool;
    private final OpenJobs open;
    private final JobStore store;
    private final JobIndex index;
    private final OriginalImport originals;

    JobLists(Spool spool, OpenJobs open, JobStore store, JobIndex index, OriginalImport originals) {
        this.spool = spool;
        this.open = open;
        this.store = store;
        this.index = index;
        this.originals = originals;
    }

    /** Lists from the index or, if it does not answer, from the directories. */
    public JobList list(JobFilter filter) throws InterruptedException {
        try {
            return find(filter);
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /** The jobs of that principal in the directories, the last changed first, each when needed. */
    public Stream<Job> stored(@Nullable String principal) {
        return stored("", principal);
    }

    /** The jobs of that principal whose id begins so, from the directories. */
    public List<Job> startingWith(String beginning, @Nullable String principal) {
        return stored(beginning, principal).toList();
    }

    private Stream<Job> stored(String beginning, @Nullable String principal) {
        try {
            return spool.lastChangedFirst().stream()
                    .filter(id -> id.toString().startsWith(beginning))
                    .flatMap(id -> read(id).stream())
                    .filter(job -> Objects.equals(principal, job.request().consult().principal()));
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    private JobList find(JobFilter filter) throws IOException, InterruptedException {
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
        JobList.Source source;
        try {
            addIndexed(filter, found);
            source = JobList.Source.INDEX;
        } catch (JobIndexUnavailableException e) {
            log.info("list read from the directories: {}", String.valueOf(e.getCause()));
            source = addFromDirectories(filter, found);
        }
        List<Job> jobs = new ArrayList<>(found.values());
        jobs.removeIf(job -> !filter.takes(job));
        jobs.sort(NEWEST_FIRST);
        return new JobList(jobs.subList(0, Math.min(filter.limit(), jobs.size())), source);
    }

    private void addIndexed(JobFilter filter, Map<JobId, Job> found) throws InterruptedException {
        for (JobId id : index.queries().newest(filter, filter.limit() + found.size())) {
            if (!found.containsKey(id)) {
                read(id).ifPresent(read -> found.put(id, read));
            }
        }
    }

    private JobList.Source addFromDirectories(JobFilter filter, Map<JobId, Job> found)
            throws IOException {
        List<JobId> newest = spool.lastChangedFirst();
        int taken = 0;
        for (JobId id : newest.subList(0, Math.min(newest.size(), JobList.MOST_SEARCHED))) {
            if (!found.containsKey(id)) {
                read(id).filter(filter::takes).ifPresent(read -> found.put(id, read));
            }
            if (found.containsKey(id) && ++taken == filter.limit()) {
                return JobList.Source.DIRECTORIES;
            }
        }
        return newest.size() > JobList.MOST_SEARCHED
                ? JobList.Source.NEWEST_DIRECTORIES
                : JobList.Source.DIRECTORIES;
    }

    /** Keeps only as many as requested in memory: a prompt may be a megabyte long. */
    private static void keepNewest(Map<JobId, Job> found, int limit) {
        if (found.size() > limit) {
            found.values().stream().max(NEWEST_FIRST).ifPresent(job -> found.remove(job.id()));
        }
    }

    /** Empty if it is damaged: the others are still listed. */
    private Optional<Job> read(JobId id) {
        try {
            Optional<Job> job = store.repaired(id);
            return (job.isPresent() ? job : store.recorded(id)).map(Job::forLists);
        } catch (IOException | RuntimeException e) {
            log.warn("job={} not listed: {}", id, e.getMessage());
            return Optional.empty();
        }
    }
}
