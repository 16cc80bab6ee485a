package phoneopus.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.files.DurableFiles;
import phoneopus.spool.Completion;
import phoneopus.spool.JobFiles;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import phoneopus.spool.Spool;
import phoneopus.spool.StateDirectory;

/** Finds the consult that a request repeats, so that one question is paid for once. */
@Component
class RepeatedQuestions {
    private static final Logger log = LoggerFactory.getLogger(RepeatedQuestions.class);

    /** How long an undelivered answer is returned to callers who ask the same again. */
    private static final Duration PAID_ONCE = Duration.ofMinutes(10);

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final StateDirectory state;
    private final Spool spool;
    private final Claude claude;
    private final ConsultProperties properties;
    private final Clock clock;

    RepeatedQuestions(
            StateDirectory state,
            Spool spool,
            Claude claude,
            ConsultProperties properties,
            Clock clock) {
        this.state = state;
        this.spool = spool;
        this.claude = claude;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Must not fail, since the request is accepted: without this hint it only cannot be found by
     * its question.
     */
    void remember(JobRequest request) {
        try {
            DurableFiles.writeLightly(last(request), JobFiles.bytes(request.jobId()));
        } catch (IOException e) {
            log.warn(
                    "job={} cannot be joined by the same question: {}",
                    request.jobId(),
                    e.getMessage());
        }
    }

    /** A damaged consult cannot be joined: its caller gets a new one. */
    Optional<JobRequest> of(JobRequest request) {
        try {
            return unfinished(request);
        } catch (IOException | RuntimeException e) {
            log.warn("repeated question not joined: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<JobRequest> unfinished(JobRequest request) throws IOException {
        Optional<JobId> id = JobFiles.read(last(request), JobId.class, _ -> true);
        if (id.isEmpty() || spool.marked(id.get(), JobMarker.DELIVERED)) {
            return Optional.empty();
        }
        Optional<Completion> ended = spool.ended(id.get());
        // Not one that is being stopped: its next caller would only get a cancel.
        boolean stillGood =
                (ended.isEmpty() && !ending(id.get()))
                        || (ended.isPresent()
                                && JobStatus.of(ended.get().outcome()) == JobStatus.SUCCEEDED
                                && fresh(ended.get().finished()));
        return stillGood ? spool.request(id.get()) : Optional.empty();
    }

    /** The file that names the last job of that question. */
    private Path last(JobRequest request) throws IOException {
        return state.folder("same").resolve(request.digest());
    }

    /**
     * Whether the answer is recent. One from the future does not count: the clock was wrong then,
     * or is now.
     */
    private boolean fresh(Instant finished) {
        Instant now = clock.instant();
        return finished.isBefore(now.plus(CLOCKS_DIFFER)) && finished.isAfter(now.minus(PAID_ONCE));
    }

    private boolean ending(JobId id) throws IOException {
        return claude.adopt(spool.directory(id), properties.limits()).ending();
    }
}
