package phoneopus.claude;

import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;

/** Exceptions that only the command's side makes, for the tests of whoever reports them. */
public final class ClaudeProblems {

    private ClaudeProblems() {}

    public static ClaudeNotFoundException notFound(String lookedFor, String path) {
        return new ClaudeNotFoundException(lookedFor, path);
    }
}
