package phoneopus.setup;

import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;
import phoneopus.files.UserHome;
import phoneopus.job.KnownClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which variables of the user's shell a server gets from its client; sources in docs/clients.md.
 */
final class ServerVariables {
    private static final String NAMES = "env_vars";
    private static final String OURS = "PHONE_OPUS_";

    /** Our variables that an entry contains with their values, or that are for our own scripts. */
    private static final Set<String> NOT_HANDED_ON =
            Set.of(ClaudeCheck.VARIABLE, ClientCheck.PATIENCE, "PHONE_OPUS_WARM");

    private static final Set<String> PASSED_BY_CODEX =
            Set.of(
                    "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ",
                    "USER");

    /** Names that Gemini CLI takes for secrets, or for those of other services. */
    private static final Pattern KEPT_BACK_BY_GEMINI =
            Pattern.compile(
                    "(?i).*(TOKEN|SECRET|PASSWORD|PASSWD|KEY|AUTH|CREDENTIAL|CREDS|PRIVATE|CERT).*"
                            + "|AWS_DEFAULT_REGION|AZURE_(CLIENT|TENANT)_ID|GOOGLE_CLOUD_(PROJECT|ACCOUNT)");

    /** A user name and a password in an address, as proxies have them. */
    private static final Pattern PASSWORD_IN_ADDRESS = Pattern.compile("[a-z]+://[^/@]*:[^/@]+@.*");

    private ServerVariables() {}

    /** Whether it is a program of the terminal, which has the variables of a shell. */
    static boolean inTerminal(KnownClient client) {
        return client == KnownClient.CODEX
                || client == KnownClient.CLAUDE_CODE
                || client == KnownClient.GEMINI_CLI;
    }

    /** The environment of a program that the same user starts from the desktop. */
    static Map<String, String> ofDesktop(Map<String, String> shell) {
        Map<String, String> desktop = new TreeMap<>();
        desktop.put("PATH", "/usr/bin:/bin");
        desktop.put("HOME", UserHome.of(shell).toString());
        return desktop;
    }

    /** The variables of that shell that a server needs and not every program has. */
    static NavigableSet<String> needed(Map<String, String> shell, ClaudeProperties properties) {
        NavigableSet<String> names =
                new TreeSet<>(Credentials.seenFrom(shell, properties).variables());
        shell.keySet().stream()
                .filter(name -> name.startsWith(OURS) && !NOT_HANDED_ON.contains(name))
                .forEach(names::add);
        return names;
    }

    /** Makes the client hand these variables on; the entry contains no value of them. */
    static void handOn(
            KnownClient client, ObjectNode entry, Map<String, String> shell, Set<String> names) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(ofServer(client, shell, entry).keySet());
        if (missing.isEmpty()) {
            return;
        }
        if (client == KnownClient.CODEX) {
            ArrayNode list = entry.withArray("/" + NAMES);
            missing.forEach(list::add);
        } else if (client == KnownClient.GEMINI_CLI) {
            ObjectNode env = entry.withObject("/env");
            missing.forEach(name -> env.put(name, "$" + name));
        }
    }

    /**
     * The environment of a server that the client starts, if the client itself is started in that
     * shell, or from the desktop if it is a desktop program.
     */
    static Map<String, String> ofServer(
            KnownClient client, Map<String, String> shell, JsonNode entry) {
        Map<String, String> server = new TreeMap<>(shell);
        if (!inTerminal(client)) {
            server = ofDesktop(shell);
        }
        Collection<String> named =
                entry.path(NAMES).valueStream().map(ServerVariables::name).toList();
        server.entrySet()
                .removeIf(variable ->
                        !named.contains(variable.getKey())
                                && !passes(client, variable.getKey(), variable.getValue()));
        for (Map.Entry<String, JsonNode> set : entry.path("env").properties()) {
            String value = set.getValue().asString("");
            String own = shell.get(value.startsWith("$") ? value.replaceAll("[${}]", "") : "");
            server.put(set.getKey(), client == KnownClient.GEMINI_CLI && own != null ? own : value);
        }
        return server;
    }

    /** Codex also accepts an object with a name and its source. */
    private static String name(JsonNode named) {
        return named.isObject() ? named.path("name").asString("") : named.asString("");
    }

    private static boolean passes(KnownClient client, String name, String value) {
        return switch (client) {
            case CODEX -> PASSED_BY_CODEX.contains(name);
            case GEMINI_CLI ->
                    !KEPT_BACK_BY_GEMINI.matcher(name).matches()
                            && !PASSWORD_IN_ADDRESS.matcher(value).lookingAt();
            case CLAUDE_CODE, CURSOR, VSCODE, CLAUDE_DESKTOP -> true;
        };
    }
}
