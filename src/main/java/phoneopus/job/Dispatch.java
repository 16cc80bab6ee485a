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
 * Decides which consult starts next, under a lock shared by all servers of the state directory:
 * first come first served, no more at once than the settings allow, and never two of the same
 * session, since the command would lose one branch. The holder of the lock starts consults of all
 * servers.
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
     * An accepted request, or the one it repeats, and the runs started along with it.
     *
     * @param started runs started by this server, including the request's own if it was its turn
     */
    record Accepted(Submission submission, List<Started> started) {}

    /**
     * Accepts the request and starts everything that may start, or finds the request it repeats.
     *
     * @param beforeItIsThere runs before any other server can see it
     * @throws QueueFullException if too many consults are queued
     * @throws TooManyRequestsException if its caller has too many consults
     */
    Accepted submit(JobRequest request, boolean fresh, Preparation beforeItIsThere)
            throws IOException, InterruptedException {
        try {
            return lock.hold(
                    spool.file(LOCK), () -> acceptInOrder(request, fresh, beforeItIsThere));
        } catch (LockHeldException e) {
            // Accept it anyway: only its start waits, and the order among waiting consults may
            // change.
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

    /**
     * Must not fail, since the request is accepted: what cannot be started now is started in the
     * next round.
     */
    private List<Started> startOrLater(JobQueue.Round round, JobRequest accepted)
            throws InterruptedException {
        try {
            return start(round);
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "job={} will be started in the next round: {}",
                    accepted.jobId(),
                    e.getMessage());
            return List.of();
        }
    }

    private void accept(JobRequest request, Preparation beforeItIsThere) throws IOException {
        spool.accept(request, beforeItIsThere);
        repeated.remember(request);
    }

    /** Starts everything that may start. */
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
     * Requests its cancellation unless another caller has joined it. No caller can join it
     * afterwards.
     */
    boolean abandon(JobRequest request) throws IOException, InterruptedException {
        try {
            return lock.hold(spool.file(LOCK), () -> announceCancel(request));
        } catch (LockHeldException _) {
            // While that lock is held, nobody can join it either.
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

    /** Discards a job unless it is open. */
    boolean retire(JobId id) throws IOException, InterruptedException {
        return lock.hold(spool.file(LOCK), () -> !spool.open().contains(id) && spool.discard(id));
    }

    /** What keeps a queued job from starting. */
    String waitsFor(JobRequest request) throws IOException {
        String blocked = held;
        return blocked == null ? queue.waitsFor(request, claude.starter()) : blocked;
    }

    /** A run that this server just started. */
    record Started(JobRequest request, Run run) {}

    private List<Started> start(JobQueue.Round round) throws IOException, InterruptedException {
        open.repairDamaged();
        List<Started> started = new ArrayList<>();
        ServerIdentity here = claude.starter();
        for (Optional<JobId> next = round.next(here); next.isPresent(); next = round.next(here)) {
            Optional<JobRequest> request = open.request(next.get());
            if (request.isPresent()) {
                try {
                    started.add(start(request.get()));
                    round.started();
                } catch (IOException | RuntimeException e) {
                    // It is tried again in the next round; the others are started now.
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
                        request.consult().cwd(),
                        request.effectivePrompt(),
                        request.limits());
        log.info("job={} started pid={}", request.jobId(), run.pid().orElse(0));
        return new Started(request, run);
    }

    /**
     * An accepted consult.
     *
     * @param joined whether it is an earlier one that the request repeats, so that it is paid only
     *     once
     */
    public record Submission(JobRequest request, boolean joined) {}
}
