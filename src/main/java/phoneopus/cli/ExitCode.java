package phoneopus.cli;

/**
 * What a script that calls {@code phone-opus} can tell apart, beside faults: those have their own.
 */
final class ExitCode {
    static final int ANSWERED = 0;
    static final int WRONG_USAGE = 2;
    static final int SET_UP = 3;
    static final int STILL_RUNNING = 4;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
