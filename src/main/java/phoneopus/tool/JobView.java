package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import phoneopus.time.UnixMs;
import phoneopus.tool.ConsultView.OriginView;

/** The wire records of a job. Field names are those of the contract, in snake case. */
final class JobView {
    private JobView() {}

    /**
     * A job and how a caller asked to see it.
     *
     * @param silence the time since its last event; null before the first
     * @param offset the first code point of the answer to return
     * @param retryAfterS the seconds after which to wait again; null unless a wait expired
     */
    record Seen(
            Job job,
            @Nullable Activity activity,
            @Nullable Duration silence,
            int offset,
            @Nullable Integer retryAfterS) {}

    /** What keeps a queued job from starting; null if it is not queued or nothing is known. */
    static @Nullable String waitsFor(Job job, @Nullable Activity activity) {
        return job.status() == JobStatus.QUEUED && activity != null ? activity.line() : null;
    }

    record Summary(
            JobId jobId,
            JobMode mode,
            JobStatus status,
            boolean done,
            boolean succeeded,
            boolean failed,
            long createdUnixMs,
            long updatedUnixMs,
            @Nullable Long startedUnixMs,
            @Nullable Long finishedUnixMs,
            @Nullable Long runnerPid,
            String cwd,
            @Nullable Integer maxTurns,
            @Nullable String model,
            @Nullable UUID requestedSessionId,
            @Nullable UUID sessionId,
            boolean promptPrefixInjected) {

        static Summary of(Job job) {
            JobRequest request = job.request();
            Answer answer = job.answer();
            return new Summary(
                    job.id(),
                    job.mode(),
                    job.status(),
                    job.status().done(),
                    job.status() == JobStatus.SUCCEEDED,
                    job.status() == JobStatus.FAILED,
                    request.created().toEpochMilli(),
                    job.updated().toEpochMilli(),
                    UnixMs.of(job.started()),
                    UnixMs.of(job.finished()),
                    job.runnerPid(),
                    request.consult().cwd(),
                    request.consult().maxTurns(),
                    answer == null || answer.model() == null
                            ? request.consult().model()
                            : answer.model(),
                    request.consult().sessionId(),
                    Faults.session(job),
                    request.promptPrefixInjected());
        }
    }

    /**
     * The wire record of one job.
     *
     * @param waitsFor what keeps a queued job from starting
     * @param retryable null unless it failed
     * @param next what to do now; null if it has its answer
     */
    record Concise(
            @JsonUnwrapped Summary summary,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Doing activity,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String waitsFor,
            @Nullable Result result,
            @Nullable Failure failure,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer retryAfterS,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean retryable,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next) {

        static Concise of(Seen seen, @Nullable Excerpt excerpt) {
            Job job = seen.job();
            Optional<Fault> fault = Faults.of(job, Wording.MCP);
            return new Concise(
                    Summary.of(job),
                    Doing.of(job, seen.activity(), seen.silence()),
                    JobView.waitsFor(job, seen.activity()),
                    Result.of(job, excerpt),
                    Failure.of(job),
                    seen.retryAfterS(),
                    fault.map(Fault::retryable).orElse(null),
                    job.status().done()
                            ? fault.map(Fault::next).orElse(null)
                            : Wording.MCP.waitFor(job.id()));
        }
    }

    /** The current activity of a running Claude. */
    record Doing(
            int turns,
            @Nullable String last,
            @Nullable Double costUsd,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RetryView retry,
            @Nullable Long silentS) {
        /** Null unless it runs and can be seen. */
        static @Nullable Doing of(
                Job job, @Nullable Activity activity, @Nullable Duration silence) {
            if (job.status() != JobStatus.RUNNING || job.request().ofTheOriginal()) {
                return null;
            }
            return new Doing(
                    activity == null ? 0 : activity.turns(),
                    activity == null ? null : activity.last(),
                    activity == null ? null : activity.costUsd(),
                    activity == null || activity.retry() == null
                            ? null
                            : RetryView.of(activity.retry()),
                    silence == null ? null : (Long) silence.toSeconds());
        }
    }

    /**
     * A retry of a request that Claude's service did not answer.
     *
     * @param most the maximum number of Claude's retries
     * @param delayS the seconds until this retry
     */
    record RetryView(int attempt, int most, double delayS, String why) {
        static RetryView of(Activity.Retry retry) {
            return new RetryView(
                    retry.attempt(), retry.most(), retry.delay().toMillis() / 1000.0, retry.why());
        }
    }

    record Result(
            String response,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer responseChars,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer nextOffset,
            @Nullable Long durationMs,
            @Nullable Integer numTurns,
            @Nullable UUID sessionId,
            @Nullable String model,
            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonUnwrapped @Nullable OriginView origin,
            @Nullable Double totalCostUsd,
            @Nullable Double consultCostUsd,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> deniedCalls) {

        static @Nullable Result of(Job job, @Nullable Excerpt excerpt) {
            Answer answer = job.answer();
            Completion ended = job.ended();
            if (answer == null || ended == null || excerpt == null) {
                return null;
            }
            return new Result(
                    excerpt.text(),
                    excerpt.charsWhereCut(),
                    excerpt.nextOffset(),
                    answer.durationMs(),
                    answer.numTurns(),
                    job.request().sessionAfter(answer),
                    answer.model(),
                    OriginView.of(answer),
                    answer.totalCostUsd(),
                    ended.consultCostUsd(),
                    JobDetails.denied(answer));
        }
    }

    record Failure(
            @JsonProperty("class") String kind,
            String code,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterS) {
        static @Nullable Failure of(Job job) {
            return Faults.of(job, Wording.MCP)
                    .map(fault ->
                            new Failure(
                                    fault.code().kind().word(),
                                    fault.code().word(),
                                    fault.message(),
                                    fault.job() == null ? null : fault.job().retryAfterS()))
                    .orElse(null);
        }
    }

    /**
     * The wire record of a list.
     *
     * @param cutToChars the length that prompts and responses are cut to; null if the list has none
     * @param note the source of the list, if it is not the index
     */
    record JobPage(
            List<?> jobs,
            int count,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer cutToChars,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {}
}
