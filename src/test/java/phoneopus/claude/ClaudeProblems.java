package phoneopus.claude;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;

/** Exceptions that only the command's side makes, for the tests of whoever reports them. */
public final class ClaudeProblems {

    private ClaudeProblems() {}

    public static ClaudeNotFoundException notFound(String configured) {
        return new ClaudeNotFoundException(configured, List.of());
    }

    /** What a consult gets where the command says that version. */
    public static ClaudeTooOldException tooOld(Path binary, String version) {
        var found = ClaudeVersion.of(version + " (Claude Code)").orElseThrow();
        var need = found.lacks(HandMade.properties(Map.of())).orElseThrow();
        return new ClaudeTooOldException(binary, found, need);
    }
}
