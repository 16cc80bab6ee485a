package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

/** The wire records of a consult that goes on by itself. */
final class SubmittedView {
    private static final List<String> FOLLOW_UP =
            List.of("consult_wait", "consult_job", "consult_jobs", "consult_cancel");

    private SubmittedView() {}

    record Concise(
            String mode,
            JobId jobId,
            JobStatus status,
            boolean done,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean joined,
            @Nullable UUID requestedSessionId,
            @Nullable UUID sessionId,
            String sessionMode,
            boolean promptPrefixInjected,
            List<String> followUpTools) {

        static Concise of(Job job, boolean joined) {
            JobRequest request = job.request();
            return new Concise(
                    "background",
                    job.id(),
                    job.status(),
                    job.status().done(),
                    joined,
                    request.requestedSessionId(),
                    request.sessionId(),
                    request.resumed() ? "resumed" : "new",
                    request.promptPrefixInjected(),
                    FOLLOW_UP);
        }
    }

    record Full(
            @JsonUnwrapped Concise concise,
            String prompt,
            String effectivePrompt,
            String cwd,
            @Nullable Integer maxTurns) {

        static Full of(Job job, boolean joined) {
            JobRequest request = job.request();
            return new Full(
                    Concise.of(job, joined),
                    request.prompt(),
                    request.effectivePrompt(),
                    request.cwd(),
                    request.maxTurns());
        }
    }
}
