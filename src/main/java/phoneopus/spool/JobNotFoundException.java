package phoneopus.spool;

/** There is no job with that id. */
public final class JobNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JobNotFoundException(JobId id) {
        super("No job %s: unknown or expired. List jobs with consult_jobs.".formatted(id));
    }
}
