package phoneopus.claude;

/** What kind of no Claude, or its service, said. */
public enum Refusal {
    NOT_AUTHENTICATED,
    RATE_LIMITED,
    OVERLOADED,
    MAX_TURNS,
    BUDGET_EXCEEDED,
    SESSION_NOT_FOUND,
    CLAUDE_ERROR,
    /** It lacks a flag that we pass. */
    CLAUDE_TOO_OLD,
    /** It ended as if all were well, and said nothing that can be used. */
    BAD_OUTPUT
}
