package phoneopus.claude;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import phoneopus.claude.Claude.Question;

/** Question → command line. The prompt is not in it: it goes in on stdin, where no flag is read. */
final class Arguments {
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
}
