package phoneopus.claude;

/** There is no {@code claude} command to run. */
public final class ClaudeNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaudeNotFoundException(String lookedFor, String path) {
        super(
                "Claude Code was not found (looked for `%s` on PATH=%s). Install it with `npm install -g @anthropic-ai/claude-code`, run `claude` once to log in, or set PHONE_OPUS_CLAUDE_BINARY. Do not retry."
                        .formatted(lookedFor, path));
    }
}
