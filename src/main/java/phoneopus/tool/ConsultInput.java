package phoneopus.tool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Consult;
import phoneopus.files.UserHome;
import phoneopus.job.ConsultProperties;
import phoneopus.mcp.InvalidArgumentException;

/** Checks a caller's consult by the rules that depend on the settings. */
@Component
public class ConsultInput {
    private final ConsultProperties properties;
    private final ClaudeProperties claude;

    ConsultInput(ConsultProperties properties, ClaudeProperties claude) {
        this.properties = properties;
        this.claude = claude;
    }

    /**
     * The directory of a consult.
     *
     * @param root the client's only root; null if there is none
     * @throws InvalidArgumentException if it does not exist or is not allowed
     */
    public String directory(@Nullable String cwd, @Nullable Path root) {
        return workingDirectory().resolve(cwd, root).toString();
    }

    /**
     * The model of a consult, as the settings spell it.
     *
     * @throws InvalidArgumentException if the settings do not offer it
     */
    public @Nullable String model(@Nullable String given) {
        if (given == null) {
            return null;
        }
        return claude.models().stream()
                .filter(given::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() ->
                        new InvalidArgumentException(
                                "model must be one of %s, got %s"
                                        .formatted(
                                                String.join(", ", claude.models()),
                                                InvalidArgumentException.quote(given))));
    }

    /**
     * Checks the rest of a consult.
     *
     * @throws InvalidArgumentException if an argument is invalid
     */
    public void check(Consult consult) {
        if (consult.prompt().isBlank()) {
            throw new InvalidArgumentException("prompt must not be empty");
        }
        long size = consult.prompt().getBytes(StandardCharsets.UTF_8).length;
        if (size > properties.maxPromptSize().toBytes()) {
            throw new InvalidArgumentException(
                    "prompt must be at most %d bytes of UTF-8, got %d"
                            .formatted(properties.maxPromptSize().toBytes(), size));
        }
        Integer turns = consult.maxTurns();
        if (turns != null && turns < 1) {
            throw new InvalidArgumentException("max_turns must be at least 1, got `" + turns + "`");
        }
    }

    /** The directory to look up a caller's jobs by. */
    public Path directoryOfJobs(String cwd) {
        return workingDirectory().named(cwd);
    }

    private WorkingDirectory workingDirectory() {
        return new WorkingDirectory(Path.of(""), UserHome.path(), properties.allowedRoots());
    }
}
