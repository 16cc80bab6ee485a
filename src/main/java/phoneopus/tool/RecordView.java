package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Effort;
import phoneopus.run.Answer;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import phoneopus.time.UnixMs;
import phoneopus.tool.ConsultView.OriginView;
import tools.jackson.databind.JsonNode;

/** The wire records of a whole job. Field names are those of the contract, in snake case. */
final class RecordView {
    private RecordView() {}

    /** The whole, authoritative record of a job. */
    record Full(
            JobId jobId,
            JobMode mode,
            JobStatus status,
            long createdUnixMs,
            long updatedUnixMs,
            @Nullable Long startedUnixMs,
            @Nullable Long finishedUnixMs,
            @Nullable Long runnerPid,
            Asked request,
            @Nullable UUID sessionId,
            @Nullable String principal,
            boolean promptPrefixInjected,
            @Nullable FullResult result,
            JobView.@Nullable Failure failure) {

        /**
         * The record of the job.
         *
         * @param excerpt the excerpt of its answer; null if it has none
         */
        static Full of(Job job, @Nullable Excerpt excerpt, Excerpt prompt) {
            JobRequest request = job.request();
            return new Full(
                    job.id(),
                    job.mode(),
                    job.status(),
                    request.created().toEpochMilli(),
                    job.updated().toEpochMilli(),
                    UnixMs.of(job.started()),
                    UnixMs.of(job.finished()),
                    job.runnerPid(),
                    new Asked(
                            prompt.text(),
                            prompt.charsWhereCut(),
                            request.consult().cwd(),
                            request.consult().maxTurns(),
                            request.consult().sessionId(),
                            request.consult().model(),
                            request.consult().effort()),
                    request.sessionId(),
                    request.consult().principal(),
                    request.promptPrefixInjected(),
                    FullResult.of(job, excerpt),
                    JobView.Failure.of(job));
        }
    }

    record Asked(
            String prompt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer promptChars,
            String cwd,
            @Nullable Integer maxTurns,
            @Nullable UUID sessionId,
            @Nullable String model,
            @Nullable Effort effort) {}

    record FullResult(
            String cwd,
            String response,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer responseChars,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer nextOffset,
            @Nullable Long durationMs,
            @Nullable Long durationApiMs,
            @Nullable Integer numTurns,
            @Nullable String stopReason,
            @Nullable UUID sessionId,
            @Nullable Double totalCostUsd,
            @Nullable JsonNode usage,
            @Nullable JsonNode modelUsage,
            @Nullable JsonNode permissionDenials,
            @Nullable String fastModeState,
            @Nullable String uuid,
            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonUnwrapped @Nullable OriginView origin) {

        static @Nullable FullResult of(Job job, @Nullable Excerpt excerpt) {
            Answer answer = job.answer();
            if (answer == null || excerpt == null) {
                return null;
            }
            return new FullResult(
                    job.request().consult().cwd(),
                    excerpt.text(),
                    excerpt.charsWhereCut(),
                    excerpt.nextOffset(),
                    answer.durationMs(),
                    answer.durationApiMs(),
                    answer.numTurns(),
                    answer.stopReason(),
                    job.request().sessionAfter(answer),
                    answer.totalCostUsd(),
                    answer.usage(),
                    answer.modelUsage(),
                    answer.permissionDenials(),
                    answer.fastModeState(),
                    answer.uuid(),
                    OriginView.of(answer));
        }
    }
}
