package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.spool.JobId;

/** The wire record of a fault. */
record FaultView(
        Inner fault,
        String operation,
        boolean retryable,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JobId jobId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID sessionId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterS) {

    record Inner(@JsonProperty("class") String kind, String code, String message, String next) {}

    static FaultView of(Fault fault, String operation) {
        Fault.Failed job = fault.job();
        return new FaultView(
                new Inner(fault.kind().word(), fault.code(), fault.message(), fault.next()),
                operation,
                fault.retryable(),
                job == null ? null : job.jobId(),
                job == null ? null : job.sessionId(),
                job == null ? null : job.retryAfterS());
    }
}
