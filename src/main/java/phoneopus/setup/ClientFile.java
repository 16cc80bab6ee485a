package phoneopus.setup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import phoneopus.files.UserHome;
import phoneopus.job.KnownClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration file of a client that starts phone-opus as its MCP server; sources in
 * docs/clients.md.
 */
public enum ClientFile {
    CODEX(KnownClient.CODEX, "Codex", "codex", "mcp_servers"),
    CLAUDE_CODE(KnownClient.CLAUDE_CODE, "Claude Code", "claude", "mcpServers"),
    CURSOR(KnownClient.CURSOR, "Cursor", "cursor", "mcpServers"),
    VSCODE(KnownClient.VSCODE, "VS Code", "code", "servers"),
    GEMINI_CLI(KnownClient.GEMINI_CLI, "Gemini CLI", "gemini", "mcpServers"),
    CLAUDE_DESKTOP(KnownClient.CLAUDE_DESKTOP, "Claude Desktop", "claude-desktop", "mcpServers");

    /** The name of our entry. */
    static final String ENTRY = "phone-opus";

    /** The name of the original program's entry, which ours replaces. */
    static final String ORIGINAL_ENTRY = "phone_opus";

    private final KnownClient product;
    private final String title;
    private final String command;
    private final String servers;

    ClientFile(KnownClient product, String title, String command, String servers) {
        this.product = product;
        this.title = title;
        this.command = command;
        this.servers = servers;
    }

    /** The client itself. */
    KnownClient product() {
        return product;
    }

    /** The name used at a terminal. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name used in a sentence. */
    public String title() {
        return title;
    }

    /** Whether this machine has the client: its configuration, or its command on the PATH. */
    public boolean isPresent(Map<String, String> environment) {
        Path file = file(environment);
        Path folder = this == CLAUDE_CODE ? file : Objects.requireNonNull(file.getParent());
        return Files.exists(folder)
                || Arrays.stream(environment.getOrDefault("PATH", "").split(":"))
                        .filter(entry -> entry.startsWith("/"))
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, command)));
    }

    /** What a user has to allow before the client calls us, or calls us without asking. */
    public String approval() {
        return switch (this) {
            case CODEX ->
                    "Codex may ask before a call. To allow all calls: default_tools_approval_mode = \"approve\" in [mcp_servers.phone-opus].";
            case CLAUDE_CODE ->
                    "Claude Code asks before the first call, and refuses it where nobody can be asked (claude -p). To allow all calls: \"permissions\": {\"allow\": [\"mcp__phone-opus\"]} in ~/.claude/settings.json, or claude --allowedTools mcp__phone-opus__consult,mcp__phone-opus__consult_wait.";
            case CURSOR ->
                    "Cursor asks before a call. To allow all calls, add phone-opus:* to the MCP allowlist in its settings (Agents, Auto-Run).";
            case VSCODE ->
                    "VS Code asks whether you trust the server when it first starts it, and before a call; Allow has a menu to remember the answer.";
            case GEMINI_CLI ->
                    "Gemini CLI starts it only in folders that you trust (/permissions), and asks before a call. To allow all calls: \"trust\": true in its entry.";
            case CLAUDE_DESKTOP ->
                    "Claude Desktop asks before the first call; choose \"Always allow\" to be asked no more.";
        };
    }

    /**
     * The user's configuration file, which applies to all projects.
     *
     * @param environment the user's variables: {@code HOME}, and those that move the file
     */
    public Path file(Map<String, String> environment) {
        Path home = UserHome.of(environment);
        return switch (this) {
            case CODEX ->
                    moved(environment, "CODEX_HOME", home.resolve(".codex")).resolve("config.toml");
            case CLAUDE_CODE ->
                    moved(environment, "CLAUDE_CONFIG_DIR", home).resolve(".claude.json");
            case CURSOR -> home.resolve(".cursor/mcp.json");
            case VSCODE -> desktop(environment, home).resolve("Code/User/mcp.json");
            case GEMINI_CLI ->
                    moved(environment, "GEMINI_CLI_HOME", home).resolve(".gemini/settings.json");
            case CLAUDE_DESKTOP ->
                    desktop(environment, home).resolve("Claude/claude_desktop_config.json");
        };
    }

    /**
     * How long the client waits for a call with that entry.
     *
     * @return empty if the client has no known limit
     */
    public Optional<Duration> limit(JsonNode entry) {
        return switch (this) {
            case CODEX ->
                    Optional.of(seconds(entry.path("tool_timeout_sec"), Duration.ofMinutes(5)));
            case CLAUDE_CODE -> Optional.of(millis(entry.path("timeout"), Duration.ofHours(28)));
            case GEMINI_CLI -> Optional.of(millis(entry.path("timeout"), Duration.ofMinutes(10)));
            case CURSOR -> Optional.of(Duration.ofSeconds(60));
            case CLAUDE_DESKTOP -> Optional.of(Duration.ofMinutes(4));
            case VSCODE -> Optional.empty();
        };
    }

    /** Our entry from config/clients. */
    ObjectNode template() {
        String snippet = this + (this == CODEX ? ".toml" : ".json");
        try (InputStream resource = ClientFile.class.getResourceAsStream(snippet)) {
            if (resource == null) {
                throw new IllegalStateException(snippet + " is missing in the program");
            }
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return (ObjectNode) format().parse(text).path(servers).path(ENTRY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Format format() {
        return switch (this) {
            case CODEX -> new Toml();
            case CLAUDE_CODE, CLAUDE_DESKTOP -> Json.strict();
            case CURSOR, VSCODE, GEMINI_CLI -> Json.withComments();
        };
    }

    /** The path of the entry within the file. */
    List<String> place() {
        return List.of(servers, ENTRY);
    }

    /** The path of the original program's entry. */
    List<String> placeOfTheOriginal() {
        return List.of(servers, ORIGINAL_ENTRY);
    }

    private static Path moved(Map<String, String> environment, String variable, Path usual) {
        @Nullable String value = environment.get(variable);
        return value == null || value.isBlank() ? usual : Path.of(value);
    }

    private static Path desktop(Map<String, String> environment, Path home) {
        return System.getProperty("os.name").startsWith("Mac")
                ? home.resolve("Library/Application Support")
                : moved(environment, "XDG_CONFIG_HOME", home.resolve(".config"));
    }

    private static Duration seconds(JsonNode value, Duration usual) {
        return Duration.ofMillis(Math.round(value.asDouble((double) usual.toSeconds()) * 1_000.0));
    }

    private static Duration millis(JsonNode value, Duration usual) {
        return Duration.ofMillis(value.asLong(usual.toMillis()));
    }
}
