package phoneopus.job;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.claude.ServerIdentity;
import phoneopus.files.LockHeldException;
import phoneopus.files.SharedLock;
import phoneopus.run.Run;
import phoneopus.run.StopReason;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import phoneopus.spool.Preparation;
import phoneopus.spool.Spool;

/**
 * Who starts next, under a lock that all servers of the state directory share: first come first
 * served, no more at once than the settings say, and never two of one session, since the command
 * would lose a branch. Whoever holds the lock starts anybody's consults.
 */
@Component
class Dispatch {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    /** How long an answer that reached nobody is kept for whoever asks the same again. */
    private static final Duration PAID_ONCE = Duration.ofMinutes(10);

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    static final String LOCK = "dispatch.lock";

    private static final Comparator<OpenJob> FIRST_COME =
            Comparator.comparingLong(OpenJob::createdUnixMs).thenComparing(job -> job.id().value());

    private final Spool spool;
    private final Claude claude;
    private final OpenJobs open;
    private final Capacity capacity;
    private final Clock clock;
    private final SharedLock lock = new SharedLock();
    private volatile @Nullable String held;

    Dispatch(Spool spool, Claude claude, OpenJobs open, Capacity capacity, Clock clock) {
        this.spool = spool;
        this.claude = claude;
        this.open = open;
        this.capacity = capacity;
        this.clock = clock;
    }

    /**
     * Accepts the request, or finds the one that it repeats.
     *
     * @param beforeItIsThere done before any other server can see it
     * @throws QueueFullException where too many wait already
     * @throws TooManyRequestsException where its caller has too many already
     */
    Submission submit(JobRequest request, boolean fresh, Preparation beforeItIsThere)
            throws IOException, InterruptedException {
        try {
            return lock.hold(
                    spool.file(LOCK), () -> acceptInOrder(request, fresh, beforeItIsThere));
        } catch (LockHeldException e) {
            // Taken all the same: only its start waits, and the order among equals is lost.
            held = e.getReason();
            spool.accept(request, beforeItIsThere);
            rememberSame(request);
            return new Submission(request, false);
        }
    }

    private Submission acceptInOrder(JobRequest request, boolean fresh, Preparation beforeItIsThere)
            throws IOException {
        Optional<JobRequest> same = fresh ? Optional.empty() : same(request);
        if (same.isPresent()) {
            spool.mark(same.get().jobId(), JobMarker.JOINED);
            return new Submission(same.get(), true);
        }
        Round round = look();
        capacity.admit(request.principal(), round.callers().getOrDefault(request.principal(), 0));
        if (round.room() <= 0 || round.sessions().contains(request.sessionId())) {
            capacity.queue(round.waiting().size());
        }
        spool.accept(request, beforeItIsThere);
        rememberSame(request);
        return new Submission(request, false);
    }

    /** Starts whatever may start. */
    List<Started> round() throws IOException, InterruptedException {
        try {
            List<Started> started =
                    lock.hold(
                            spool.file(LOCK),
                            () -> {
                                Round round = look();
                                open.mendDamaged();
                                return start(round);
                            });
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

    /**
     * How many more may run, which sessions are taken, who waits.
     *
     * @param callers how many consults of each are not over
     */
    private record Round(
            int room,
            Set<@Nullable UUID> sessions,
            List<OpenJob> waiting,
            Map<@Nullable String, Integer> callers) {}

    /** Accepted is accepted: without this hint it is only not found again by its question. */
    private void rememberSame(JobRequest request) {
        try {
            spool.rememberSame(request.digest(), request.jobId());
        } catch (IOException e) {
            log.warn(
                    "job={} will not be joined by the same question: {}",
                    request.jobId(),
                    e.getMessage());
        }
    }

    /** A damaged one cannot be joined; whoever asks gets a new one. */
    private Optional<JobRequest> same(JobRequest request) {
        try {
            return unfinished(request);
        } catch (IOException | RuntimeException e) {
            log.warn("an equal question is not joined: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<JobRequest> unfinished(JobRequest request) throws IOException {
        Optional<JobId> id = spool.same(request.digest());
        if (id.isEmpty() || spool.marked(id.get(), JobMarker.DELIVERED)) {
            return Optional.empty();
        }
        Optional<Completion> ended = spool.ended(id.get());
        // Not one that is being ended: its next caller would get nothing but a cancel.
        boolean stillGood =
                (ended.isEmpty() && !ending(id.get()))
                        || (ended.isPresent()
                                && JobStatus.of(ended.get().outcome()) == JobStatus.SUCCEEDED
                                && fresh(ended.get().finishedUnixMs()));
        return stillGood ? spool.request(id.get()) : Optional.empty();
    }

    /** An answer from the future is none: the clock was wrong then, or is now. */
    private boolean fresh(long finishedUnixMs) {
        long age = clock.millis() - finishedUnixMs;
        return age > -CLOCKS_DIFFER.toMillis() && age < PAID_ONCE.toMillis();
    }

    private boolean ending(JobId id) throws IOException {
        return claude.adopt(spool.directory(id), capacity.limits()).ending();
    }

    private Round look() throws IOException {
        spool.dropHalfAccepted();
        int live = 0;
        Set<@Nullable UUID> sessions = new HashSet<>();
        List<OpenJob> waiting = new ArrayList<>();
        Map<@Nullable String, Integer> callers = new HashMap<>();
        for (OpenJob job : open.now()) {
            if (job.stage() != OpenJob.Stage.OVER) {
                callers.merge(job.principal(), 1, Integer::sum);
            }
            switch (job.stage()) {
                case WAITING -> waiting.add(job);
                case LIVE -> {
                    live++;
                    sessions.add(job.session());
                }
                case OVER -> {}
            }
        }
        waiting.sort(FIRST_COME);
        return new Round(capacity.atOnce() - live, sessions, waiting, callers);
    }

    private List<Started> start(Round round) throws IOException, InterruptedException {
        List<Started> started = new ArrayList<>();
        ServerIdentity here = claude.starter();
        for (OpenJob job : round.waiting()) {
            if (started.size() >= round.room()) {
                break;
            }
            if (!job.startableBy(here, clock.millis())) {
                // Later ones of its session do not overtake it.
                round.sessions().add(job.session());
            } else if (!round.sessions().contains(job.session())) {
                Optional<JobRequest> request = open.request(job.id());
                if (request.isPresent()) {
                    round.sessions().add(job.session());
                    try {
                        started.add(start(request.get()));
                    } catch (IOException | RuntimeException e) {
                        // Its turn comes again in the next round; the others have theirs now.
                        log.warn("job={} could not be started: {}", job.id(), e.getMessage());
                    }
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
                        request.directory(),
                        request.effectivePrompt(),
                        request.limits());
        log.info("job={} started pid={}", request.jobId(), run.pid().orElse(0));
        return new Started(request, run);
    }
}
