package phoneopus.run;

/** What kind of no Claude, or its service, said. */
public enum Refusal {
    NOT_AUTHENTICATED,
    RATE_LIMITED,
    OVERLOADED,
    MAX_TURNS,
    BUDGET_EXCEEDED,
    SESSION_NOT_FOUND,
    /** The account that pays has no credit left. */
    OUT_OF_CREDIT,
    /** The request itself is wrong (an image, a model, its size): no retry and no resume helps. */
    INVALID_REQUEST,
    /** The command does not know an option that phone-opus needs. */
    CLAUDE_TOO_OLD,
    CLAUDE_ERROR,
    /** It ended as if all were well, and said nothing that can be used. */
    BAD_OUTPUT;

    /** Each of them is a fault of the same name. */
    FaultCode code() {
        return FaultCode.valueOf(name());
    }
}
