package phoneopus.original;

import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;
import phoneopus.spool.JobId;

/** A consult of the original program cannot be shown or ended. */
public final class OriginalUnavailableException extends FaultException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private OriginalUnavailableException(String problem, String advice, boolean retryable) {
        super(FaultCode.STORE_UNAVAILABLE, problem, advice);
        this.retryable = retryable;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    static OriginalUnavailableException unreadable(JobId id, String why) {
        return new OriginalUnavailableException(
                "Job %s is from the original program, and its file is unreadable: %s."
                        .formatted(id, why),
                "Repair or remove mcp/consult_jobs/%s.json in the state directory.".formatted(id),
                false);
    }

    static OriginalUnavailableException stillComing() {
        return new OriginalUnavailableException(
                "The consults of the original program are still being imported, so there is no complete list yet.",
                "Try again in a moment; consult_job already finds each by its id.",
                true);
    }

    static OriginalUnavailableException notEnded(JobId id, String why) {
        return new OriginalUnavailableException(
                "Job %s runs under the original program and was not ended: %s.".formatted(id, why),
                "Try again, or end it there.",
                true);
    }
}
