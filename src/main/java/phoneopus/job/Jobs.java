package phoneopus.job;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Activity;
import phoneopus.claude.Claude;
import phoneopus.claude.Ending;
import phoneopus.claude.Run;

/** Consults: taken in, awaited, cancelled. */
@Component
public class Jobs {
    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private static final long LOOK_MS = 200;

    private final Requests requests;
    private final Spool spool;
    private final Dispatch dispatch;
    private final JobWatch watch;
    private final Claude claude;
    private final Map<JobId, Watched> watched = new ConcurrentHashMap<>();

    /** A run that this server watches. */
    private static final class Watched {
        private final CompletableFuture<Ended> ended = new CompletableFuture<>();
        private volatile @Nullable Activity activity;
    }

    Jobs(Requests requests, Spool spool, Dispatch dispatch, JobWatch watch, Claude claude) {
        this.requests = requests;
        this.spool = spool;
        this.dispatch = dispatch;
        this.watch = watch;
        this.claude = claude;
    }

    /**
     * Accepts the consult, and starts it when its turn comes.
     *
     * @throws phoneopus.claude.ClaudeNotFoundException where there is no command to run
     * @throws QueueFullException where too many wait already
     * @throws StateUnavailableException where it cannot be kept
     */
    public JobRequest submit(Consult consult) throws InterruptedException {
        try {
            JobRequest request = requests.freeze(consult);
            dispatch.submit(request).forEach(started -> watch(started.request(), started.run()));
            return request;
        } catch (IOException e) {
            throw StateUnavailableException.notAccepted(e);
        }
    }

    /**
     * Waits for its end, however long that takes.
     *
     * @param seen gets what it is doing, several times a second; null while it waits for its start
     */
    public Ended await(JobRequest request, Consumer<@Nullable Activity> seen)
            throws InterruptedException {
        try {
            while (true) {
                Watched run = watched.get(request.jobId());
                if (run == null) {
                    Optional<Ended> ended = look(request);
                    if (ended.isPresent()) {
                        return ended.get();
                    }
                    seen.accept(null);
                    continue;
                }
                try {
                    return run.ended.get(LOOK_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException _) {
                    seen.accept(run.activity);
                }
            }
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        } catch (ExecutionException e) {
            throw StateUnavailableException.unreadable(
                    e.getCause() instanceof IOException cause
                            ? cause
                            : new IOException(e.getCause()));
        }
    }

    /**
     * Ends it with everything it started, or sees to it that it never starts. One that is over is
     * left as it is.
     */
    public void cancel(JobRequest request) throws InterruptedException {
        try {
            run(request).end(Ending.CANCELLED);
        } catch (IOException e) {
            throw StateUnavailableException.unreadable(e);
        }
    }

    /** Nobody here watches it: it waits, another server has started it, or it is over. */
    private Optional<Ended> look(JobRequest request) throws IOException, InterruptedException {
        Optional<Ended> ended = spool.ended(request.jobId());
        if (ended.isPresent()) {
            return ended;
        }
        startWhatMayStart();
        Run run = run(request);
        if (run.claimed()) {
            watch(request, run);
        } else if (!watched.containsKey(request.jobId())) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return Optional.empty();
    }

    private Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }

    private void startWhatMayStart() throws IOException, InterruptedException {
        dispatch.round().forEach(started -> watch(started.request(), started.run()));
    }

    private void watch(JobRequest request, Run run) {
        Watched fresh = new Watched();
        if (watched.putIfAbsent(request.jobId(), fresh) != null) {
            return;
        }
        var _ =
                watch.watch(request, run, activity -> fresh.activity = activity)
                        .whenComplete((ended, failure) -> {
                            watched.remove(request.jobId());
                            if (failure != null) {
                                fresh.ended.completeExceptionally(failure);
                                return;
                            }
                            fresh.ended.complete(ended);
                            next();
                        });
    }

    /**
     * A place is free: whoever waits for it, in this server or another, need not wait for its next
     * look.
     */
    private void next() {
        try {
            startWhatMayStart();
        } catch (IOException e) {
            log.warn("nothing more is started before the next look: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
