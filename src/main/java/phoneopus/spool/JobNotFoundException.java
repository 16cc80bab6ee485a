package phoneopus.spool;

import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/** There is no job with that id. */
public final class JobNotFoundException extends FaultException {
    private static final long serialVersionUID = 1L;

    public JobNotFoundException(JobId id) {
        super(FaultCode.NOT_FOUND, "No job %s: unknown or expired.".formatted(id), "");
    }
}
