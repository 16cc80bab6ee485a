package phoneopus.run;

import java.util.Locale;

/**
 * Why a call or a consult has no answer, see docs/tools.md. Each constant has the words for
 * clients, terminal and metrics.
 */
public enum FaultCode {
    INVALID_INPUT(Kind.PROTOCOL, false, 2),
    NOT_FOUND(Kind.PROTOCOL, false, 2),
    CLAUDE_NOT_FOUND(Kind.PROCESS, false, 3),
    CLAUDE_TOO_OLD(Kind.PROCESS, false, 3),
    SPAWN_FAILED(Kind.PROCESS, false, 1),
    INTERRUPTED(Kind.PROCESS, true, 1),
    NOT_AUTHENTICATED(Kind.DOWNSTREAM, false, 3),
    RATE_LIMITED(Kind.DOWNSTREAM, true, 5),
    OVERLOADED(Kind.DOWNSTREAM, true, 5),
    OUT_OF_CREDIT(Kind.DOWNSTREAM, false, 3),
    INVALID_REQUEST(Kind.DOWNSTREAM, false, 1),
    MAX_TURNS(Kind.DOWNSTREAM, false, 1),
    BUDGET_EXCEEDED(Kind.DOWNSTREAM, false, 1),
    SESSION_NOT_FOUND(Kind.DOWNSTREAM, false, 1),
    CLAUDE_ERROR(Kind.DOWNSTREAM, false, 1),
    BAD_OUTPUT(Kind.DOWNSTREAM, false, 1),
    TIMED_OUT(Kind.TIMEOUT, false, 124),
    STALLED(Kind.TIMEOUT, true, 124),
    QUEUE_FULL(Kind.RESOURCE, true, 5),
    TOO_MANY_REQUESTS(Kind.RESOURCE, true, 5),
    STORE_UNAVAILABLE(Kind.RESOURCE, true, 3),
    INTERNAL(Kind.INVARIANT, false, 1);

    private final Kind kind;
    private final boolean retryable;
    private final int exitCode;

    FaultCode(Kind kind, boolean retryable, int exitCode) {
        this.kind = kind;
        this.retryable = retryable;
        this.exitCode = exitCode;
    }

    /** Where the fault is. */
    public enum Kind {
        PROTOCOL,
        PROCESS,
        DOWNSTREAM,
        TIMEOUT,
        RESOURCE,
        INVARIANT;

        /** The name for clients. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Kind kind() {
        return kind;
    }

    /** Whether retrying helps, unless the single case says otherwise. */
    public boolean retryable() {
        return retryable;
    }

    /** The exit code of a command at a terminal. */
    public int exitCode() {
        return exitCode;
    }

    /** The name for clients and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
