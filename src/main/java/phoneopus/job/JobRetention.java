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

/**
 * Drops consults whose keep time is over: directory, row, files, in an order that a crash anywhere
 * leaves mendable.
 */
@Component
class JobRetention {
    private static final Logger log = LoggerFactory.getLogger(JobRetention.class);

    /** Folders of the state directory, and itself, in which a write may have been cut short. */
    private static final List<String> WRITTEN =
            List.of("", "open", "same", "sessions", "owners", "imported");

    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    private final JobProperties properties;
    private final Dispatch dispatch;
    private final Spool spool;
    private final JobIndex index;
    private final Clock clock;

    JobRetention(
            JobProperties properties, Dispatch dispatch, Spool spool, JobIndex index, Clock clock) {
        this.properties = properties;
        this.dispatch = dispatch;
        this.spool = spool;
        this.index = index;
        this.clock = clock;
    }

    private RetentionClock retentionClock() throws IOException {
        return new RetentionClock(spool.file("retention.json"), clock, properties.keep());
    }

    /** Not at once: whoever only asks a question at a terminal should not wait for it. */
    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void drop() {
        try {
            for (String folder : WRITTEN) {
                DurableFiles.sweep(spool.file(folder), clock.millis() - LONGEST_WRITE.toMillis());
            }
            int dropped = 0;
            Optional<Instant> now = retentionClock().look();
            if (now.isPresent()) {
                long before = now.get().minus(properties.keep()).toEpochMilli();
                for (JobId id : index.queries().past(before, properties.keepAtLeast())) {
                    if (retired(id)) {
                        dropped++;
                    } else if (Files.notExists(spool.directory(id)) && !spool.open().contains(id)) {
                        // Somebody deleted its directory: the row is all that there is of it.
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
                        "jobs={} dropped, their keep time of {} is over",
                        dropped,
                        properties.keep());
            }
        } catch (IOException | JobIndexUnavailableException e) {
            log.info("nothing dropped now: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that cannot be moved stays, and keeps no other. */
    private boolean retired(JobId id) throws InterruptedException {
        try {
            return dispatch.retire(id);
        } catch (IOException e) {
            log.info("job={} not dropped now: {}", id, e.getMessage());
            return false;
        }
    }

    private void destroy(JobId id) throws InterruptedException {
        try {
            // What somebody put there says nothing of a job that is kept.
            if (!Files.exists(spool.directory(id))) {
                index.queries().delete(id);
            }
            spool.destroy(id);
        } catch (IOException e) {
            log.info("job={} not destroyed now: {}", id, e.getMessage());
        }
    }

    /**
     * How long consults that are over are kept.
     *
     * @param keep from their end
     * @param keepAtLeast so many of the newest, however old they are
     */
    @ConfigurationProperties("phone-opus.jobs")
    record JobProperties(
            @DefaultValue("30d") @DurationMin(message = "must be 0s or more") Duration keep,
            @DefaultValue("200") @Min(0) int keepAtLeast) {}
}
