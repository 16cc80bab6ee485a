package phoneopus.index;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.time.Deadline;

/** Queries the index; retries briefly while another server takes the file over. */
public class JobIndexQueries {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    /** After this time a list is read from the directories instead. */
    private static final Duration LIST_WAIT = Duration.ofSeconds(2);

    /**
     * Nothing else knows a job whose directory is gone; a slow machine may still be opening the
     * index.
     */
    private static final Duration JOB_WAIT = Duration.ofSeconds(10);

    /** After one list has waited in vain, the next ones do not wait for this long. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final JobIndex index;
    private final JobRepository repository;
    private final LongSupplier nanoTime;
    private volatile Deadline silent;

    JobIndexQueries(JobIndex index, JobRepository repository, LongSupplier nanoTime) {
        this.index = index;
        this.repository = repository;
        this.nanoTime = nanoTime;
        this.silent = Deadline.in(Duration.ZERO, nanoTime);
    }

    /**
     * The newest jobs in the index.
     *
     * @throws JobIndexUnavailableException if it does not answer soon
     */
    public List<JobId> newest(JobFilter filter, int most) throws InterruptedException {
        return attemptSoon(LIST_WAIT, () -> ids(filter, most));
    }

    /**
     * A finished job from its row, for a job whose directory is gone.
     *
     * @throws JobIndexUnavailableException if it does not answer soon
     */
    public Optional<Job> ended(JobId id) throws IOException, InterruptedException {
        Optional<JobRow> row = attemptSoon(JOB_WAIT, () -> repository.findById(id.value()));
        return row.isPresent() ? row.get().ended() : Optional.empty();
    }

    private <T> T attemptSoon(Duration patience, Supplier<T> work) throws InterruptedException {
        boolean vain = !index.open() && !silent.passed();
        try {
            return attempt(vain ? AT_ONCE : patience, work);
        } catch (JobIndexUnavailableException e) {
            silent = Deadline.in(SILENCE, nanoTime);
            throw e;
        }
    }

    private List<JobId> ids(JobFilter filter, int most) {
        return repository
                .newest(
                        filter.principal(),
                        filter.status() == null ? null : filter.status().word(),
                        filter.mode() == null ? null : filter.mode().word(),
                        filter.cwd(),
                        most)
                .stream()
                .map(JobId::new)
                .toList();
    }

    /** Jobs that finished before that time, except the newest of all. */
    public List<JobId> past(long before, int kept) throws InterruptedException {
        return attempt(
                LONGEST_WAIT,
                () -> repository.past(before, kept).stream().map(JobId::new).toList());
    }

    public void delete(JobId id) throws InterruptedException {
        attempt(
                LONGEST_WAIT,
                () -> {
                    repository.deleteById(id.value());
                    // Its files are deleted next: a power cut must not bring the row back without
                    // them.
                    repository.sync();
                    return id;
                });
    }

    private <T> T attempt(Duration patience, Supplier<T> work) throws InterruptedException {
        Deadline deadline = Deadline.in(patience, nanoTime);
        index.want();
        RuntimeException last = null;
        do {
            if (index.open()) {
                try {
                    return answerBefore(deadline, work);
                } catch (RuntimeException e) {
                    if (!DatabaseFailure.isTransient(e)) {
                        index.reopen(e);
                    }
                    last = e;
                }
            }
            JobIndex.pause();
        } while (!deadline.passed());
        throw new JobIndexUnavailableException(last);
    }

    /**
     * Runs the work on its own thread: if the server that holds the file is stopped, a call to it
     * never returns.
     */
    private <T> T answerBefore(Deadline deadline, Supplier<T> work) throws InterruptedException {
        FutureTask<T> answer = new FutureTask<>(work::get);
        Thread.ofVirtual().name("index-query").start(answer);
        try {
            return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new JobIndexUnavailableException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException(e.getCause());
        }
    }
}
