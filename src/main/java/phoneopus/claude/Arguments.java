package phoneopus.claude;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a question into a command line. The prompt goes to stdin, where it cannot be read as a
 * flag.
 */
public final class Arguments {
    private static final List<String> TOOLS_WHEN_RESTRICTED = List.of("Read", "Grep", "Glob");

    /** The options a consult may use, apart from those in the settings. */
    private static final Set<String> OPTIONS =
            Set.of(
                    "--output-format",
                    "--verbose",
                    "--strict-mcp-config",
                    "--setting-sources",
                    "--settings",
                    "--disable-slash-commands",
                    "--permission-mode",
                    "--restricted",
                    "--tools",
                    "--model",
                    "--effort",
                    "--max-turns",
                    "--resume",
                    "--session-id");

    private final ClaudeProperties properties;

    Arguments(ClaudeProperties properties) {
        this.properties = properties;
    }

    /** Whether a consult uses that option. A command that does not know it is too old. */
    static boolean passes(String option) {
        return OPTIONS.contains(option);
    }

    /**
     * @param binary the {@code claude} command
     * @param settings the run's own settings file, the only one loaded
     */
    List<String> of(Path binary, Question question, Path settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add(binary.toString());
        arguments.addAll(List.of("-p", "--output-format", "stream-json", "--verbose"));
        // In print mode, the hooks and MCP servers of an untrusted repository would run.
        arguments.addAll(
                List.of(
                        "--strict-mcp-config",
                        "--setting-sources=",
                        "--settings",
                        settings.toString()));
        arguments.add("--disable-slash-commands");
        arguments.addAll(List.of("--permission-mode", properties.permissionMode()));
        if (properties.restricted()) {
            arguments.add("--restricted");
        }
        // With "=": a variadic flag would take the next word too.
        arguments.add("--tools=" + String.join(",", tools()));
        arguments.addAll(
                List.of("--model", question.model(), "--effort", question.effort().word()));
        if (question.maxTurns() != null) {
            arguments.addAll(List.of("--max-turns", question.maxTurns().toString()));
        }
        // UUID prints lower case: the command does not find a session by an upper-case id.
        arguments.addAll(
                List.of(
                        question.resumed() ? "--resume" : "--session-id",
                        question.sessionId().toString()));
        arguments.addAll(properties.extraArguments());
        return List.copyOf(arguments);
    }

    private List<String> tools() {
        if (!properties.restricted()) {
            return properties.tools();
        }
        return properties.tools().stream().filter(TOOLS_WHEN_RESTRICTED::contains).toList();
    }

    /**
     * The parts of a question that determine the command line.
     *
     * @param cwd the canonical directory the consult is about
     * @param model a name that {@code --model} accepts
     * @param maxTurns the maximum number of agentic turns, at least 1; null for no limit
     * @param sessionId the session to resume, or the id of a new one
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
}
