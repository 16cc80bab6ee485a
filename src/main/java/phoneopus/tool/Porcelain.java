package phoneopus.tool;

import java.util.UUID;
import java.util.stream.Collectors;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;

/**
 * Renders text for models and for people at a terminal: line oriented, summary first, and always
 * the same for the same facts.
 */
public final class Porcelain {
    private Porcelain() {}

    /** {@code consult ok model=… turns=… duration=… cost=… denied=… session=… job=…} */
    public static String head(JobRequest request, Completion ended, Answer answer) {
        UUID session = request.sessionAfter(answer);
        return "consult ok %s denied=%s session=%s job=%s"
                .formatted(
                        facts(answer, ended),
                        answer.denials(),
                        JobDetails.orDash(session),
                        request.jobId());
    }

    /** {@code failed code=… retryable=… session=… job=…} if a consult failed, then what to do. */
    public static String fault(Fault fault) {
        Fault.Failed job = fault.job();
        if (job == null) {
            return fault.sentence();
        }
        return failed(fault, job) + " job=" + job.jobId() + "\n" + fault.sentence();
    }

    /** {@code failed code=… retryable=… session=…} */
    static String failed(Fault fault, Fault.Failed job) {
        String later = job.retryAfterS() == null ? "" : " retry_after_s=" + job.retryAfterS();
        return "failed code=%s retryable=%s session=%s%s"
                .formatted(
                        fault.name(), fault.retryable(), JobDetails.orDash(job.sessionId()), later);
    }

    static String answer(
            JobRequest request,
            Completion ended,
            Answer answer,
            Excerpt excerpt,
            boolean joined,
            boolean full) {
        return head(request, ended, answer)
                + (joined ? " joined" : "")
                + "\n"
                + (full ? JobDetails.of(request) + JobDetails.of(answer) : "")
                + denied(answer)
                + (full || answer.denials() > 0 ? "response:\n" : "")
                + cut(excerpt, request.jobId());
    }

    /** A line for each tool call that was refused, with its line end; usually empty. */
    public static String denied(Answer answer) {
        return JobDetails.denied(answer).stream()
                .map(call -> "denied: " + call + "\n")
                .collect(Collectors.joining());
    }

    static String facts(Answer answer, Completion ended) {
        return "model=%s turns=%s duration=%s cost=%s%s"
                .formatted(
                        JobDetails.orDash(answer.model()),
                        JobDetails.orDash(answer.numTurns()),
                        JobDetails.duration(answer.durationMs()),
                        JobDetails.cost(ended.consultCostUsd()),
                        oddities(answer));
    }

    /** What a caller would not expect of an answer; usually empty. */
    private static String oddities(Answer answer) {
        Answer.Origin origin = answer.origin();
        if (origin == null) {
            return "";
        }
        return (origin.requestedModel() == null
                        ? ""
                        : " requested_model=" + origin.requestedModel())
                + (answer.ofTranscript() ? " result_source=transcript" : "")
                + (origin.laterError() == null ? "" : " error_after_answer=true");
    }

    /** The excerpt and, if it was cut, how to read on. */
    static String cut(Excerpt excerpt, JobId job) {
        if (!excerpt.cut()) {
            return excerpt.text();
        }
        return excerpt.text()
                + (excerpt.text().endsWith("\n") ? "" : "\n")
                + "[cut at %s of %s; next: consult_job {\"job_id\":\"%s\",\"offset\":%s}]"
                        .formatted(
                                excerpt.nextOffset(), excerpt.chars(), job, excerpt.nextOffset());
    }
}
