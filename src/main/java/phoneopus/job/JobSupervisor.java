package phoneopus.job;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.job.Dispatch.Submission;
import phoneopus.run.Activity;
import phoneopus.run.Run;
import phoneopus.run.StopReason;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobLeases;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobReader;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;
import phoneopus.time.Deadline;

/**
 * Supervises this server's jobs and those whose server is gone: starts them in turn, watches them,
 * finalizes them.
 */
@Component
public class JobSupervisor {
    private static final Logger log = LoggerFactory.getLogger(JobSupervisor.class);

    private static final long ROUND_MS = 3_000;

    /** The shortest time between rounds requested by waiting callers. */
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(200);

    private final Spool spool;
    private final Dispatch dispatch;
    private final JobWatch watch;
    private final JobLeases locks;
    private final JobMetrics metrics;
    private final JobReader reader;
    private final Map<JobId, Watched> watched = new ConcurrentHashMap<>();

    private final AtomicReference<Deadline> nextRound =
            new AtomicReference<>(Deadline.in(BETWEEN_ROUNDS));
    private volatile String complaint = "";

    /** A run watched by this server. */
    static final class Watched {
        private final CompletableFuture<Completion> ended = new CompletableFuture<>();
        private volatile @Nullable Activity activity;

        CompletableFuture<Completion> ended() {
            return ended;
        }

        @Nullable Activity activity() {
            return activity;
        }
    }

    JobSupervisor(
            Spool spool,
            Dispatch dispatch,
            JobWatch watch,
            JobLeases locks,
            JobMetrics metrics,
            JobReader reader) {
        this.spool = spool;
        this.dispatch = dispatch;
        this.watch = watch;
        this.locks = locks;
        this.metrics = metrics;
        this.reader = reader;
    }

    /**
     * Accepts the request, or finds the one it repeats, and supervises it from then on. Whatever
     * fails after the acceptance is repaired by any server's next round.
     */
    Submission submit(JobRequest request, boolean fresh) throws IOException, InterruptedException {
        Dispatch.Accepted accepted = accept(request, fresh);
        try {
            watchStarted(accepted.started());
        } catch (IOException e) {
            log.warn(
                    "job={} will be watched from the next round: {}",
                    request.jobId(),
                    e.getMessage());
        }
        return accepted.submission();
    }

    private Dispatch.Accepted accept(JobRequest request, boolean fresh)
            throws IOException, InterruptedException {
        try {
            return dispatch.submit(request, fresh, () -> locks.take(request.jobId()));
        } catch (IOException e) {
            // There is nothing to supervise.
            locks.release(request.jobId());
            throw e;
        }
    }

    /** The watched run, if this server watches it. */
    Optional<Watched> watched(JobId id) {
        return Optional.ofNullable(watched.get(id));
    }

    /** Whether its run was started or forbidden to start; it cannot have ended before. */
    boolean claimed(JobRequest request) throws IOException {
        return reader.run(request).claimed();
    }

    /** What a job does; null if it has not started. */
    @Nullable Activity activity(JobRequest request) throws IOException {
        Watched ours = watched.get(request.jobId());
        Activity seen = ours == null ? null : ours.activity;
        return seen == null ? reader.activity(request) : seen;
    }

    /** Ends its run and everything it started, or prevents its start. */
    void end(JobRequest request) throws IOException, InterruptedException {
        reader.run(request).end(StopReason.CANCELLED);
        attend(request);
    }

    /**
     * Advances a job that a caller waits for: starts it in its turn, and watches it if this server
     * holds its lease.
     */
    void attend(JobRequest request) throws IOException, InterruptedException {
        if (!claimed(request) && roundIsDue()) {
            watchStarted(dispatch.round());
        }
        if (locks.holds(request.jobId())) {
            watchIfStarted(request);
        }
    }

    /** Limits the rate of rounds, since one round covers all waiting callers. */
    private boolean roundIsDue() {
        Deadline next = nextRound.get();
        return next.passed() && nextRound.compareAndSet(next, Deadline.in(BETWEEN_ROUNDS));
    }

    /** What keeps a queued job from starting. */
    String waitsFor(JobRequest request) throws IOException {
        return dispatch.waitsFor(request);
    }

    /** Requests its cancellation; returns false if another caller has joined it. */
    boolean abandon(JobRequest request) throws IOException, InterruptedException {
        return dispatch.abandon(request);
    }

    /**
     * Takes over jobs whose server is gone. Runs at start and then periodically; reads one
     * directory.
     */
    @Scheduled(fixedDelay = ROUND_MS)
    public void makeTheRound() {
        try {
            List<JobId> open = spool.open();
            List<String> damaged = new ArrayList<>();
            for (JobId id : open) {
                try {
                    look(id);
                } catch (IOException | RuntimeException e) {
                    damaged.add(String.valueOf(e.getMessage()));
                }
            }
            if (!open.isEmpty()) {
                watchStarted(dispatch.round());
            }
            logOnce(String.join("; ", damaged));
        } catch (IOException e) {
            logOnce(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Logs a repeated failure only once. */
    private void logOnce(String what) {
        if (!what.equals(complaint)) {
            complaint = what;
            if (!what.isEmpty()) {
                log.warn("could not look at open jobs: {}", what);
            }
        }
    }

    private void look(JobId id) throws IOException {
        if (spool.ended(id).isPresent()) {
            locks.release(id);
            return;
        }
        boolean ours = locks.holds(id);
        Optional<JobRequest> request = spool.request(id);
        if (request.isEmpty() || !locks.take(id)) {
            return;
        }
        if (!ours && spool.ended(id).isPresent()) {
            // Its server released it because it is over.
            locks.release(id);
            return;
        }
        if (!ours) {
            log.info("job={} taken over because its server is gone", id);
            metrics.adopted();
            if (request.get().mode() == JobMode.SYNC) {
                spool.mark(id, JobMarker.PROMOTED);
            }
        }
        watchIfStarted(request.get());
    }

    private void watchStarted(List<Dispatch.Started> runs) throws IOException {
        for (Dispatch.Started started : runs) {
            // If another server holds its lease, that server will notice that it runs.
            if (locks.take(started.request().jobId())) {
                watch(started.request(), started.run());
            }
        }
    }

    private void watchIfStarted(JobRequest request) throws IOException {
        Run run = reader.run(request);
        if (run.claimed()) {
            watch(request, run);
        }
    }

    private void watch(JobRequest request, Run run) {
        Watched fresh = new Watched();
        if (watched.putIfAbsent(request.jobId(), fresh) != null) {
            return;
        }
        var _ =
                watch.watch(request, run, activity -> fresh.activity = activity)
                        .whenComplete(
                                (ended, failure) -> over(request.jobId(), fresh, ended, failure));
    }

    private void over(
            JobId id, Watched watch, @Nullable Completion ended, @Nullable Throwable failure) {
        watched.remove(id);
        try {
            locks.release(id);
        } catch (IOException e) {
            log.warn("job={} lock not released: {}", id, e.getMessage());
        }
        if (ended == null) {
            watch.ended.completeExceptionally(
                    failure == null ? new IllegalStateException() : failure);
            return;
        }
        watch.ended.complete(ended);
        try {
            watchStarted(dispatch.round());
        } catch (IOException e) {
            log.warn("the next round starts the rest: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
