package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/** What install writes is enough for a client that was started from a desktop. */
class InstallIT {

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

    @ParameterizedTest
    @CsvSource({
        "codex,          .codex/config.toml,                         mcp_servers",
        "claude-code,    .claude.json,                               mcpServers",
        "cursor,         .cursor/mcp.json,                           mcpServers",
        "vscode,         .config/Code/User/mcp.json,                 servers",
        "gemini-cli,     .gemini/settings.json,                      mcpServers",
        "claude-desktop, .config/Claude/claude_desktop_config.json,  mcpServers",
    })
    void aClientThatReadsItsFileConsults(String client, String file, String servers) {
        var installed =
                Script.of(surroundings.desk(), PackagedServer.launcher().toString())
                        .with("HOME", surroundings.home())
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .with("PHONE_OPUS_CLAUDE_BINARY", surroundings.claude())
                        .run("install", client);

        assertThat(installed.exitCode()).as(installed.err()).isZero();
        var entry = read(surroundings.home().resolve(file)).path(servers).path("phone-opus");
        var consult = Map.<String, Object>of("prompt", "Why?", "cwd", cwd());
        try (var server =
                PackagedServer.start(
                        surroundings.desk(), environment(entry), command(entry), it -> it)) {
            var answer = server.full("consult", consult);
            assertThat(answer.path("mode").stringValue()).isEqualTo("sync");
            assertThat(answer.path("response").stringValue()).isNotBlank();
        }
        assertThat(surroundings.home().resolve(".local/state/phone_opus")).isDirectory();
    }

    private String cwd() {
        return surroundings.repository(Map.of()).toString();
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

    /** A desktop's, and what the entry says. */
    private Map<String, String> environment(JsonNode entry) {
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
