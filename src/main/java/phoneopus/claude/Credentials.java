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
    private static final List<String> VARIABLES =
            List.of(
                    "ANTHROPIC_API_KEY",
                    "ANTHROPIC_AUTH_TOKEN",
                    "CLAUDE_CODE_OAUTH_TOKEN",
                    "CLAUDE_CODE_USE_BEDROCK",
                    "CLAUDE_CODE_USE_VERTEX",
                    "CLAUDE_CODE_USE_FOUNDRY");

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

    /** Where they are; never what they are. */
    public Optional<String> source() {
        return ofVariables().or(this::ofSettings).or(this::ofFiles);
    }

    /** Whether there may be some in the system's keychain, where nobody looks uninvited. */
    public boolean mayBeInKeychain() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    private Optional<String> ofVariables() {
        Map<String, String> child = ChildEnvironment.of(environment, properties.environment());
        return VARIABLES.stream()
                .filter(name -> !child.getOrDefault(name, "").isBlank())
                .findFirst()
                .map(name -> "the variable " + name);
    }

    private Optional<String> ofSettings() {
        JsonNode settings = json.readTree(new SignIn().settings(environment));
        if (!settings.path("apiKeyHelper").asString("").isBlank()) {
            return Optional.of("apiKeyHelper of settings.json");
        }
        return VARIABLES.stream()
                .filter(name -> !settings.path("env").path(name).asString("").isBlank())
                .findFirst()
                .map(name -> name + " of settings.json");
    }

    private Optional<String> ofFiles() {
        Path directory = SignIn.directory(environment);
        JsonNode login = read(directory.resolve(".credentials.json")).path("claudeAiOauth");
        if (!login.path("accessToken").asString("").isBlank()
                || !login.path("refreshToken").asString("").isBlank()) {
            return Optional.of(directory.resolve(".credentials.json").toString());
        }
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
