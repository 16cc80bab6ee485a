package phoneopus.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import phoneopus.spool.JobRequest;
import phoneopus.time.Deadline;

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
        private final Deadline failed = Deadline.in(LONGEST);

        private Delivery(String digest) {
            this.digest = digest;
        }
    }

    synchronized Delivery begin(JobRequest request) {
        underWay.removeIf(delivery -> delivery.failed.passed());
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
        for (Duration left = left(digest); left.isPositive(); left = left(digest)) {
            TimeUnit.NANOSECONDS.timedWait(this, left.toNanos());
        }
    }

    private Duration left(String digest) {
        return underWay.stream()
                .filter(delivery -> delivery.digest.equals(digest))
                .map(delivery -> delivery.failed.left())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
