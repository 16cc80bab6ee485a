package phoneopus.job;

/** The books do not answer. Consults go on, and a job is still read by its id. */
public final class BooksUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BooksUnavailableException(Throwable cause) {
        super(
                "The list of jobs cannot be read at the moment. Consults go on, and a job is still read by its id with consult_job. Try again in a minute.",
                cause);
    }
}
