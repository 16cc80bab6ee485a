package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildEnvironmentTests {

    @Test
    void anEmptyEnvironmentHasOurGuardsAlone() {
        assertThat(ChildEnvironment.of(Map.of(), List.of()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "CLAUDE_CODE_DISABLE_FILE_MENTIONS", "1",
                                "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1",
                                "DISABLE_AUTOUPDATER", "1",
                                "CLAUDE_CODE_MAX_RETRIES", "3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "LANG",
                "LC_ALL",
                "LC_CTYPE",
                "TERM",
                "TZ",
                "USER",
                "LOGNAME",
                "SHELL",
                "TMPDIR",
                "XDG_CONFIG_HOME",
                "HTTPS_PROXY",
                "https_proxy",
                "no_proxy",
                "NODE_EXTRA_CA_CERTS",
                "SSL_CERT_FILE",
                "ANTHROPIC_API_KEY",
                "ANTHROPIC_BASE_URL",
                "CLAUDE_CONFIG_DIR",
                "CLAUDE_CODE_OAUTH_TOKEN",
                "CLAUDE_CODE_USE_BEDROCK",
                "CLAUDE_CODE_USE_VERTEX",
                "AWS_PROFILE",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "CLOUD_ML_REGION",
                "CLAUDE_CODE_USE_FOUNDRY",
                "CLAUDE_CODE_USE_MANTLE",
                "CLAUDE_CODE_USE_ANTHROPIC_AWS",
                "CLAUDE_CODE_SKIP_VERTEX_AUTH",
                "ANTHROPIC_FOUNDRY_API_KEY",
                "AZURE_CLIENT_ID",
                "VERTEX_REGION_CLAUDE_5_5_OPUS",
                "CLAUDE_CODE_CLIENT_CERT",
                "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
                "CLAUDE_CODE_CERT_STORE",
                "API_TIMEOUT_MS",
                "CLAUDE_STREAM_IDLE_TIMEOUT_MS",
                "DISABLE_TELEMETRY",
                "DISABLE_ERROR_REPORTING",
                "DO_NOT_TRACK",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS",
                "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
                "MAX_THINKING_TOKENS",
                "DISABLE_PROMPT_CACHING_OPUS",
                "USE_BUILTIN_RIPGREP",
            })
    void passesOnWhatTheCommandNeeds(String name) {
        assertThat(ChildEnvironment.of(Map.of(name, "/value"), List.of()))
                .containsEntry(name, "/value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CANARY",
                "OPENAI_API_KEY",
                "GITHUB_TOKEN",
                "SSH_AUTH_SOCK",
                "DATABASE_URL",
                "PHONE_OPUS_CLAUDE_BINARY",
                "SPRING_DATASOURCE_PASSWORD",
                "JAVA_TOOL_OPTIONS",
                "NODE_OPTIONS",
                "LD_PRELOAD",
                "BASH_ENV",
                "ENV",
                "GIT_DIR",
                "GIT_CONFIG_KEY_1",
                "CLAUDECODE",
                "CLAUDE_CODE_ENTRYPOINT",
                "CLAUDE_CODE_SSE_PORT",
                "CLAUDE_CODE_SESSION_ID",
                "CLAUDE_CODE_CHILD_SESSION",
                "CLAUDE_CODE_MESSAGING_TOKEN",
                "CLAUDE_CODE_EFFORT_LEVEL",
                "CLAUDE_CODE_MAX_TURNS",
                "CLAUDE_CODE_SIMPLE",
                "CLAUDE_CODE_SKIP_PROMPT_HISTORY",
                "CLAUDE_CODE_SHELL_PREFIX",
                "CLAUDE_CODE_PROCESS_WRAPPER",
                "CLAUDE_CODE_PLUGIN_DIRS",
                "CLAUDE_CODE_EXTRA_BODY",
                "CLAUDE_CODE_DISABLE_INLINE_SHELL_RM_PROMPT",
                "CLAUDE_CODE_USE_POWERSHELL_TOOL",
                "CLAUDE_ENV_FILE",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "MY_PATH",
                "PATHS",
                "path",
            })
    void everythingElseStaysOut(String name) {
        assertThat(ChildEnvironment.of(Map.of(name, "value"), List.of())).doesNotContainKey(name);
    }

    @Test
    void theServersEnvironmentLiftsNoGuard() {
        var child =
                ChildEnvironment.of(
                        Map.of("CLAUDE_CODE_MAX_RETRIES", "10", "GIT_CONFIG_COUNT", "7"),
                        List.of());

        assertThat(child)
                .containsEntry("CLAUDE_CODE_MAX_RETRIES", "3")
                .doesNotContainKey("GIT_CONFIG_COUNT");
    }

    @Test
    void anAdditionPassesAVariableThrough() {
        var child = ChildEnvironment.of(Map.of("CANARY", "sings"), List.of("CANARY", "ABSENT"));

        assertThat(child).containsEntry("CANARY", "sings").doesNotContainKey("ABSENT");
    }

    @Test
    void anAdditionSetsAVariable() {
        var child =
                ChildEnvironment.of(
                        Map.of("PATH", "/bin"),
                        List.of("PATH=/opt/bin", "EQUATION=a=b", "EMPTY=", "CLAUDECODE=1"));

        assertThat(child)
                .containsEntry("PATH", "/opt/bin")
                .containsEntry("EQUATION", "a=b")
                .containsEntry("EMPTY", "")
                .containsEntry("CLAUDECODE", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    :/usr/bin:/bin              | /usr/bin:/bin
                    /usr/bin:                   | /usr/bin
                    node_modules/.bin:/usr/bin  | /usr/bin
                    /usr/bin:.:../bin:~/bin     | /usr/bin
                    .:                          | /usr/local/bin:/usr/bin:/bin
                    """)
    void noEntryOfThePathIsReadInTheRepository(String path, String child) {
        assertThat(ChildEnvironment.of(Map.of("PATH", path), List.of()))
                .containsEntry("PATH", child);
        assertThat(ChildEnvironment.of(Map.of(), List.of("PATH=" + path)))
                .containsEntry("PATH", child);
    }

    @Test
    void whatABinaryNeedsComesLastOnThePath() {
        var companions = List.of(Path.of("/opt/node/bin"), Path.of("/bin"));

        assertThat(ChildEnvironment.of(Map.of("PATH", "/usr/bin:/bin"), List.of(), companions))
                .containsEntry("PATH", "/usr/bin:/bin:/opt/node/bin");
        assertThat(ChildEnvironment.of(Map.of(), List.of(), companions))
                .containsEntry("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/node/bin");
    }
}
