package phoneopus.tool;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Answer;
import phoneopus.job.Ended;
import phoneopus.job.JobRequest;

/**
 * Text for a model, and for a person at a terminal: line oriented, summary first, the same for the
 * same facts.
 */
public final class Porcelain {
    private Porcelain() {}

    /** {@code consult ok model=… turns=… duration=… cost=… denied=… session=… job=…} */
    public static String head(JobRequest request, Ended ended, Answer answer) {
        UUID session = answer.sessionId() == null ? request.sessionId() : answer.sessionId();
        return "consult ok model=%s turns=%s duration=%s cost=%s denied=%d session=%s job=%s"
                .formatted(
                        orDash(answer.model()),
                        orDash(answer.numTurns()),
                        duration(answer.durationMs()),
                        cost(ended.consultCostUsd()),
                        answer.denials(),
                        session,
                        request.jobId());
    }

    /**
     * {@code failed code=… retryable=… session=… job=…}, only where a consult was involved, then
     * what to do.
     */
    public static String fault(Fault fault) {
        Fault.Failed job = fault.job();
        if (job == null) {
            return fault.sentence();
        }
        return "failed code=%s retryable=%s session=%s job=%s%n%s"
                .formatted(
                        fault.name(),
                        fault.retryable(),
                        job.sessionId(),
                        job.jobId(),
                        fault.sentence());
    }

    static String answer(JobRequest request, Ended ended, Answer answer, Excerpt excerpt) {
        String text = head(request, ended, answer) + "\n" + excerpt.text();
        if (!excerpt.cut()) {
            return text;
        }
        return text
                + (text.endsWith("\n") ? "" : "\n")
                + "[cut at %d of %d; next: consult_job {\"job_id\":\"%s\",\"offset\":%d}]"
                        .formatted(
                                excerpt.nextOffset(),
                                excerpt.chars(),
                                request.jobId(),
                                excerpt.nextOffset());
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String duration(@Nullable Long ms) {
        return ms == null ? "-" : String.format(Locale.ROOT, "%.1fs", ms / 1000.0);
    }

    private static String cost(@Nullable Double usd) {
        return usd == null ? "-" : String.format(Locale.ROOT, "$%.4f", usd);
    }
}
