package phoneopus.run;

/** Why Claude or its service refused. */
public enum Refusal {
    NOT_AUTHENTICATED,
    RATE_LIMITED,
    OVERLOADED,
    MAX_TURNS,
    BUDGET_EXCEEDED,
    SESSION_NOT_FOUND,
    /** The account that pays has no credit left. */
    OUT_OF_CREDIT,
    /**
     * The request itself is invalid (an image, a model, its size): neither a retry nor a resume
     * helps.
     */
    INVALID_REQUEST,
    /** The command lacks an option that phone-opus needs. */
    CLAUDE_TOO_OLD,
    CLAUDE_ERROR,
    /** It ended normally but printed nothing usable. */
    BAD_OUTPUT;

    /** The fault code, which has the same name. */
    FaultCode code() {
        return FaultCode.valueOf(name());
    }
}
