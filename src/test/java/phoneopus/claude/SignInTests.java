package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SignInTests {

    final JsonMapper json = new JsonMapper();
    @TempDir Path home;

    @Test
    void aUserWithoutSettingsHasNone() {
        assertThat(kept()).isEqualTo(json.createObjectNode());
    }

    @Test
    void keepsWhatSignsTheUserIn() throws IOException {
        var signIn =
                """
                {"env":{"ANTHROPIC_BASE_URL":"https://gateway"},"apiKeyHelper":"/bin/key",
                 "awsAuthRefresh":"refresh","awsCredentialExport":"export","forceLoginMethod":"console"}
                """;

        write(signIn);

        assertThat(kept()).isEqualTo(json.readTree(signIn));
    }

    @Test
    void dropsWhatWouldWidenTheAdvisersRights() throws IOException {
        write(
                """
                {"permissions":{"allow":["Bash(rm:*)"],"ask":["Read"],"defaultMode":"bypassPermissions",
                                "additionalDirectories":["/"]},
                 "hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"evil"}]}]},
                 "mcpServers":{"evil":{"command":"evil"}},"enableAllProjectMcpServers":true,
                 "statusLine":{"type":"command","command":"evil"},"model":"haiku","verbose":true,
                 "enabledPlugins":{"evil":true},"apiKeyHelper":"/bin/key"}
                """);

        assertThat(kept()).isEqualTo(json.readTree("{\"apiKeyHelper\":\"/bin/key\"}"));
    }

    @Test
    void keepsWhatTheUserForbids() throws IOException {
        write("{\"permissions\":{\"allow\":[\"Bash\"],\"deny\":[\"WebFetch\",\"Bash(curl:*)\"]}}");

        assertThat(kept())
                .isEqualTo(
                        json.readTree(
                                "{\"permissions\":{\"deny\":[\"WebFetch\",\"Bash(curl:*)\"]}}"));
    }

    @Test
    void aForbiddenPathStaysTheSameFile() throws IOException {
        write(
                """
                {"permissions":{"deny":["Read(/secret/**)","Read(//etc/**)","Read(~/x)","Read(./y)","Bash(/bin/rm:*)"]}}
                """);

        var deny = kept().at("/permissions/deny").valueStream().map(JsonNode::asString).toList();

        assertThat(deny)
                .containsExactly(
                        "Read(/" + home + "/.claude/secret/**)",
                        "Read(//etc/**)",
                        "Read(~/x)",
                        "Read(./y)",
                        "Bash(/bin/rm:*)");
    }

    @Test
    void theUsersEnvironmentLiftsNoGuard() throws IOException {
        write(
                """
                {"env":{"CLAUDE_CODE_DISABLE_FILE_MENTIONS":"0","CLAUDE_CODE_DISABLE_BACKGROUND_TASKS":"0",
                        "DISABLE_AUTOUPDATER":"0","CLAUDE_CODE_MAX_RETRIES":"10","GIT_CONFIG_COUNT":"0",
                        "ANTHROPIC_API_KEY":"key"}}
                """);

        assertThat(kept()).isEqualTo(json.readTree("{\"env\":{\"ANTHROPIC_API_KEY\":\"key\"}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "7",
                "[]",
                "\"env\"",
                "{\"permissions\":7}",
                "{\"permissions\":{\"deny\":\"Bash\"}}"
            })
    void brokenSettingsAreNoSettings(String text) throws IOException {
        write(text);

        assertThat(kept()).isEqualTo(json.createObjectNode());
    }

    @Test
    void anEnvironmentOfAnotherShapeIsLeftToTheCommand() throws IOException {
        write("{\"env\":7}");

        assertThat(kept()).isEqualTo(json.readTree("{\"env\":7}"));
    }

    @Test
    void aDirectoryInPlaceOfTheSettingsIsNoSettings() throws IOException {
        Files.createDirectories(home.resolve(".claude/settings.json"));

        assertThat(kept()).isEqualTo(json.createObjectNode());
    }

    @Test
    void readsWhereTheUserKeepsThem() throws IOException {
        var elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("settings.json"),
                "{\"apiKeyHelper\":\"/elsewhere\",\"permissions\":{\"deny\":[\"Read(/x)\"]}}");
        write("{\"apiKeyHelper\":\"/home\"}");

        var kept = kept(Map.of("HOME", home.toString(), "CLAUDE_CONFIG_DIR", elsewhere.toString()));

        assertThat(kept.path("apiKeyHelper").asString()).isEqualTo("/elsewhere");
        assertThat(kept.at("/permissions/deny/0").asString())
                .isEqualTo("Read(/" + elsewhere + "/x)");
    }

    @Test
    void aBlankPlaceIsNoPlace() throws IOException {
        write("{\"apiKeyHelper\":\"/home\"}");

        var kept = kept(Map.of("HOME", home.toString(), "CLAUDE_CONFIG_DIR", " "));

        assertThat(kept.path("apiKeyHelper").asString()).isEqualTo("/home");
    }

    private void write(String text) throws IOException {
        Files.createDirectories(home.resolve(".claude"));
        Files.writeString(home.resolve(".claude/settings.json"), text);
    }

    private JsonNode kept() {
        return kept(Map.of("HOME", home.toString()));
    }

    private JsonNode kept(Map<String, String> environment) {
        return json.readTree(new SignIn().settings(environment));
    }
}
