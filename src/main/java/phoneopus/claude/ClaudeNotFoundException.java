package phoneopus.claude;

import java.util.List;

/** There is no {@code claude} command to run. */
public final class ClaudeNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaudeNotFoundException(String lookedFor, String path) {
        this(lookedFor, path, List.of());
    }

    /**
     * @param passedOver files that lie where it is looked for, and cannot be run
     */
    ClaudeNotFoundException(
            String lookedFor, String path, List<ClaudeInstallation.PassedOver> passedOver) {
        super(
                "Claude Code was not found (looked for `%s` on PATH=%s%s). Install it with `npm install -g @anthropic-ai/claude-code`, run `claude` once to log in, or set PHONE_OPUS_CLAUDE_BINARY. Do not retry."
                        .formatted(
                                lookedFor,
                                path,
                                passedOver.isEmpty()
                                        ? ""
                                        : "; passed over " + passedOver.getFirst()));
    }
}
