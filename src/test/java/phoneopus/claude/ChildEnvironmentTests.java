package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                                "CLAUDE_CODE_MAX_RETRIES", "3",
                                "GIT_CONFIG_COUNT", "1",
                                "GIT_CONFIG_KEY_0", "core.fsmonitor",
                                "GIT_CONFIG_VALUE_0", "false"));
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
            })
    void passesOnWhatTheCommandNeeds(String name) {
        assertThat(ChildEnvironment.of(Map.of(name, "value"), List.of()))
                .containsEntry(name, "value");
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
                        Map.of("CLAUDE_CODE_MAX_RETRIES", "10", "GIT_CONFIG_COUNT", "0"),
                        List.of());

        assertThat(child)
                .containsEntry("CLAUDE_CODE_MAX_RETRIES", "3")
                .containsEntry("GIT_CONFIG_COUNT", "1");
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
}
