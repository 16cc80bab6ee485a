package phoneopus.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.claude.ServerIdentity;
import phoneopus.files.LockHeldException;
import phoneopus.files.SharedLock;
import phoneopus.job.JobQueue.QueueFullException;
import phoneopus.job.JobQueue.TooManyRequestsException;
import phoneopus.run.Run;
import phoneopus.run.StopReason;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;
import phoneopus.spool.Spool.Preparation;

/**
 * Who starts next, under a lock that all servers of the state directory share: first come first
 * served, no more at once than the settings say, and never two of one session, since the command
 * would lose a branch. Whoever holds the lock starts anybody's consults.
 */
@Component
public class Dispatch {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    static final String LOCK = "dispatch.lock";

    private final Spool spool;
    private final Claude claude;
    private final OpenJobs open;
    private final JobQueue queue;
    private final RepeatedQuestions repeated;
    private final SharedLock lock = new SharedLock();
    private volatile @Nullable String held;

    Dispatch(
            Spool spool, Claude claude, OpenJobs open, JobQueue queue, RepeatedQuestions repeated) {
        this.spool = spool;
        this.claude = claude;
        this.open = open;
        this.queue = queue;
        this.repeated = repeated;
    }

    /**
     * A request that was accepted, or the one that it repeats, and what was started beside it.
     *
     * @param started runs of this server's, the request's own among them where it had its turn
     */
    record Accepted(Submission submission, List<Started> started) {}

    /**
     * Accepts the request and starts whatever may start, or finds the one that it repeats.
     *
     * @param beforeItIsThere done before any other server can see it
     * @throws QueueFullException where too many wait already
     * @throws TooManyRequestsException where its caller has too many already
     */
    Accepted submit(JobRequest request, boolean fresh, Preparation beforeItIsThere)
            throws IOException, InterruptedException {
        try {
            return lock.hold(
                    spool.file(LOCK), () -> acceptInOrder(request, fresh, beforeItIsThere));
        } catch (LockHeldException e) {
            // Taken all the same: only its start waits, and the order among equals is lost.
            held = e.getReason();
            accept(request, beforeItIsThere);
            return new Accepted(new Submission(request, false), List.of());
        }
    }

    private Accepted acceptInOrder(JobRequest request, boolean fresh, Preparation beforeItIsThere)
            throws IOException, InterruptedException {
        Optional<JobRequest> same = fresh ? Optional.empty() : repeated.of(request);
        if (same.isPresent()) {
            spool.mark(same.get().jobId(), JobMarker.JOINED);
            return new Accepted(new Submission(same.get(), true), List.of());
        }
        JobQueue.Round round = queue.look();
        round.admit(request);
        accept(request, beforeItIsThere);
        round.add(OpenJob.of(request));
        return new Accepted(new Submission(request, false), startOrLater(round, request));
    }

    /** Accepted is accepted: what cannot be started now is started in the next round. */
    private List<Started> startOrLater(JobQueue.Round round, JobRequest accepted)
            throws InterruptedException {
        try {
            return start(round);
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "job={} is not started before the next round: {}",
                    accepted.jobId(),
                    e.getMessage());
            return List.of();
        }
    }

    private void accept(JobRequest request, Preparation beforeItIsThere) throws IOException {
        spool.accept(request, beforeItIsThere);
        repeated.remember(request);
    }

    /** Starts whatever may start. */
    List<Started> round() throws IOException, InterruptedException {
        try {
            List<Started> started = lock.hold(spool.file(LOCK), () -> start(queue.look()));
            held = null;
            return started;
        } catch (LockHeldException e) {
            held = e.getReason();
            throw e;
        }
    }

    /**
     * Sees to it that it comes to no answer any more, unless another caller has joined it. From
     * then on nobody can.
     */
    boolean abandon(JobRequest request) throws IOException, InterruptedException {
        try {
            return lock.hold(spool.file(LOCK), () -> announceCancel(request));
        } catch (LockHeldException _) {
            // Nobody can join it either while that lock is held.
            return announceCancel(request);
        }
    }

    private boolean announceCancel(JobRequest request) throws IOException {
        if (spool.marked(request.jobId(), JobMarker.JOINED)) {
            return false;
        }
        claude.adopt(spool.directory(request.jobId()), request.limits())
                .announce(StopReason.CANCELLED);
        return true;
    }

    /** Moves a job out of the way to its end, unless it is open. */
    boolean retire(JobId id) throws IOException, InterruptedException {
        return lock.hold(spool.file(LOCK), () -> !spool.open().contains(id) && spool.discard(id));
    }

    /** Who keeps consults from their start; empty as a rule. */
    Optional<String> held() {
        return Optional.ofNullable(held);
    }

    /** A run that this server just started. */
    record Started(JobRequest request, Run run) {}

    private List<Started> start(JobQueue.Round round) throws IOException, InterruptedException {
        open.mendDamaged();
        List<Started> started = new ArrayList<>();
        ServerIdentity here = claude.starter();
        for (Optional<JobId> next = round.next(here); next.isPresent(); next = round.next(here)) {
            Optional<JobRequest> request = open.request(next.get());
            if (request.isPresent()) {
                try {
                    started.add(start(request.get()));
                    round.started();
                } catch (IOException | RuntimeException e) {
                    // Its turn comes again in the next round; the others have theirs now.
                    log.warn("job={} could not be started: {}", next.get(), e.getMessage());
                }
            }
        }
        return started;
    }

    private Started start(JobRequest request) throws IOException, InterruptedException {
        Run run =
                claude.start(
                        spool.directory(request.jobId()),
                        request.command(),
                        request.cwd(),
                        request.effectivePrompt(),
                        request.limits());
        log.info("job={} started pid={}", request.jobId(), run.pid().orElse(0));
        return new Started(request, run);
    }

    /**
     * A consult that was taken in.
     *
     * @param joined whether it is one that was asked for before, so that it is not paid twice
     */
    public record Submission(JobRequest request, boolean joined) {}
}
