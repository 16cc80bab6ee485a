package phoneopus.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

/** Copies jobs from their directories into the table. */
@Component
public class JobIndexer {
    private static final Logger log = LoggerFactory.getLogger(JobIndexer.class);

    private static final int TRIES_AGAINST_OTHERS = 10;

    private final JobReader jobs;
    private final Spool spool;
    private final JobRepository repository;
    private final TransactionTemplate transaction;
    private final JobIndexOpener opener;

    public JobIndexer(
            JobReader jobs,
            Spool spool,
            @Lazy JobRepository repository,
            @Lazy TransactionTemplate transaction,
            JobIndexOpener opener) {
        this.jobs = jobs;
        this.spool = spool;
        this.repository = repository;
        this.transaction = transaction;
        this.opener = opener;
    }

    /** Upserts the row; a finished job then leaves the open list. */
    void enter(JobId id) throws IOException {
        Optional<Job> job = update(id);
        if (job.isPresent() && job.get().status().done()) {
            remember(id);
            spool.close(id);
        }
    }

    /**
     * Fills a new table in one transaction, since every commit waits for the disk. Jobs on the open
     * list stay there: their server may have been killed before it finished their end.
     */
    void enterAll(List<JobId> ids) throws IOException {
        List<JobId> finished = new ArrayList<>();
        transaction.executeWithoutResult(_ ->
                ids.forEach(id -> {
                    try {
                        reopenIfNotOver(id);
                        update(id)
                                .filter(job -> job.status().done())
                                .ifPresent(_ -> finished.add(id));
                    } catch (IOException | UncheckedIOException e) {
                        log.warn("job={} not indexed, it is damaged: {}", id, e.getMessage());
                    }
                }));
        if (!finished.isEmpty()) {
            remember(finished.getLast());
        }
    }

    /**
     * Puts an unfinished job on the open list, which a copied spool lacks; otherwise it would stay
     * queued or running forever.
     */
    private void reopenIfNotOver(JobId id) throws IOException {
        if (spool.request(id).isPresent() && spool.ended(id).isEmpty()) {
            spool.reopen(id);
        }
    }

    /** Removes jobs from the open list once they are in the index and on disk. */
    private void remember(JobId last) throws IOException {
        // Otherwise a power cut could lose the row, and no server would look for the job again.
        repository.sync();
        opener.remember(last);
    }

    /**
     * Upserts the row. After a fail-over H2 repeats the last statement, and other servers write the
     * same rows, so the row is read first. It is read before the directory, whose state only
     * advances: if another server writes the row in between, this write fails by its version
     * instead of permanently replacing an end by "running".
     */
    Optional<Job> update(JobId id) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<JobRow> known = repository.findById(id.value());
                Optional<Job> job = jobs.read(id);
                if (job.isPresent()) {
                    JobRow row = JobRow.of(job.get(), known.map(JobRow::version).orElse(null));
                    if (known.filter(row::equals).isEmpty()) {
                        repository.save(row);
                        if (known.isEmpty() && Files.notExists(spool.directory(id))) {
                            // It was deleted meanwhile, and its row before this one was there.
                            repository.deleteById(id.value());
                            return Optional.empty();
                        }
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
