package phoneopus.claude;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a consult into a command line. The prompt goes to stdin, where it cannot be read as a flag.
 */
final class Arguments {
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
     * @param session the session to resume, or the id of a new one
     * @param settings the run's own settings file, the only one loaded
     */
    List<String> of(Path binary, Consult consult, UUID session, Path settings) {
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
        add(arguments, "--model", consult.model());
        add(arguments, "--effort", consult.effort() == null ? null : consult.effort().word());
        add(arguments, "--max-turns", consult.maxTurns());
        // UUID prints lower case: the command does not find a session by an upper-case id.
        add(arguments, consult.sessionId() == null ? "--session-id" : "--resume", session);
        arguments.addAll(properties.extraArguments());
        return List.copyOf(arguments);
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        if (value != null) {
            arguments.addAll(List.of(option, value.toString()));
        }
    }

    private List<String> tools() {
        if (!properties.restricted()) {
            return properties.tools();
        }
        return properties.tools().stream().filter(TOOLS_WHEN_RESTRICTED::contains).toList();
    }
}
