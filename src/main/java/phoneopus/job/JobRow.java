package phoneopus.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import phoneopus.claude.Answer;
import phoneopus.claude.Outcome;

/** A job in the books: what lists are filtered and sorted by, and what it cost. */
record JobRow(
        @Id UUID jobId,
        @Version @Nullable Integer version,
        String mode,
        String status,
        long createdUnixMs,
        long updatedUnixMs,
        @Nullable Long startedUnixMs,
        @Nullable Long finishedUnixMs,
        @Nullable Long runnerPid,
        @Nullable String principal,
        String cwd,
        UUID sessionId,
        String model,
        @Nullable Integer numTurns,
        @Nullable Double consultCostUsd) {

    /**
     * @param version of the row that it replaces; null for a new one
     */
    static JobRow of(Job job, @Nullable Integer version) {
        Ended ended = job.ended();
        Answer answer =
                ended != null && ended.outcome() instanceof Outcome.Answered answered
                        ? answered.answer()
                        : null;
        return new JobRow(
                job.id().value(),
                version,
                job.mode().word(),
                job.status().word(),
                job.request().createdUnixMs(),
                job.updatedUnixMs(),
                job.startedUnixMs(),
                ended == null ? null : (Long) ended.finishedUnixMs(),
                job.runnerPid(),
                job.request().principal(),
                job.request().cwd(),
                job.request().sessionId(),
                job.request().model(),
                answer == null ? null : answer.numTurns(),
                ended == null ? null : ended.consultCostUsd());
    }
}
