package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.files.UserHome;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The user's sign-in and deny rules from {@code settings.json}. Nothing else in that file is used:
 * its {@code permissions.allow} would extend what the adviser may do, and its hooks would run.
 */
final class SignIn {
    private static final Logger log = LoggerFactory.getLogger(SignIn.class);

    private static final List<String> KEPT =
            List.of(
                    "env",
                    "apiKeyHelper",
                    "awsAuthRefresh",
                    "awsCredentialExport",
                    "forceLoginMethod");

    /** A Bash rule is a command, not a path, and may start with a slash. */
    private static final Pattern BESIDE_ITS_SETTINGS =
            Pattern.compile("^((?!Bash\\()[A-Za-z]+\\()/(?!/)");

    private final JsonMapper json = new JsonMapper();

    /** The settings of a run as JSON; an empty object if the user has none. */
    byte[] settings(Map<String, String> environment) {
        ObjectNode kept = json.createObjectNode();
        JsonNode user = read(environment);
        for (String key : KEPT) {
            if (user.has(key)) {
                kept.set(key, user.get(key));
            }
        }
        // For the command, this env takes precedence over its environment, which contains our
        // guards.
        if (kept.get("env") instanceof ObjectNode env) {
            env.remove(ChildEnvironment.GUARDS.keySet());
            env.remove(
                    env.propertyNames().stream()
                            .filter(name -> name.startsWith("GIT_CONFIG_"))
                            .toList());
        }
        JsonNode deny = user.path("permissions").path("deny");
        if (deny.isArray()) {
            ArrayNode rules = kept.putObject("permissions").putArray("deny");
            deny.forEach(rule -> rules.add(moved(rule.stringValue(""), directory(environment))));
        }
        return json.writeValueAsBytes(kept);
    }

    /**
     * Adapts a path with one leading slash: it is relative to its settings file, and ours is
     * elsewhere.
     */
    private static String moved(String rule, Path from) {
        return BESIDE_ITS_SETTINGS
                .matcher(rule)
                .replaceFirst(found ->
                        Matcher.quoteReplacement(
                                found.group(1) + "/" + from.toAbsolutePath() + "/"));
    }

    /** The command's configuration directory. */
    static Path directory(Map<String, String> environment) {
        String configured = environment.get("CLAUDE_CONFIG_DIR");
        return configured != null && !configured.isBlank()
                ? Path.of(configured)
                : UserHome.of(environment).resolve(".claude");
    }

    private JsonNode read(Map<String, String> environment) {
        Path file = directory(environment).resolve("settings.json");
        if (!Files.isRegularFile(file)) {
            return json.createObjectNode();
        }
        try {
            return json.readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException e) {
            log.warn("settings={} unreadable, a sign-in stored there is not used", file);
            return json.createObjectNode();
        }
    }
}
