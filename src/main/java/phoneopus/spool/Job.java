package phoneopus.spool;

import org.jspecify.annotations.Nullable;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;

/**
 * A consult as its directory shows it at one moment.
 *
 * @param mode a promoted consult counts as background
 * @param startedUnixMs null before the start
 * @param runnerPid leader of the run's process session; null before the start, and once it is over:
 *     the system gives its number to another process
 * @param ended null while it is not over
 */
public record Job(
        JobRequest request,
        JobMode mode,
        JobStatus status,
        @Nullable Long startedUnixMs,
        @Nullable Long runnerPid,
        @Nullable Completion ended) {

    public Job {
        if (ended != null) {
            runnerPid = null;
        }
    }

    /** As a list needs it. */
    public Job forLists() {
        return new Job(request.forLists(), mode, status, startedUnixMs, runnerPid, ended);
    }

    public JobId id() {
        return request.jobId();
    }

    /** Null where there is none, or none yet. */
    public @Nullable Answer answer() {
        return ended != null && ended.outcome() instanceof Outcome.Answered(Answer answer)
                ? answer
                : null;
    }

    /** Null while it is not over. */
    public @Nullable Long finishedUnixMs() {
        return ended == null ? null : (Long) ended.finishedUnixMs();
    }

    /** When it last went from one state to the next. */
    public long updatedUnixMs() {
        if (ended != null) {
            return ended.finishedUnixMs();
        }
        return startedUnixMs == null ? request.createdUnixMs() : startedUnixMs;
    }
}
