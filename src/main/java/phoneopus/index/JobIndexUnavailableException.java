package phoneopus.index;

import org.jspecify.annotations.Nullable;

/** The index does not answer. Consults keep running, and jobs are read from their directories. */
public final class JobIndexUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobIndexUnavailableException(@Nullable Throwable cause) {
        super("The index of jobs does not answer.", cause);
    }
}
