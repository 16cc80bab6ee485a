package phoneopus.index;

/** The index does not answer. Consults keep running, and jobs are read from their directories. */
public final class JobIndexUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobIndexUnavailableException(Throwable cause) {
        super("The index of jobs does not answer.", cause);
    }
}
