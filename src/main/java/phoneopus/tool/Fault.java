package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.FaultCode;
import phoneopus.spool.JobId;

/**
 * A fault, described so that a model can act on it.
 *
 * @param message a plain sentence, or Claude's own message
 * @param next what to do now
 * @param job the failed consult, with the session to resume; null if there is none
 */
public record Fault(
        FaultCode code, String message, String next, boolean retryable, @Nullable Failed job) {

    /** A fault that is retryable if its code is. */
    Fault(FaultCode code, String message, String next, @Nullable Failed job) {
        this(code, message, next, code.retryable(), job);
    }

    /**
     * A failed consult.
     *
     * @param sessionId the session to resume; null if there is none or resuming it would fail again
     * @param resetsAt when the limit it reached resets; null if unknown
     */
    public record Failed(JobId jobId, @Nullable UUID sessionId, @Nullable Instant resetsAt) {

        /** The seconds until the limit resets; null if unknown. */
        @Nullable Long retryAfterS() {
            return resetsAt == null
                    ? null
                    : (Long)
                            Math.max(
                                    0,
                                    Math.ceilDiv(
                                            resetsAt.toEpochMilli() - System.currentTimeMillis(),
                                            1000));
        }
    }

    /** {@code class/code}, as shown in a head line. */
    public String name() {
        return code.kind().word() + "/" + code.word();
    }

    public String sentence() {
        // The message about an invalid argument already says what would be valid.
        boolean complete = next.isEmpty() || code == FaultCode.INVALID_INPUT;
        return complete ? message : message + " " + next;
    }

    /** The wire record of a fault. */
    record FaultView(
            Inner fault,
            String operation,
            boolean retryable,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JobId jobId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID sessionId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterS) {

        record Inner(
                @JsonProperty("class") String kind, String code, String message, String next) {}

        static FaultView of(Fault fault, String operation) {
            Fault.Failed job = fault.job();
            return new FaultView(
                    new Inner(
                            fault.code().kind().word(),
                            fault.code().word(),
                            fault.message(),
                            fault.next()),
                    operation,
                    fault.retryable(),
                    job == null ? null : job.jobId(),
                    job == null ? null : job.sessionId(),
                    job == null ? null : job.retryAfterS());
        }
    }
}
