package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import tools.jackson.databind.JsonNode;

/** The wire records of a consult. Field names are those of the contract, in snake case. */
final class ConsultView {
    private static final List<String> FOLLOW_UP =
            List.of("consult_wait", "consult_job", "consult_jobs", "consult_cancel");

    private ConsultView() {}

    record Concise(
            String mode,
            JobId jobId,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean joined,
            String response,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer responseChars,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer nextOffset,
            String cwd,
            String sessionMode,
            @Nullable UUID requestedSessionId,
            @Nullable UUID sessionId,
            @Nullable String model,
            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonUnwrapped @Nullable OriginView origin,
            @Nullable Long durationMs,
            @Nullable Integer numTurns,
            @Nullable String stopReason,
            @Nullable Double totalCostUsd,
            @Nullable Double consultCostUsd,
            boolean promptPrefixInjected,
            int permissionDenialCount,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> deniedCalls) {

        static Concise of(
                JobRequest request,
                Completion ended,
                Answer answer,
                Excerpt excerpt,
                boolean joined) {
            return new Concise(
                    "sync",
                    request.jobId(),
                    joined,
                    excerpt.text(),
                    excerpt.charsWhereCut(),
                    excerpt.nextOffset(),
                    request.consult().cwd(),
                    JobDetails.modeOfSession(request),
                    request.consult().sessionId(),
                    request.sessionAfter(answer),
                    answer.model(),
                    OriginView.of(answer),
                    answer.durationMs(),
                    answer.numTurns(),
                    answer.stopReason(),
                    answer.totalCostUsd(),
                    ended.consultCostUsd(),
                    request.promptPrefixInjected(),
                    answer.denials(),
                    JobDetails.denied(answer));
        }
    }

    record Full(
            @JsonUnwrapped Concise concise,
            String prompt,
            String effectivePrompt,
            @Nullable Integer maxTurns,
            @Nullable Long durationApiMs,
            @Nullable JsonNode usage,
            @Nullable JsonNode modelUsage,
            @Nullable JsonNode permissionDenials,
            @Nullable String fastModeState,
            @Nullable String uuid) {

        static Full of(Concise concise, JobRequest request, Answer answer) {
            return new Full(
                    concise,
                    request.consult().prompt(),
                    request.effectivePrompt(),
                    request.consult().maxTurns(),
                    answer.durationApiMs(),
                    answer.usage(),
                    answer.modelUsage(),
                    answer.permissionDenials(),
                    answer.fastModeState(),
                    answer.uuid());
        }
    }

    /** The wire record of a consult that continues in the background. */
    record Submitted(
            String mode,
            JobId jobId,
            JobStatus status,
            boolean done,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean joined,
            @Nullable UUID requestedSessionId,
            @Nullable UUID sessionId,
            String sessionMode,
            boolean promptPrefixInjected,
            List<String> followUpTools,
            @JsonInclude(JsonInclude.Include.NON_NULL) JobView.@Nullable Doing activity,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String waitsFor) {

        static Submitted of(Job job, @Nullable Activity activity, boolean joined) {
            JobRequest request = job.request();
            return new Submitted(
                    "background",
                    job.id(),
                    job.status(),
                    job.status().done(),
                    joined,
                    request.consult().sessionId(),
                    request.sessionId(),
                    JobDetails.modeOfSession(request),
                    request.promptPrefixInjected(),
                    FOLLOW_UP,
                    JobView.Doing.of(job, activity, null),
                    JobView.waitsFor(job, activity));
        }
    }

    record SubmittedInFull(
            @JsonUnwrapped Submitted submitted,
            String prompt,
            String effectivePrompt,
            String cwd,
            @Nullable Integer maxTurns) {

        static SubmittedInFull of(Job job, @Nullable Activity activity, boolean joined) {
            JobRequest request = job.request();
            return new SubmittedInFull(
                    Submitted.of(job, activity, joined),
                    request.consult().prompt(),
                    request.effectivePrompt(),
                    request.consult().cwd(),
                    request.consult().maxTurns());
        }
    }

    /** The wire record of an answer's origin. Fields with the usual value are omitted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OriginView(
            @Nullable String requestedModel,
            Answer.@Nullable Source resultSource,
            @Nullable String apiKeySource,
            @Nullable String errorAfterAnswer) {

        /** The command's word for an account that no environment variable sets. */
        private static final String LOGIN = "none";

        static @Nullable OriginView of(Answer answer) {
            Answer.Origin origin = answer.origin();
            return origin == null
                    ? null
                    : new OriginView(
                            origin.requestedModel(),
                            answer.ofTranscript() ? origin.source() : null,
                            LOGIN.equals(origin.apiKeySource()) ? null : origin.apiKeySource(),
                            origin.laterError());
        }
    }
}
