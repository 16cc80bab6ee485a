package phoneopus.cli;

import phoneopus.tool.Fault;

/** The exit codes for scripts that call {@code phone-opus}. */
final class ExitCode {
    static final int ANSWERED = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int SET_UP = 3;
    static final int STILL_RUNNING = 4;
    static final int WORTH_A_RETRY = 5;
    static final int TIMED_OUT = 124;
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Fault fault) {
        return switch (fault.code()) {
            case "invalid_input", "not_found" -> WRONG_USAGE;
            case "claude_not_found",
                    "claude_too_old",
                    "not_authenticated",
                    "out_of_credit",
                    "store_unavailable" ->
                    SET_UP;
            case "rate_limited", "overloaded", "queue_full", "too_many_requests" -> WORTH_A_RETRY;
            case "timed_out", "stalled" -> TIMED_OUT;
            default -> FAILED;
        };
    }
}
