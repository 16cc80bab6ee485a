package phoneopus.claude;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Question → command line. The prompt is not in it: it goes in on stdin, where no flag is read. */
public final class Arguments {
    private static final List<String> TOOLS_WHEN_RESTRICTED = List.of("Read", "Grep", "Glob");

    /** Those that a consult may have, whatever the settings add. */
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

    /** Whether a consult is asked with that option: a command that does not know it is too old. */
    static boolean passes(String option) {
        return OPTIONS.contains(option);
    }

    /**
     * @param binary the {@code claude} command
     * @param settings the run's own settings file, the only one that is loaded
     */
    List<String> of(Path binary, Question question, Path settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add(binary.toString());
        arguments.addAll(List.of("-p", "--output-format", "stream-json", "--verbose"));
        // Print mode would run the hooks and MCP servers of an untrusted repository.
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
        // With "=", since a variadic flag swallows the word after it.
        arguments.add("--tools=" + String.join(",", tools()));
        arguments.addAll(
                List.of("--model", question.model(), "--effort", question.effort().word()));
        if (question.maxTurns() != null) {
            arguments.addAll(List.of("--max-turns", question.maxTurns().toString()));
        }
        // Lower case, as UUID prints it: the command does not find a session by its upper-case id.
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
}
