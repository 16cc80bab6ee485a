package phoneopus.original;

import phoneopus.spool.JobId;

/** A consult of the original program's that cannot be shown, or ended, as it was asked for. */
public final class OriginalUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private OriginalUnavailableException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** Whether it is worth another try. */
    public boolean passing() {
        return passing;
    }

    static OriginalUnavailableException unreadable(JobId id, String why) {
        return new OriginalUnavailableException(
                "Job %s is one of the original program's, and its file is unreadable: %s. See to mcp/consult_jobs/%s.json of the state directory, or remove it."
                        .formatted(id, why, id),
                false);
    }

    static OriginalUnavailableException stillComing() {
        return new OriginalUnavailableException(
                "The consults of the original program are still being taken over, so that there is no list of all yet. Try again in a moment; consult_job finds each by its id already.",
                true);
    }

    static OriginalUnavailableException notEnded(JobId id, String why) {
        return new OriginalUnavailableException(
                "Job %s runs under the original program and was not ended: %s.".formatted(id, why),
                true);
    }
}
