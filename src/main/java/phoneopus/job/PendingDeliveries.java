package phoneopus.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import phoneopus.spool.JobRequest;

/**
 * Answers being delivered to callers of this server. A caller may receive its answer and ask the
 * same again before the delivery is recorded.
 */
final class PendingDeliveries {
    /** A delivery that takes longer has failed: its caller no longer reads. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** The start of each delivery, by the digest of the question. */
    private final Map<String, Long> begun = new HashMap<>();

    synchronized void begin(JobRequest request) {
        begun.values().removeIf(nanos -> left(nanos) <= 0);
        begun.put(request.digest(), System.nanoTime());
    }

    synchronized void end(JobRequest request) {
        begun.remove(request.digest());
        notifyAll();
    }

    /** Waits until no answer to that question is being delivered. */
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
