package phoneopus.job;

import java.io.IOException;
import phoneopus.job.JobQueue.QueueFullException;
import phoneopus.job.JobQueue.TooManyRequestsException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.StateUnavailableException;

/** Exceptions that only the jobs themselves make, for the tests of whoever reports them. */
public final class JobProblems {

    private JobProblems() {}

    public static QueueFullException queueFull(int capacity) {
        return new QueueFullException(capacity);
    }

    public static TooManyRequestsException tooManyRequests(int most) {
        return new TooManyRequestsException(most);
    }

    public static StateUnavailableException notAccepted(IOException cause) {
        return StateUnavailableException.notAccepted(cause);
    }

    public static StateUnavailableException unreadable(JobRequest consult, IOException cause) {
        return StateUnavailableException.unreadable(consult, cause);
    }

    public static StateUnavailableException unreadable(IOException cause) {
        return StateUnavailableException.unreadable(cause);
    }
}
