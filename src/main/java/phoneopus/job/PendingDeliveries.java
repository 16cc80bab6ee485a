package phoneopus.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import phoneopus.spool.JobRequest;

/**
 * Answers that are on their way to a caller of this server: a caller that has its answer may ask
 * the same again before it is noted that the answer got there.
 */
final class PendingDeliveries {
    /** What takes longer does not get there: its caller reads no more. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** By the digest of the question, since when. */
    private final Map<String, Long> begun = new HashMap<>();

    synchronized void begin(JobRequest request) {
        begun.values().removeIf(nanos -> left(nanos) <= 0);
        begun.put(request.digest(), System.nanoTime());
    }

    synchronized void end(JobRequest request) {
        begun.remove(request.digest());
        notifyAll();
    }

    /** Waits until no answer to that question is on its way. */
    synchronized void awaitEnd(JobRequest request) throws InterruptedException {
        String digest = request.digest();
        Long since = begun.get(digest);
        while (since != null && left(since) > 0) {
            wait(left(since));
            since = begun.get(digest);
        }
    }

    private static long left(long since) {
        return LONGEST.toMillis() - (System.nanoTime() - since) / 1_000_000;
    }
}
