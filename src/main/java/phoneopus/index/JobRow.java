package phoneopus.index;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;

/** A job in the index: what lists are filtered and sorted by, and what it cost. */
public record JobRow(
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
        @Nullable UUID sessionId,
        @Nullable String model,
        @Nullable Integer numTurns,
        @Nullable Double consultCostUsd) {

    private static final int LONGEST_CWD = 4096;
    private static final int LONGEST_MODEL = 255;

    /**
     * The row of a job.
     *
     * @param version of the row that it replaces; null for a new one
     */
    public static JobRow of(Job job, @Nullable Integer version) {
        Completion ended = job.ended();
        String model = job.request().model();
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
                cut(job.request().cwd(), LONGEST_CWD),
                job.request().sessionId(),
                model == null ? null : cut(model, LONGEST_MODEL),
                answer == null ? null : answer.numTurns(),
                ended == null ? null : ended.consultCostUsd());
    }

    /** What is longer than its column, which nothing of ours is, would keep all others waiting. */
    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
