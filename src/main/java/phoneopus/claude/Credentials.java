package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The credentials a run would use, according to variables and files. Only a request could tell
 * whether they are still valid, unless a file says when they end.
 */
public final class Credentials {
    /** Variables that take precedence over any login, in the command's order. */
    private static final List<String> BEFORE_A_LOGIN =
            List.of(
                    "CLAUDE_CODE_USE_BEDROCK",
                    "CLAUDE_CODE_USE_VERTEX",
                    "CLAUDE_CODE_USE_FOUNDRY",
                    "CLAUDE_CODE_USE_MANTLE",
                    "CLAUDE_CODE_USE_ANTHROPIC_AWS",
                    "ANTHROPIC_AUTH_TOKEN",
                    "ANTHROPIC_API_KEY");

    private static final String TOKEN = "CLAUDE_CODE_OAUTH_TOKEN";
    private static final String HELPER = "apiKeyHelper";

    private final Map<String, String> environment;
    private final ClaudeProperties properties;
    private final JsonMapper json = new JsonMapper();

    private Credentials(Map<String, String> environment, ClaudeProperties properties) {
        this.environment = environment;
        this.properties = properties;
    }

    /** The credentials of a run started by a server with that environment. */
    public static Credentials seenFrom(
            Map<String, String> environment, ClaudeProperties properties) {
        return new Credentials(environment, properties);
    }

    /**
     * Credentials that take precedence over a subscription's login.
     *
     * @param by the variable or setting
     * @param login the place of the unused login
     * @param undo what to do to use the login
     */
    public record Overridden(String by, String login, String undo) {}

    /** Where the credentials are; never their value. */
    public Optional<String> source() {
        return beforeALogin().map(Way::words).or(this::login).or(this::console);
    }

    /** A subscription's login that is not used, which would otherwise be noticed only on a bill. */
    public Optional<Overridden> overridden() {
        return beforeALogin()
                .flatMap(
                        way -> login().map(login -> new Overridden(way.name(), login, way.undo())));
    }

    /** A login that has ended and cannot be renewed, in words; empty if there is none. */
    public Optional<String> expired() {
        return endOfLogin()
                .map(end ->
                        "the login in %s ended on %s"
                                .formatted(
                                        file(), end.atZone(ZoneId.systemDefault()).toLocalDate()));
    }

    /** The variables of that environment, by name, that a run needs and not every program has. */
    public NavigableSet<String> variables() {
        return ChildEnvironment.special(environment, properties.environment());
    }

    /** Whether there may be credentials in the system's keychain, which is not read. */
    public boolean mayBeInKeychain() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    /** A variable or setting, where it is set and how to remove it. */
    private record Way(String name, String words, String undo) {}

    private Optional<Way> beforeALogin() {
        JsonNode settings = json.readTree(new SignIn().settings(environment));
        Map<String, String> child = child();
        for (String name : BEFORE_A_LOGIN) {
            // The settings' env takes precedence over the environment.
            if (!settings.path("env").path(name).asString("").isBlank()) {
                return Optional.of(inSettings(name));
            }
            if (!child.getOrDefault(name, "").isBlank()) {
                return Optional.of(
                        new Way(
                                name,
                                "the variable " + name,
                                "unset %1$s where the server is started, or set phone-opus.claude.environment to %1$s= for consults alone"
                                        .formatted(name)));
            }
        }
        return settings.path(HELPER).asString("").isBlank()
                ? Optional.empty()
                : Optional.of(inSettings(HELPER));
    }

    private Way inSettings(String name) {
        return new Way(
                name,
                name + " of settings.json",
                "remove %s from %s"
                        .formatted(name, SignIn.directory(environment).resolve("settings.json")));
    }

    private Map<String, String> child() {
        return ChildEnvironment.of(environment, properties.environment());
    }

    /** A subscription's login. */
    private Optional<String> login() {
        if (!child().getOrDefault(TOKEN, "").isBlank()) {
            return Optional.of("the variable " + TOKEN);
        }
        JsonNode settings = json.readTree(new SignIn().settings(environment));
        if (!settings.path("env").path(TOKEN).asString("").isBlank()) {
            return Optional.of(TOKEN + " of settings.json");
        }
        JsonNode login = read(file()).path("claudeAiOauth");
        return (login.path("accessToken").asString("").isBlank()
                                && login.path("refreshToken").asString("").isBlank())
                        || endOfLogin().isPresent()
                ? Optional.empty()
                : Optional.of(file().toString());
    }

    /** The end of the login, if it is over and there is nothing to renew it with. */
    private Optional<Instant> endOfLogin() {
        JsonNode login = read(file()).path("claudeAiOauth");
        Instant end = Instant.ofEpochMilli(login.path("expiresAt").asLong(Long.MAX_VALUE));
        return login.path("refreshToken").asString("").isBlank() && end.isBefore(Instant.now())
                ? Optional.of(end)
                : Optional.empty();
    }

    private Path file() {
        return SignIn.directory(environment).resolve(".credentials.json");
    }

    /** An API key from a login at the console. */
    private Optional<String> console() {
        Path directory = SignIn.directory(environment);
        boolean moved = !environment.getOrDefault("CLAUDE_CONFIG_DIR", "").isBlank();
        Path state =
                moved
                        ? directory.resolve(".claude.json")
                        : directory.resolveSibling(".claude.json");
        return read(state).path("primaryApiKey").asString("").isBlank()
                ? Optional.empty()
                : Optional.of("the API key in " + state);
    }

    private JsonNode read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? json.readTree(Files.readAllBytes(file))
                    : json.createObjectNode();
        } catch (IOException | JacksonException _) {
            return json.createObjectNode();
        }
    }
}
