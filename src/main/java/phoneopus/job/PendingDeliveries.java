package phoneopus.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import phoneopus.spool.JobRequest;

/**
 * Answers being delivered to callers of this server. A caller may receive its answer and ask the
 * same again before the delivery is recorded.
 */
final class PendingDeliveries {
    /** A delivery that takes longer has failed: its caller no longer reads. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** The deliveries in progress; several callers may wait for the same answer. */
    private final List<Delivery> underWay = new ArrayList<>();

    /** An answer being delivered. */
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

    /** Waits until no answer to that question is being delivered. */
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
