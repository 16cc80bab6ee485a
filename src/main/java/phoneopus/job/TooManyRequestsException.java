package phoneopus.job;

/** A caller has as many consults going as one may have. */
public final class TooManyRequestsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRequestsException(int most) {
        super(
                "You have %d consults that are queued or running, more are not taken. Try again when one has ended."
                        .formatted(most));
    }
}
