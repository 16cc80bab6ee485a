package phoneopus.index;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFiles;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobStatus;
import phoneopus.time.UnixMs;

/**
 * A job in the index: its whole record, and the columns that filter and sort lists.
 *
 * @param request the content of {@code request.json}
 * @param completion the content of {@code outcome.json}; null until the job is over
 */
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
        @Nullable Double consultCostUsd,
        String request,
        @Nullable String completion) {

    private static final int LONGEST_CWD = 4096;
    private static final int LONGEST_MODEL = 255;
    private static final int LONGEST_PRINCIPAL = 255;

    /**
     * The row of a job.
     *
     * @param version the version of the row it replaces; null for a new row
     */
    public static JobRow of(Job job, @Nullable Integer version) {
        Completion ended = job.ended();
        String principal = job.request().consult().principal();
        String model = job.request().consult().model();
        Answer answer =
                ended != null && ended.outcome() instanceof Outcome.Answered answered
                        ? answered.answer()
                        : null;
        return new JobRow(
                job.id().value(),
                version,
                job.mode().word(),
                job.status().word(),
                job.request().created().toEpochMilli(),
                job.updated().toEpochMilli(),
                UnixMs.of(job.started()),
                UnixMs.of(job.finished()),
                job.runnerPid(),
                principal == null ? null : cut(principal, LONGEST_PRINCIPAL),
                cut(job.request().consult().cwd(), LONGEST_CWD),
                job.request().sessionId(),
                model == null ? null : cut(model, LONGEST_MODEL),
                answer == null ? null : answer.numTurns(),
                ended == null ? null : ended.consultCostUsd(),
                JobFiles.json(job.request()),
                ended == null ? null : JobFiles.json(ended));
    }

    /**
     * The job when the row was written; empty if it was not over, since only its directory knows
     * its current state.
     */
    Optional<Job> ended() throws IOException {
        if (completion == null) {
            return Optional.empty();
        }
        Completion ended = JobFiles.completion(completion);
        return Optional.of(
                new Job(
                        JobFiles.request(request),
                        mode.equals(JobMode.SYNC.word()) ? JobMode.SYNC : JobMode.BACKGROUND,
                        JobStatus.of(ended.outcome()),
                        UnixMs.read(startedUnixMs),
                        null,
                        ended));
    }

    /**
     * Cuts a text to the length of its column. None of ours is longer, but one that was would block
     * all others.
     */
    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
