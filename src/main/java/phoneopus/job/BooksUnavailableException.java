package phoneopus.job;

/** The index does not answer. Consults go on, and jobs are read from their directories. */
final class BooksUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BooksUnavailableException(Throwable cause) {
        super("The index of jobs does not answer.", cause);
    }
}
