package phoneopus.tool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Effort;
import phoneopus.files.UserHome;
import phoneopus.job.Consult;
import phoneopus.job.ConsultProperties;
import phoneopus.mcp.InvalidArgumentException;

/** Turns a caller's arguments into a consult and checks the rules that depend on the settings. */
@Component
public class ConsultInput {
    private final ConsultProperties properties;
    private final ClaudeProperties claude;

    ConsultInput(ConsultProperties properties, ClaudeProperties claude) {
        this.properties = properties;
        this.claude = claude;
    }

    /**
     * Checks the arguments.
     *
     * @param root the client's only root; null if there is none
     * @throws InvalidArgumentException if an argument is invalid
     */
    public Consult read(
            String prompt,
            @Nullable String cwd,
            @Nullable Integer maxTurns,
            @Nullable UUID sessionId,
            @Nullable String model,
            @Nullable Effort effort,
            @Nullable Path root) {
        if (prompt.isBlank()) {
            throw new InvalidArgumentException("prompt must not be empty");
        }
        long size = prompt.getBytes(StandardCharsets.UTF_8).length;
        if (size > properties.maxPromptSize().toBytes()) {
            throw new InvalidArgumentException(
                    "prompt must be at most %d bytes of UTF-8, got %d"
                            .formatted(properties.maxPromptSize().toBytes(), size));
        }
        if (model != null && !claude.models().contains(model)) {
            throw new InvalidArgumentException(
                    "model must be one of %s, got %s"
                            .formatted(
                                    String.join(", ", claude.models()),
                                    InvalidArgumentException.quote(model)));
        }
        Path directory = workingDirectory().resolve(cwd, root);
        return new Consult(prompt, directory, maxTurns, sessionId, model, effort, null);
    }

    /** The directory to look up a caller's jobs by. */
    public Path directoryOfJobs(String cwd) {
        return workingDirectory().named(cwd);
    }

    private WorkingDirectory workingDirectory() {
        return new WorkingDirectory(Path.of(""), UserHome.path(), properties.allowedRoots());
    }
}
