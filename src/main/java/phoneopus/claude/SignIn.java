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
 * What signs the user in, carried over from the user's own {@code settings.json}. Nothing else of
 * that file is: its {@code permissions.allow} would widen what the adviser may do, its hooks would
 * run.
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

    /** A rule of Bash is no path but a command, which may start with a slash. */
    private static final Pattern BESIDE_ITS_SETTINGS =
            Pattern.compile("^((?!Bash\\()[A-Za-z]+\\()/(?!/)");

    private final JsonMapper json = new JsonMapper();

    /** The settings of a run, as JSON; an empty object where the user has none. */
    byte[] settings(Map<String, String> environment) {
        ObjectNode kept = json.createObjectNode();
        JsonNode user = read(environment);
        for (String key : KEPT) {
            if (user.has(key)) {
                kept.set(key, user.get(key));
            }
        }
        // The command prefers this env to its own environment, and ours has guards that are not the
        // user's to lift.
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
     * A path with one leading slash is relative to the settings file that it stands in, and ours is
     * elsewhere.
     */
    private static String moved(String rule, Path from) {
        return BESIDE_ITS_SETTINGS
                .matcher(rule)
                .replaceFirst(found ->
                        Matcher.quoteReplacement(
                                found.group(1) + "/" + from.toAbsolutePath() + "/"));
    }

    /** Where the command keeps what it knows of its user. */
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
            log.warn("settings={} unreadable, a sign-in kept there is not carried over", file);
            return json.createObjectNode();
        }
    }
}
