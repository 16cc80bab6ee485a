package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client is to start us.
 *
 * @param command absolute, and its arguments
 * @param variables that the server is to have beside those of its client
 */
public record Launch(List<String> command, Map<String, String> variables) {
    private static final String BINARY = "PHONE_OPUS_CLAUDE_BINARY";

    /**
     * This program as it runs now.
     *
     * @param claude where the {@code claude} command is; null where there is none
     * @param javaHome where Java is, for a launcher that does not find one by itself; else null
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

    /** The launcher of this installation; without one Java and the jar. */
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

    /** The same for a shell, which need not have it on its PATH. */
    static String ownCommandLine(Object... words) {
        return Finding.command(ownCommand().toArray()) + " " + Finding.command(words);
    }

    /**
     * The entry of config/clients with absolute paths, on top of an older one.
     *
     * @param older what it says beside stays
     */
    ObjectNode entry(ClientFile client, Optional<ObjectNode> older) {
        ObjectNode wanted = client.template();
        wanted.put("command", command.getFirst());
        List<String> arguments = command.subList(1, command.size());
        if (!arguments.isEmpty()
                || wanted.has("args")
                || older.filter(it -> it.has("args")).isPresent()) {
            ArrayNode args = wanted.putArray("args");
            arguments.forEach(args::add);
        }
        if (!variables.isEmpty()) {
            ObjectNode environment = wanted.withObject("/env");
            variables.forEach(environment::put);
        }
        ObjectNode entry = older.map(ObjectNode::deepCopy).orElseGet(wanted::objectNode);
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
