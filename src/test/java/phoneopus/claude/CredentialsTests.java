package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CredentialsTests {

    @TempDir Path home;
    final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void setHome() {
        environment.put("HOME", home.toString());
    }

    @Test
    void withoutAnyThereIsNoSource() {
        assertThat(credentials().source()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    .claude/.credentials.json | {"claudeAiOauth":{"accessToken":"s3cret"}}  | .credentials.json
                    .claude/.credentials.json | {"claudeAiOauth":{"refreshToken":"s3cret"}} | .credentials.json
                    .claude/settings.json     | {"apiKeyHelper":"/bin/s3cret"}              | apiKeyHelper of settings.json
                    .claude/settings.json     | {"env":{"ANTHROPIC_API_KEY":"s3cret"}}      | ANTHROPIC_API_KEY of settings.json
                    .claude.json              | {"primaryApiKey":"s3cret"}                  | .claude.json
                    """)
    void aFileThatSignsInIsNamedAndNotQuoted(String file, String content, String named)
            throws IOException {
        write(file, content);

        var source = credentials().source();

        assertThat(source.orElseThrow()).endsWith(named).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    .claude/.credentials.json | {"claudeAiOauth":{"accessToken":""}}
                    .claude/.credentials.json | {"claudeAiOauth":
                    .claude/settings.json     | {"model":"opus"}
                    .claude.json              | []
                    """)
    void aFileThatDoesNotIsNoSource(String file, String content) throws IOException {
        write(file, content);

        assertThat(credentials().source()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"accessToken":"s","expiresAt":1700000000000}                    | true
                    {"accessToken":"s","expiresAt":1700000000000,"refreshToken":"s"} | false
                    {"accessToken":"s","expiresAt":99999999999999}                   | false
                    """)
    void aLoginThatCannotBeRenewedEndsAtItsTime(String login, boolean over) throws IOException {
        write(".claude/.credentials.json", "{\"claudeAiOauth\":%s}".formatted(login));

        assertThat(credentials().source().isEmpty()).isEqualTo(over);
        assertThat(credentials().expired().isPresent()).isEqualTo(over);
    }

    @Test
    void theVariablesOfARunAreNamedWithoutThoseOfEveryProgramAndSession() {
        for (var name :
                new String[] {
                    "ANTHROPIC_API_KEY", "HTTPS_PROXY", "XDG_STATE_HOME", "XDG_SESSION_ID", "LANG",
                    "LC_ALL", "PATH", "CLAUDECODE", "DISABLE_AUTOUPDATER_OF_MINE", "MINE"
                }) {
            environment.put(name, "1");
        }
        var asked =
                Credentials.seenFrom(
                        environment,
                        HandMade.properties(
                                Map.of("phone-opus.claude.environment", "MINE,YOURS=1")));

        assertThat(asked.variables())
                .containsExactly("ANTHROPIC_API_KEY", "HTTPS_PROXY", "MINE", "XDG_STATE_HOME");
    }

    @Test
    void aVariableCountsWhereTheRunGetsIt() {
        environment.put("ANTHROPIC_API_KEY", "s3cret");

        assertThat(credentials().source()).contains("the variable ANTHROPIC_API_KEY");
    }

    @Test
    void aProviderCountsToo() {
        environment.put("CLAUDE_CODE_USE_FOUNDRY", "1");

        assertThat(credentials().source()).contains("the variable CLAUDE_CODE_USE_FOUNDRY");
        assertThat(credentials().overridden()).isEmpty();
    }

    @Test
    void aVariableBeatsALogin() throws IOException {
        write(".claude/.credentials.json", "{\"claudeAiOauth\":{\"accessToken\":\"s3cret\"}}");
        assertThat(credentials().overridden()).isEmpty();

        environment.put("ANTHROPIC_API_KEY", "s3cret");

        assertThat(credentials().source()).contains("the variable ANTHROPIC_API_KEY");
        assertThat(credentials().overridden())
                .contains(
                        new Credentials.Overridden(
                                "ANTHROPIC_API_KEY",
                                home.resolve(".claude/.credentials.json").toString(),
                                "unset ANTHROPIC_API_KEY where the server is started, or set phone-opus.claude.environment to ANTHROPIC_API_KEY= for consults alone"));
    }

    @Test
    void whatTheMendOfAVariableSaysHelps() throws IOException {
        write(".claude/.credentials.json", "{\"claudeAiOauth\":{\"accessToken\":\"s3cret\"}}");
        environment.put("ANTHROPIC_API_KEY", "s3cret");

        var mended =
                Credentials.seenFrom(
                        environment,
                        HandMade.properties(
                                Map.of("phone-opus.claude.environment", "ANTHROPIC_API_KEY=")));

        assertThat(mended.overridden()).isEmpty();
        assertThat(mended.source()).contains(home.resolve(".claude/.credentials.json").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ANTHROPIC_AUTH_TOKEN | {"env":{"ANTHROPIC_AUTH_TOKEN":"s3cret"}}
                    apiKeyHelper         | {"apiKeyHelper":"/bin/key"}
                    """)
    void aSettingBeatsALoginToo(String name, String settings) throws IOException {
        environment.put("CLAUDE_CODE_OAUTH_TOKEN", "s3cret");
        write(".claude/settings.json", settings);

        assertThat(credentials().overridden())
                .contains(
                        new Credentials.Overridden(
                                name,
                                "the variable CLAUDE_CODE_OAUTH_TOKEN",
                                "remove %s from %s"
                                        .formatted(name, home.resolve(".claude/settings.json"))));
    }

    @Test
    void theFolderOfTheCommandMovesThemAll() throws IOException {
        environment.put("CLAUDE_CONFIG_DIR", home.resolve("elsewhere").toString());
        write("elsewhere/.claude.json", "{\"primaryApiKey\":\"s3cret\"}");

        assertThat(credentials().source())
                .contains("the API key in " + home.resolve("elsewhere/.claude.json"));
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), content);
    }

    private Credentials credentials() {
        var nothing = new Binder(new MapConfigurationPropertySource(Map.of()));
        return Credentials.seenFrom(
                environment, nothing.bindOrCreate("phone-opus.claude", ClaudeProperties.class));
    }
}
