package phoneopus.claude;

import java.nio.file.Path;

/** The {@code claude} command lacks what a consult needs of it. */
public final class ClaudeTooOldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaudeTooOldException(Path binary, ClaudeVersion found, ClaudeVersion.Need need) {
        super(
                "Claude Code %s (%s) is too old: phone-opus needs at least %s, %s. Update it with `%s`, then ask again. Do not retry before."
                        .formatted(
                                found,
                                binary,
                                need.atLeast(),
                                need.because(),
                                ClaudeVersion.update(binary)));
    }
}
