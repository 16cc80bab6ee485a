package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client should start phone-opus.
 *
 * @param command the absolute path of the program, and its arguments
 * @param variables to set for the server in addition to the client's own
 */
public record Launch(List<String> command, Map<String, String> variables) {
    private static final String BINARY = "PHONE_OPUS_CLAUDE_BINARY";

    /**
     * Starts this program as it runs now.
     *
     * @param claude the path of the {@code claude} command; null if there is none
     * @param javaHome the Java for a launcher that does not find one by itself; else null
     */
    public static Launch ofThisProgram(@Nullable Path claude, @Nullable Path javaHome) {
        Map<String, String> variables = new TreeMap<>();
        if (claude != null) {
            variables.put(BINARY, claude.toString());
        }
        if (javaHome != null) {
            variables.put("JAVA_HOME", javaHome.toString());
        }
        return new Launch(ownCommand(), variables);
    }

    /** The launcher of this installation; if there is none, Java and the jar. */
    private static List<String> ownCommand() {
        String installation = System.getProperty("phone-opus.home");
        if (installation != null) {
            Path launcher = Path.of(installation, "bin", "phone-opus").toAbsolutePath();
            if (Files.isExecutable(launcher)) {
                return List.of(launcher.toString());
            }
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = System.getProperty("java.class.path");
        return List.of(java, "-jar", Path.of(jar).toAbsolutePath().normalize().toString());
    }

    /** A command line for a shell that does not have phone-opus on its PATH. */
    static String ownCommandLine(Object... words) {
        return Finding.command(ownCommand().toArray()) + " " + Finding.command(words);
    }

    /**
     * The entry from config/clients with absolute paths, merged into an older entry.
     *
     * @param older an existing entry, whose other properties are kept; null if there is none
     */
    ObjectNode entry(ClientFile client, @Nullable ObjectNode older) {
        ObjectNode wanted = client.template();
        wanted.put("command", command.getFirst());
        List<String> arguments = command.subList(1, command.size());
        if (!arguments.isEmpty() || wanted.has("args") || (older != null && older.has("args"))) {
            ArrayNode args = wanted.putArray("args");
            arguments.forEach(args::add);
        }
        if (!variables.isEmpty()) {
            ObjectNode environment = wanted.withObject("/env");
            variables.forEach(environment::put);
        }
        ObjectNode entry = older == null ? wanted.objectNode() : older.deepCopy();
        wanted.properties()
                .forEach(property -> {
                    if (property.getValue() instanceof ObjectNode inner
                            && entry.get(property.getKey()) instanceof ObjectNode before) {
                        before.setAll(inner);
                    } else {
                        entry.set(property.getKey(), property.getValue());
                    }
                });
        return entry;
    }
}
