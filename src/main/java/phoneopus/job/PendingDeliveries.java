package phoneopus.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import phoneopus.spool.JobRequest;

/**
 * Answers that are on their way to a caller of this server: a caller that has its answer may ask
 * the same again before it is noted that the answer got there.
 */
final class PendingDeliveries {
    /** What takes longer does not get there: its caller reads no more. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** Several callers may wait for the same answer: each has its own. */
    private final List<Delivery> underWay = new ArrayList<>();

    /** One answer on its way. */
    static final class Delivery {
        private final String digest;
        private final long since = System.nanoTime();

        private Delivery(String digest) {
            this.digest = digest;
        }

        private long left() {
            return LONGEST.toMillis() - (System.nanoTime() - since) / 1_000_000;
        }
    }

    synchronized Delivery begin(JobRequest request) {
        underWay.removeIf(delivery -> delivery.left() <= 0);
        Delivery begun = new Delivery(request.digest());
        underWay.add(begun);
        return begun;
    }

    synchronized void end(Delivery delivery) {
        underWay.remove(delivery);
        notifyAll();
    }

    /** Waits until no answer to that question is on its way. */
    synchronized void awaitEnd(JobRequest request) throws InterruptedException {
        String digest = request.digest();
        for (long left = left(digest); left > 0; left = left(digest)) {
            wait(left);
        }
    }

    private long left(String digest) {
        return underWay.stream()
                .filter(delivery -> delivery.digest.equals(digest))
                .mapToLong(Delivery::left)
                .max()
                .orElse(0);
    }
}
