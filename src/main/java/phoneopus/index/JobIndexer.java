package phoneopus.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobReader;
import phoneopus.spool.Spool;

/** Enters jobs into the table, as their directories have them. */
@Component
public class JobIndexer {
    private static final Logger log = LoggerFactory.getLogger(JobIndexer.class);

    private static final int TRIES_AGAINST_OTHERS = 10;

    private final JobReader jobs;
    private final Spool spool;
    private final JobRepository repository;
    private final TransactionTemplate transaction;
    private final JobIndexOpener opening;

    public JobIndexer(
            JobReader jobs,
            Spool spool,
            @Lazy JobRepository repository,
            @Lazy TransactionTemplate transaction,
            JobIndexOpener opening) {
        this.jobs = jobs;
        this.spool = spool;
        this.repository = repository;
        this.transaction = transaction;
        this.opening = opening;
    }

    /** Opens the index, with every job in it that the spool has. */
    void open() throws IOException, InterruptedException {
        opening.open(this::enterAll);
    }

    /** It comes from a damaged file: the table is made anew at the next opening. */
    void distrust(Throwable failure) {
        if (JobIndexFile.corrupt(failure)) {
            opening.distrust();
        }
    }

    /** The row as the directory has it; a finished job then leaves the open list. */
    void enter(JobId id) throws IOException {
        Optional<Job> job = upsert(id);
        if (job.isPresent() && job.get().status().done()) {
            remember(id);
            spool.close(id);
        }
    }

    /** The row as the directory has it. */
    void update(JobId id) throws IOException {
        upsert(id);
    }

    /**
     * Of a new table: all at once, since every commit waits for the disk. What is on the open list
     * stays there: its server may have been killed before it was done with its end.
     */
    private void enterAll(List<JobId> ids) throws IOException {
        List<JobId> finished = new ArrayList<>();
        transaction.executeWithoutResult(_ ->
                ids.forEach(id -> {
                    try {
                        reopenIfNotOver(id);
                        upsert(id)
                                .filter(job -> job.status().done())
                                .ifPresent(_ -> finished.add(id));
                    } catch (IOException | UncheckedIOException e) {
                        log.warn("job={} not in the books, it is damaged: {}", id, e.getMessage());
                    }
                }));
        if (!finished.isEmpty()) {
            remember(finished.getLast());
        }
    }

    /**
     * What is not over must be on the open list too, which a copied spool does not bring along;
     * else it would stand there as queued or running for ever.
     */
    private void reopenIfNotOver(JobId id) throws IOException {
        if (spool.request(id).isPresent() && spool.ended(id).isEmpty()) {
            spool.reopen(id);
        }
    }

    /** Only what stands in the index, and on the disk, leaves the open list. */
    private void remember(JobId last) throws IOException {
        // Else a power cut takes the row, and nobody looks for the job any more.
        repository.sync();
        opening.remember(last);
    }

    /**
     * After a fail-over H2 sends the last statement again, and other servers write the same rows:
     * read before believing. The row is read before the directory, which only goes forward: what
     * was read of it earlier than another server's write then fails by the version, instead of
     * putting "running" over an end for good.
     */
    private Optional<Job> upsert(JobId id) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<JobRow> known = repository.findById(id.value());
                Optional<Job> job = jobs.read(id);
                if (job.isPresent()) {
                    JobRow row = JobRow.of(job.get(), known.map(JobRow::version).orElse(null));
                    if (known.filter(row::equals).isEmpty()) {
                        repository.save(row);
                    }
                }
                return job;
            } catch (OptimisticLockingFailureException | DataIntegrityViolationException e) {
                if (attempt == TRIES_AGAINST_OTHERS) {
                    throw e;
                }
            }
        }
    }
}
