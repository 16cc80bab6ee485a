package phoneopus.job;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import phoneopus.files.LockHeldException;
import phoneopus.run.Activity;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;
import phoneopus.time.Deadline;

/** A caller's wait for a job. */
final class JobWait {
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Activity ELSEWHERE =
            new Activity(0, "running in the original program", null);

    private final JobRequest request;
    private final JobSupervisor supervisor;
    private final JobStore store;
    private final @Nullable Deadline deadline;

    /**
     * Starts the wait now.
     *
     * @param patience null to wait forever
     */
    JobWait(
            JobRequest request,
            JobSupervisor supervisor,
            JobStore store,
            @Nullable Duration patience) {
        this.request = request;
        this.supervisor = supervisor;
        this.store = store;
        this.deadline = patience == null ? null : Deadline.in(patience);
    }

    boolean expired() {
        return deadline != null && deadline.passed();
    }

    /** Waits for a fraction of a second, or until the job ends. */
    Optional<Completion> look(Consumer<@Nullable Activity> seen)
            throws IOException, InterruptedException {
        Optional<JobSupervisor.Watched> watched = supervisor.watched(request.jobId());
        if (watched.isPresent()) {
            return look(watched.get(), seen);
        }
        // A job that is not claimed cannot have ended; checking only that keeps a long queue of
        // waiters cheap.
        Optional<Completion> ended =
                request.ofTheOriginal() || supervisor.claimed(request)
                        ? store.settled(request)
                        : Optional.empty();
        if (ended.isPresent()) {
            return ended;
        }
        if (!request.ofTheOriginal()) {
            try {
                supervisor.attend(request);
            } catch (LockHeldException e) {
                seen.accept(new Activity(0, e.getReason(), null));
            }
        }
        if (supervisor.watched(request.jobId()).isEmpty()) {
            seen.accept(request.ofTheOriginal() ? ELSEWHERE : supervisor.activity(request));
            Thread.sleep(pause());
        }
        return Optional.empty();
    }

    private Optional<Completion> look(
            JobSupervisor.Watched watched, Consumer<@Nullable Activity> seen)
            throws IOException, InterruptedException {
        try {
            return Optional.of(watched.ended().get(pause().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            seen.accept(watched.activity());
            return Optional.empty();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private Duration pause() {
        return deadline == null || deadline.left().compareTo(LOOK) > 0 ? LOOK : deadline.left();
    }
}
