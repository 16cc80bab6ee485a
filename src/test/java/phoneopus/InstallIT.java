package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/** Checks that the entry written by install is enough for a client started from a desktop. */
class InstallIT {

    private static final String APPROVAL =
            "Cursor asks before a call. To allow all calls, add phone-opus:* to the MCP allowlist in its settings (Agents, Auto-Run).";

    @TempDir Path temporary;
    Surroundings surroundings;

    @BeforeEach
    void makeSurroundings() {
        surroundings = Surroundings.in(temporary);
    }

    @AfterEach
    void leaveNothing() {
        surroundings.endEverything();
    }

    /** The clients, with their file below the home and the key that contains their servers. */
    static Stream<Arguments> clients() {
        return Stream.of(
                arguments("codex", ".codex/config.toml", "mcp_servers"),
                arguments("claude-code", ".claude.json", "mcpServers"),
                arguments("cursor", ".cursor/mcp.json", "mcpServers"),
                arguments("vscode", ".config/Code/User/mcp.json", "servers"),
                arguments("gemini-cli", ".gemini/settings.json", "mcpServers"),
                arguments(
                        "claude-desktop",
                        ".config/Claude/claude_desktop_config.json",
                        "mcpServers"));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aClientThatReadsItsFileConsults(String client, String file, String servers) {
        var installer =
                Script.of(surroundings.desk(), PackagedServer.launcher().toString())
                        .with("JAVA_HOME", System.getProperty("java.home"));

        var answer = answered(surroundings, installer, client, file, servers);

        assertThat(answer.path("mode").stringValue()).isEqualTo("sync");
        assertThat(answer.path("response").stringValue()).isNotBlank();
    }

    @Test
    void theFileAsItWasIsNamedWhereThereWasOne() throws IOException {
        var file = surroundings.home().resolve(".cursor/mcp.json");
        var copy = surroundings.home().resolve(".cursor/mcp.json.before-phone-opus");
        var installer =
                Script.of(surroundings.desk(), PackagedServer.launcher().toString())
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .with("HOME", surroundings.home())
                        .with("PHONE_OPUS_CLAUDE_BINARY", surroundings.claude());

        var fresh = installer.run("install", "cursor");
        Files.writeString(file, "{}\n");
        var beside = installer.run("install", "cursor");

        assertThat(fresh.out())
                .isEqualTo(
                        "Cursor: registered in %s\nRestart Cursor to use it.\n%s\n"
                                .formatted(file, APPROVAL));
        assertThat(beside.out())
                .isEqualTo(
                        "Cursor: registered in %s\nBackup of the old file: %s\nRestart Cursor to use it.\n%s\n"
                                .formatted(file, copy, APPROVAL));
        assertThat(copy).hasContent("{}");
    }

    @Test
    void allClientsOfTheMachineAreRegisteredAndRemovedAtOnce() throws IOException {
        var home = surroundings.home();
        Files.createDirectories(home.resolve(".codex"));
        Files.createDirectories(home.resolve(".cursor"));
        Files.writeString(home.resolve(".cursor/mcp.json"), "{,}");
        Script.writeExecutable(home.resolve("bin/gemini"), "#!/bin/sh\n");
        var phoneOpus =
                Script.of(surroundings.desk(), PackagedServer.launcher().toString())
                        .with("PATH", home.resolve("bin") + ":/usr/bin:/bin")
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .with("HOME", home)
                        .with("ANTHROPIC_API_KEY", "s3cret")
                        .with("PHONE_OPUS_CLAUDE_BINARY", surroundings.claude());

        var installed = phoneOpus.run("install", "--all");

        assertThat(installed.exitCode()).isEqualTo(3);
        assertThat(installed.out())
                .contains("Codex: registered in ", "Gemini CLI: registered in ")
                .doesNotContain("VS Code", "Cursor");
        assertThat(installed.err()).contains("mcp.json is not valid JSON", "Nothing was changed.");
        assertThat(home.resolve(".codex/config.toml"))
                .content()
                .contains("env_vars = [\"ANTHROPIC_API_KEY\"]")
                .doesNotContain("s3cret");
        assertThat(phoneOpus.run("uninstall", "--all").out())
                .contains("Codex: removed from ", "Gemini CLI: removed from ");
        assertThat(phoneOpus.run("install").exitCode()).isEqualTo(2);
        assertThat(phoneOpus.run("install", "codex", "--all").exitCode()).isEqualTo(2);
    }

    /** The answer to a client that starts the server by its file, after that was written. */
    static JsonNode answered(
            Surroundings surroundings,
            Script installer,
            String client,
            String file,
            String servers) {
        var installed =
                installer
                        .with("HOME", surroundings.home())
                        .with("PHONE_OPUS_CLAUDE_BINARY", surroundings.claude())
                        .run("install", client);
        assertThat(installed.exitCode()).as(installed.err()).isZero();
        var entry = read(surroundings.home().resolve(file)).path(servers).path("phone-opus");
        var cwd = surroundings.repository(Map.of()).toString();
        try (var server =
                PackagedServer.start(
                        surroundings.desk(),
                        environment(surroundings, entry),
                        command(entry),
                        it -> it)) {
            return server.full("consult", Map.of("prompt", "Why?", "cwd", cwd));
        }
    }

    private static JsonNode read(Path file) {
        ObjectMapper mapper =
                file.toString().endsWith(".toml")
                        ? TomlMapper.builder().build()
                        : JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();
        return mapper.readTree(file);
    }

    private static List<String> command(JsonNode entry) {
        var command = new ArrayList<String>();
        command.add(entry.path("command").stringValue());
        entry.path("args").forEach(argument -> command.add(argument.stringValue()));
        return command;
    }

    /** The environment of a desktop, plus that of the entry. */
    private static Map<String, String> environment(Surroundings surroundings, JsonNode entry) {
        var environment = new TreeMap<String, String>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", surroundings.home().toString());
        entry.path("env")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().stringValue()));
        return environment;
    }
}
