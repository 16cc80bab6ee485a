package phoneopus.original;

/** Exceptions that only the import makes, for the tests of whoever reports them. */
public final class OriginalProblems {

    private OriginalProblems() {}

    public static OriginalUnavailableException stillComing() {
        return OriginalUnavailableException.stillComing();
    }
}
