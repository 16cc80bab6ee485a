package phoneopus.job;

/** As many consults wait as may wait. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QueueFullException(int capacity) {
        super(
                "%d consults wait already, no more are taken. Try again when one has ended."
                        .formatted(capacity));
    }
}
