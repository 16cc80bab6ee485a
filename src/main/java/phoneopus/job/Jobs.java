package phoneopus.job;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Consult;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.JobQueue.QueueFullException;
import phoneopus.job.JobQueue.TooManyRequestsException;
import phoneopus.original.OriginalUnavailableException;
import phoneopus.run.Activity;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Sessions;
import phoneopus.spool.Sessions.SessionNotFoundException;
import phoneopus.spool.StateUnavailableException;

/** Consults as durable jobs: submit, await, find, cancel. */
@Component
public class Jobs {
    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private final Requests requests;
    private final Sessions sessions;
    private final JobSupervisor supervisor;
    private final JobStore store;
    private final JobMetrics metrics;
    private final Waiters waiters = new Waiters();
    private final PendingDeliveries deliveries = new PendingDeliveries();

    Jobs(
            Requests requests,
            Sessions sessions,
            JobSupervisor supervisor,
            JobStore store,
            JobMetrics metrics) {
        this.requests = requests;
        this.sessions = sessions;
        this.supervisor = supervisor;
        this.store = store;
        this.metrics = metrics;
    }

    /**
     * Accepts the consult and starts it in its turn, or, unless it has to be fresh, joins an
     * earlier one that asks the same.
     *
     * @throws phoneopus.claude.ClaudeBinary.ClaudeNotFoundException if there is no command to run
     * @throws SessionNotFoundException if the session to resume belongs to another caller
     * @throws QueueFullException if too many consults are queued
     * @throws TooManyRequestsException if its caller has too many consults
     * @throws StateUnavailableException if it cannot be stored
     */
    public Submission submit(Consult consult, JobMode mode, boolean fresh)
            throws InterruptedException {
        if (!waiters.beginSubmission()) {
            throw StateUnavailableException.ending();
        }
        try {
            JobRequest request = requests.freeze(consult, mode);
            sessions.admit(request);
            deliveries.awaitEnd(request);
            Submission submission =
                    mode == JobMode.SYNC
                            ? waiters.submit(request, () -> supervisor.submit(request, fresh))
                            : supervisor.submit(request, fresh);
            if (!submission.joined()) {
                sessions.own(request);
                store.writeRow(submission.request().jobId());
                return submission;
            }
            metrics.joined();
            if (mode == JobMode.BACKGROUND) {
                promote(submission.request());
            }
            return submission;
        } catch (IOException e) {
            throw StateUnavailableException.notAccepted(e);
        } finally {
            waiters.endSubmission();
        }
    }

    /**
     * Waits for its end.
     *
     * @param patience null to wait as long as it takes
     * @param abandoned whether the caller has stopped waiting
     * @param seen receives its activity, several times a second; null while it is queued
     * @return empty if it is still running when the wait ends
     */
    public Optional<Completion> await(
            JobRequest request,
            @Nullable Duration patience,
            BooleanSupplier abandoned,
            Consumer<@Nullable Activity> seen)
            throws InterruptedException {
        if (!request.ofTheOriginal()) {
            waiters.begin(request.jobId());
        }
        JobWait wait = new JobWait(request, supervisor, store, patience);
        try {
            Optional<Completion> ended = Optional.empty();
            while (ended.isEmpty() && !abandoned.getAsBoolean()) {
                ended = wait.look(seen);
                if (wait.expired()) {
                    break;
                }
            }
            return ended;
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(request, e);
        } finally {
            waiters.end(request.jobId());
        }
    }

    /**
     * The job of that principal in its current state.
     *
     * @throws JobNotFoundException if there is none or it belongs to another caller
     */
    public Job find(JobId id, @Nullable String principal) {
        try {
            return store.find(id, principal)
                    .filter(job -> Objects.equals(principal, job.request().consult().principal()))
                    .orElseThrow(() -> new JobNotFoundException(id));
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /** A known job in its current state. */
    public Job now(JobRequest request) {
        return find(request.jobId(), request.consult().principal());
    }

    /**
     * A running job's activity, or what a queued one waits for; empty if it is over or is the
     * original program's.
     */
    public Optional<Activity> activity(Job job) {
        try {
            if (job.request().ofTheOriginal()) {
                return Optional.empty();
            }
            return switch (job.status()) {
                case QUEUED ->
                        Optional.of(new Activity(0, supervisor.waitsFor(job.request()), null));
                case RUNNING ->
                        Optional.of(
                                Objects.requireNonNullElse(
                                        supervisor.activity(job.request()), Activity.NONE));
                case SUCCEEDED, FAILED, CANCELLED -> Optional.empty();
            };
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /** What a known job does or waits for now, in one line. */
    public String doing(JobRequest request) {
        return activity(now(request)).orElse(Activity.NONE).line();
    }

    /** The time since its last event; empty before the first. */
    public Optional<Duration> silence(Job job) {
        try {
            return store.silence(job);
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /**
     * Ends it and everything it started, or prevents its start. No-op if it is over.
     *
     * @throws OriginalUnavailableException if it runs under the original program and cannot be
     *     ended
     */
    public void cancel(JobRequest request) throws InterruptedException {
        try {
            if (request.ofTheOriginal()) {
                store.endOriginal(request.jobId());
                return;
            }
            supervisor.end(request);
            // Record the end now: its caller may exit at once, and no other server may be running.
            store.settled(request);
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /**
     * A caller no longer wants the answer: cancels the job unless another caller waits for it too.
     */
    public void stop(JobRequest request) throws InterruptedException {
        try {
            if (waiters.of(request.jobId()) > 1 || !supervisor.abandon(request)) {
                promote(request);
            } else {
                cancel(request);
            }
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /** Makes it a background job, because its caller stopped waiting. */
    public void promote(JobRequest request) {
        if (promoted(request.jobId()) && request.mode() == JobMode.SYNC) {
            metrics.promoted();
        }
    }

    private boolean promoted(JobId id) {
        try {
            return store.promote(id);
        } catch (IOException e) {
            log.warn("job={} not marked as promoted: {}", id, e.getMessage());
            return false;
        }
    }

    /** Begins the delivery of its answer; run the result once it has arrived. */
    public Runnable handOver(JobRequest request) {
        PendingDeliveries.Delivery delivery = deliveries.begin(request);
        return () -> {
            delivered(request);
            deliveries.end(delivery);
        };
    }

    /** Records that its answer reached a caller: the same question then starts a new consult. */
    public void delivered(JobRequest request) {
        try {
            store.delivered(request.jobId());
        } catch (IOException e) {
            log.warn("job={} not marked as delivered: {}", request.jobId(), e.getMessage());
        }
    }

    @PreDestroy
    void promoteAllThatAreWaitedFor() {
        waiters.close().forEach(this::promoted);
    }
}
