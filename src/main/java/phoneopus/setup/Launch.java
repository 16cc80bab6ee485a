package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import phoneopus.claude.ClaudeProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client should start phone-opus.
 *
 * @param command the absolute path of the program, and its arguments
 * @param variables to set for the server in addition to the client's own
 * @param shell the variables of the user's shell that the server needs, too
 */
public record Launch(
        List<String> command, Map<String, String> variables, Map<String, String> shell) {
    private static final Pattern OF_PNPM =
            Pattern.compile("(/node_modules)/\\.pnpm/[^/]+/node_modules(/phone-opus)$");

    private static final Pattern TEMPORARY = Pattern.compile("/_npx/|/dlx(-[^/]*)?/|/bunx-[^/]*/");

    /** Properties and variables of an entry whose values a user may choose. */
    private static final List<String> CHOSEN =
            List.of("timeout", "tool_timeout_sec", ClientCheck.PATIENCE);

    /**
     * Starts this program as it runs now.
     *
     * @param claude the path of the {@code claude} command; null if there is none
     * @param javaHome the Java for a launcher that does not find one by itself; else null
     * @param environment the variables of the user's shell
     */
    public static Launch ofThisProgram(
            @Nullable Path claude,
            @Nullable Path javaHome,
            Map<String, String> environment,
            ClaudeProperties properties) {
        Map<String, String> variables = new TreeMap<>();
        if (claude != null) {
            variables.put(ClaudeCheck.VARIABLE, claude.toString());
        }
        if (javaHome != null) {
            variables.put("JAVA_HOME", javaHome.toString());
        }
        Map<String, String> shell = new TreeMap<>(environment);
        shell.keySet().retainAll(ServerVariables.needed(environment, properties));
        return new Launch(ownCommand(), variables, shell);
    }

    /** The launcher of this installation; if there is none, Java and the jar. */
    public static List<String> ownCommand() {
        String installation = System.getProperty("phone-opus.home");
        if (installation != null) {
            Path launcher =
                    lasting(Path.of(installation)).resolve("bin/phone-opus").toAbsolutePath();
            if (Files.isExecutable(launcher)) {
                return List.of(launcher.toString());
            }
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = System.getProperty("java.class.path");
        return List.of(java, "-jar", Path.of(jar).toAbsolutePath().normalize().toString());
    }

    /** pnpm's folder of a package has the version in its name; a link without it leads there. */
    private static Path lasting(Path installation) {
        Matcher versioned = OF_PNPM.matcher(installation.toString());
        Path link = Path.of(versioned.replaceFirst("$1$2"));
        return Files.isExecutable(link.resolve("bin/phone-opus")) ? link : installation;
    }

    /**
     * Whether this program runs from the cache of npx or the like, which may be deleted at any
     * time.
     */
    public static boolean isTemporary() {
        return TEMPORARY.matcher(System.getProperty("phone-opus.home", "")).find();
    }

    /** Whether the running Java came with this program. */
    static boolean bringsItsJava() {
        String home = System.getProperty("phone-opus.home", "");
        Path java = Path.of(System.getProperty("java.home"));
        return java.endsWith("runtime")
                && (java.startsWith(home) || java.toString().contains("/phone-opus-linux-"));
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
        ObjectNode entry = older == null ? wanted : merged(client, older, wanted);
        ServerVariables.handOn(client.product(), entry, shell, shell.keySet());
        return entry;
    }

    private static ObjectNode merged(ClientFile client, ObjectNode older, ObjectNode wanted) {
        ObjectNode entry = with(older, wanted);
        ObjectNode chosen = older.deepCopy();
        chosen.retain(CHOSEN);
        if (older.path("env") instanceof ObjectNode env) {
            chosen.set("env", env.deepCopy().retain(CHOSEN));
        }
        ObjectNode kept = with(entry, chosen);
        return fits(client, kept) ? kept : entry;
    }

    private static ObjectNode with(ObjectNode older, ObjectNode wanted) {
        ObjectNode entry = older.deepCopy();
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

    /** Whether a call is answered before the client gives it up. */
    private static boolean fits(ClientFile client, ObjectNode entry) {
        String set = entry.path("env").path(ClientCheck.PATIENCE).asString("");
        try {
            Duration patience =
                    set.isBlank() ? client.product().patience() : DurationStyle.detectAndParse(set);
            Optional<Duration> limit = client.limit(entry);
            return limit.isEmpty() || (!patience.isZero() && patience.compareTo(limit.get()) < 0);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** Sentences about values that an install changed, or kept although the default differs. */
    public List<String> changes(ClientFile client, ObjectNode before, ObjectNode after) {
        ObjectNode usual = client.template();
        List<String> said = new ArrayList<>();
        said.addAll(changes(before, after, usual));
        said.addAll(changes(before.path("env"), after.path("env"), usual.path("env")));
        return said;
    }

    private static List<String> changes(JsonNode before, JsonNode after, JsonNode usual) {
        List<String> said = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : before.properties()) {
            String name = property.getKey();
            JsonNode old = property.getValue();
            if (old.isObject()) {
                continue;
            }
            if (!old.equals(after.path(name))) {
                said.add("%s was %s and is now %s".formatted(name, old, after.path(name)));
            } else if (CHOSEN.contains(name) && !old.equals(usual.path(name))) {
                said.add(
                        usual.has(name)
                                ? "%s remains %s (default %s)"
                                        .formatted(name, old, usual.path(name))
                                : "%s remains %s".formatted(name, old));
            }
        }
        return said;
    }
}
