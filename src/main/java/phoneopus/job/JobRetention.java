package phoneopus.job;

import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.hibernate.validator.constraints.time.DurationMin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.index.JobIndex;
import phoneopus.index.JobIndexUnavailableException;
import phoneopus.spool.JobId;
import phoneopus.spool.Spool;
import phoneopus.spool.StateUnavailableException;
import phoneopus.time.Deadline;

/**
 * Drops consults that have expired, or that a person deletes: directory, row, files, in an order
 * that can be resumed after a crash anywhere.
 */
@Component
public class JobRetention {
    private static final Logger log = LoggerFactory.getLogger(JobRetention.class);

    /**
     * The state directory and its folders, where interrupted writes may have left temporary files.
     */
    private static final List<String> WRITTEN =
            List.of("", "open", "same", "sessions", "owners", "imported");

    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    /** How long a deletion waits until a job that has just ended is in the index. */
    private static final Duration LONGEST_ENTRY = Duration.ofSeconds(15);

    private final JobProperties properties;
    private final OpenJobs open;
    private final Dispatch dispatch;
    private final Spool spool;
    private final JobIndex index;
    private final Clock clock;

    JobRetention(
            JobProperties properties,
            OpenJobs open,
            Dispatch dispatch,
            Spool spool,
            JobIndex index,
            Clock clock) {
        this.properties = properties;
        this.open = open;
        this.dispatch = dispatch;
        this.spool = spool;
        this.index = index;
        this.clock = clock;
    }

    private RetentionClock retentionClock() throws IOException {
        return new RetentionClock(spool.file("retention.json"), clock, properties.keep());
    }

    /** Runs with a delay, so that a question at a terminal does not wait for it. */
    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void drop() {
        try {
            for (String folder : WRITTEN) {
                DurableFiles.sweep(spool.file(folder), clock.instant().minus(LONGEST_WRITE));
            }
            int dropped = 0;
            Optional<Instant> now = retentionClock().look();
            if (now.isPresent()) {
                Instant before = now.get().minus(properties.keep());
                for (JobId id :
                        index.queries().past(before.toEpochMilli(), properties.keepAtLeast())) {
                    if (retired(id)) {
                        dropped++;
                    } else if (Files.notExists(spool.directory(id)) && !spool.open().contains(id)) {
                        // Its directory was deleted: only the row is left.
                        index.queries().delete(id);
                        dropped++;
                    }
                }
                spool.forgetHintsBefore(before);
            }
            for (JobId id : spool.trash()) {
                destroy(id);
            }
            if (dropped > 0) {
                log.info(
                        "jobs={} dropped, older than the keep time of {}",
                        dropped,
                        properties.keep());
            }
        } catch (IOException | JobIndexUnavailableException e) {
            log.info("dropped nothing this time: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Deletes a finished job. Nobody finds it any more when this returns.
     *
     * @return false if a server deletes the rest later, because the index does not answer now
     * @throws StateUnavailableException if nothing was deleted
     */
    public boolean delete(JobId id) throws InterruptedException {
        try {
            awaitEntry(id);
            boolean discarded = dispatch.retire(id);
            if (!discarded && Files.exists(spool.directory(id))) {
                throw new IOException("another program is using it");
            }
            try {
                index.queries().delete(id);
                spool.destroy(id);
                return true;
            } catch (JobIndexUnavailableException _) {
                if (!discarded) {
                    throw noAnswer();
                }
                return false;
            }
        } catch (IOException e) {
            throw StateUnavailableException.notDeleted(e);
        }
    }

    /** Waits until it has left the open list: one of that list would be started again. */
    private void awaitEntry(JobId id) throws IOException, InterruptedException {
        if (!spool.open().contains(id)) {
            return;
        }
        open.now();
        Deadline deadline = Deadline.in(LONGEST_ENTRY);
        while (spool.open().contains(id)) {
            try {
                index.queries().ended(id);
            } catch (JobIndexUnavailableException _) {
                throw noAnswer();
            }
            if (deadline.passed()) {
                throw noAnswer();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static IOException noAnswer() {
        return new IOException("the index of jobs does not answer");
    }

    /** Whether it was discarded. One that cannot be moved stays and does not block the others. */
    private boolean retired(JobId id) throws InterruptedException {
        try {
            return dispatch.retire(id);
        } catch (IOException e) {
            log.info("job={} not dropped this time: {}", id, e.getMessage());
            return false;
        }
    }

    private void destroy(JobId id) throws InterruptedException {
        try {
            // A file put there by hand must not delete the row of a job that still exists.
            if (!Files.exists(spool.directory(id))) {
                index.queries().delete(id);
            }
            spool.destroy(id);
        } catch (IOException e) {
            log.info("job={} not deleted this time: {}", id, e.getMessage());
        }
    }

    /**
     * How long finished consults are kept.
     *
     * @param keep the time from their end
     * @param keepAtLeast the number of newest ones to keep at any age
     */
    @ConfigurationProperties("phone-opus.jobs")
    record JobProperties(
            @DefaultValue("30d") @DurationMin(message = "must be 0s or more") Duration keep,
            @DefaultValue("200") @Min(0) int keepAtLeast) {}
}
