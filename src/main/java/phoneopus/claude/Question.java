package phoneopus.claude;

import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Claude is asked, as far as it decides the command line.
 *
 * @param cwd canonical directory that the adviser looks at
 * @param model a name that {@code --model} takes
 * @param maxTurns bound on agentic turns, at least 1; null for none
 * @param sessionId the session to resume, or the id that a new one gets
 */
public record Question(
        Path cwd,
        String model,
        Effort effort,
        @Nullable Integer maxTurns,
        UUID sessionId,
        boolean resumed) {
    public Question {
        if (!cwd.isAbsolute()) {
            throw new IllegalArgumentException("cwd is not absolute: " + cwd);
        }
        if (maxTurns != null && maxTurns < 1) {
            throw new IllegalArgumentException("max_turns is below 1: " + maxTurns);
        }
    }
}
