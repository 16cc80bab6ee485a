package phoneopus.job;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import phoneopus.files.SharedLock;
import phoneopus.job.Dispatch.Submission;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.time.Deadline;

/**
 * Counts the callers of this server that wait for each job. A caller counts from before the
 * acceptance, so that a server that shuts down between the start of a consult and its wait knows
 * about it.
 */
final class Waiters {
    /** How long a shutdown waits for acceptances in progress. */
    private static final Duration LAST_ACCEPTANCE = Duration.ofSeconds(1);

    private final Map<JobId, Count> counts = new HashMap<>();
    private int submitting;
    private boolean closed;

    private record Count(int expected, int waiting) {
        int all() {
            return expected + waiting;
        }
    }

    /**
     * Begins a submission.
     *
     * @return false if the server is shutting down and accepts nothing more
     */
    synchronized boolean beginSubmission() {
        if (closed) {
            return false;
        }
        submitting++;
        return true;
    }

    /** Counts the caller as waiting during the acceptance, and then for the job that it joined. */
    Submission submit(JobRequest request, SharedLock.Work<Submission> acceptance)
            throws IOException, InterruptedException {
        expect(request.jobId());
        Submission submission = null;
        try {
            submission = acceptance.run();
            return submission;
        } finally {
            if (submission == null || submission.joined()) {
                forget(request.jobId());
            }
            if (submission != null && submission.joined()) {
                expect(submission.request().jobId());
            }
        }
    }

    synchronized void endSubmission() {
        submitting--;
        notifyAll();
    }

    /** Announces a wait, which the next {@link #begin} starts. */
    private synchronized void expect(JobId id) {
        add(id, 1, 0);
    }

    /** Revokes an announced wait. */
    private synchronized void forget(JobId id) {
        add(id, -1, 0);
    }

    synchronized void begin(JobId id) {
        add(id, count(id).expected() > 0 ? -1 : 0, 1);
    }

    synchronized void end(JobId id) {
        add(id, 0, -1);
    }

    synchronized int of(JobId id) {
        return count(id).all();
    }

    /** Accepts no more submissions, and waits briefly for those in progress. */
    synchronized List<JobId> close() {
        closed = true;
        try {
            Deadline.in(LAST_ACCEPTANCE).await(this, () -> submitting == 0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(counts.keySet());
    }

    private Count count(JobId id) {
        return counts.getOrDefault(id, new Count(0, 0));
    }

    private void add(JobId id, int expected, int waiting) {
        Count now = count(id);
        Count then = new Count(now.expected() + expected, now.waiting() + waiting);
        if (then.all() > 0) {
            counts.put(id, then);
        } else {
            counts.remove(id);
        }
    }
}
