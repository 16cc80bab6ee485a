package phoneopus.cli;

/** The exit codes for scripts that call {@code phone-opus}, except those of faults. */
final class ExitCode {
    static final int ANSWERED = 0;
    static final int WRONG_USAGE = 2;
    static final int SET_UP = 3;
    static final int STILL_RUNNING = 4;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
