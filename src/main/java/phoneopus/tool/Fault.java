package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.FaultCode;
import phoneopus.spool.JobId;

/**
 * What went wrong, so that a model can act on it.
 *
 * @param message one plain sentence, or what Claude said
 * @param next what to do now
 * @param job the consult that failed, where there is one, with the session that it can be resumed
 *     by
 */
public record Fault(
        FaultCode code, String message, String next, boolean retryable, @Nullable Failed job) {

    /** One that is worth a retry as its code says. */
    Fault(FaultCode code, String message, String next, @Nullable Failed job) {
        this(code, message, next, code.retryable(), job);
    }

    /**
     * The consult that failed.
     *
     * @param sessionId the session to go on with; null where there is none, or going on with it
     *     would fail again
     * @param resetsAt when the limit that it met is lifted; null where that is not known
     */
    public record Failed(JobId jobId, @Nullable UUID sessionId, @Nullable Instant resetsAt) {

        /** From now until the limit is lifted; null where that is not known. */
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

    /** {@code class/code}, as a head line shows it. */
    public String name() {
        return code.kind().word() + "/" + code.word();
    }

    public String sentence() {
        // What is wrong with an argument says what would be right.
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
