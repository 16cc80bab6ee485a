package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What would sign a run in, as far as variables and files tell: only a request could tell whether
 * it is still good.
 */
public final class Credentials {
    /** Those that beat any login, in the order in which the command takes them. */
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

    /** Those of a run that a server with that environment starts. */
    public static Credentials seenFrom(
            Map<String, String> environment, ClaudeProperties properties) {
        return new Credentials(environment, properties);
    }

    /**
     * Something that is taken although there is a login of a subscription.
     *
     * @param by the variable or setting
     * @param login where the login is that is not taken
     * @param undo what to do so that it is
     */
    public record Beaten(String by, String login, String undo) {}

    /** Where they are; never what they are. */
    public Optional<String> source() {
        return beforeALogin().map(Way::words).or(this::login).or(this::console);
    }

    /** Whether a subscription is there and not used, which is easily seen on a bill alone. */
    public Optional<Beaten> beaten() {
        return beforeALogin()
                .flatMap(way -> login().map(login -> new Beaten(way.name(), login, way.undo())));
    }

    /** Whether there may be some in the system's keychain, where nobody looks uninvited. */
    public boolean mayBeInKeychain() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    /** A variable or setting, where it stands and how to be rid of it. */
    private record Way(String name, String words, String undo) {}

    private Optional<Way> beforeALogin() {
        JsonNode settings = json.readTree(new SignIn().settings(environment));
        Map<String, String> child = child();
        for (String name : BEFORE_A_LOGIN) {
            // What stands in the settings' env wins over the same variable.
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
                "take %s out of %s"
                        .formatted(name, SignIn.directory(environment).resolve("settings.json")));
    }

    private Map<String, String> child() {
        return ChildEnvironment.of(environment, properties.environment());
    }

    /** Of a subscription. */
    private Optional<String> login() {
        if (!child().getOrDefault(TOKEN, "").isBlank()) {
            return Optional.of("the variable " + TOKEN);
        }
        JsonNode settings = json.readTree(new SignIn().settings(environment));
        if (!settings.path("env").path(TOKEN).asString("").isBlank()) {
            return Optional.of(TOKEN + " of settings.json");
        }
        Path file = SignIn.directory(environment).resolve(".credentials.json");
        JsonNode login = read(file).path("claudeAiOauth");
        return login.path("accessToken").asString("").isBlank()
                        && login.path("refreshToken").asString("").isBlank()
                ? Optional.empty()
                : Optional.of(file.toString());
    }

    /** An API key that a login at the console left. */
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
