package phoneopus.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;

/**
 * A snapshot of a consult, read from its directory.
 *
 * @param mode {@code BACKGROUND} for a promoted consult
 * @param started null before the start
 * @param runnerPid the leader of the run's process session; null before the start, and after the
 *     end because the system reuses pids
 * @param ended null until it is over
 */
public record Job(
        JobRequest request,
        JobMode mode,
        JobStatus status,
        @Nullable Instant started,
        @Nullable Long runnerPid,
        @Nullable Completion ended) {

    public Job {
        if (ended != null) {
            runnerPid = null;
        }
    }

    /** The job without what a list does not need. */
    public Job forLists() {
        return new Job(request.forLists(), mode, status, started, runnerPid, ended);
    }

    public JobId id() {
        return request.jobId();
    }

    /** Null if there is none, or not yet. */
    public @Nullable Answer answer() {
        return ended != null && ended.outcome() instanceof Outcome.Answered(Answer answer)
                ? answer
                : null;
    }

    /** Null until it is over. */
    public @Nullable Instant finished() {
        return ended == null ? null : ended.finished();
    }

    /** The time of its last change of state. */
    public Instant updated() {
        if (ended != null) {
            return ended.finished();
        }
        return started == null ? request.created() : started;
    }
}
