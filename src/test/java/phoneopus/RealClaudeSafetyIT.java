package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static phoneopus.StubApi.text;
import static phoneopus.StubApi.toolUse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what the packaged server prevents the real claude from doing, regardless of who asks. */
class RealClaudeSafetyIT extends RealClaude {

    private static final boolean PINNED = System.getProperty("claude.version", "").isBlank();

    @Test
    void writingIsRefusedAndCounted() {
        api =
                StubApi.replying(
                        bash("rm notes.txt"),
                        toolUse(
                                "Write",
                                Map.of(
                                        "file_path",
                                        repository.resolve("new.txt").toString(),
                                        "content",
                                        "x")),
                        text("I could not."));
        server = serverOfAUserWithAKey();

        var answer = consult("Please tidy up.");

        assertThat(answer.path("response").asString()).isEqualTo("I could not.");
        assertThat(answer.path("permission_denial_count").asInt()).isPositive();
        assertThat(answer.path("permission_denials").toString()).contains("rm notes.txt");
        assertThat(repository.resolve("notes.txt")).exists();
        assertThat(repository.resolve("new.txt")).doesNotExist();
    }

    @Test
    void neitherHooksNorServersOfTheRepositoryRun() throws IOException {
        var canary = home.resolve("canary");
        write(repository.resolve(".claude/settings.json"), hooks(canary));
        write(repository.resolve(".claude/settings.local.json"), hooks(canary));
        write(
                repository.resolve(".mcp.json"),
                "{'mcpServers': {'evil': {'command': 'touch', 'args': ['%s']}}}".formatted(canary));
        api = StubApi.replying(bash("cat notes.txt"), text("Nothing ran."));
        server = serverOfAUserWithAKey();

        var answer = consult("What do the notes say?");

        assertThat(answer.path("response").asString()).isEqualTo("Nothing ran.");
        assertThat(answer.path("permission_denial_count").asInt()).isZero();
        assertThat(canary).doesNotExist();
    }

    @Test
    void hooksOfTheUserDoNotRunEither() throws IOException {
        var canary = home.resolve("canary");
        write(home.resolve(".claude/settings.json"), hooks(canary));
        api = StubApi.replying(bash("cat notes.txt"), text("Nothing ran."));
        server = serverOfAUserWithAKey();

        var answer = consult("What do the notes say?");

        assertThat(answer.path("response").asString()).isEqualTo("Nothing ran.");
        assertThat(canary).doesNotExist();
    }

    @Test
    void whatTheUserAllowsElsewhereIsNotAllowedHere() throws IOException {
        write(home.resolve(".claude/settings.json"), "{'permissions': {'allow': ['Bash(rm:*)']}}");
        api = StubApi.replying(bash("rm notes.txt"), text("I could not."));
        server = serverOfAUserWithAKey();

        var answer = consult("Please tidy up.");

        assertThat(answer.path("permission_denial_count").asInt()).isEqualTo(1);
        assertThat(repository.resolve("notes.txt")).exists();
    }

    @Test
    void whatTheUserDeniesIsDeniedHere() throws IOException {
        write(
                home.resolve(".claude/settings.json"),
                "{'permissions': {'deny': ['Read(./secret.txt)']}}");
        api =
                StubApi.replying(
                        read("secret.txt"),
                        bash("cat secret.txt"),
                        read("notes.txt"),
                        text("I could not."));
        server = serverOfAUserWithAKey();

        var answer = consult("What is the secret?");

        assertThat(answer.path("response").asString()).isEqualTo("I could not.");
        // Earlier releases also refuse a denied Read but do not list it.
        assertThat(answer.path("permission_denial_count").asInt()).isBetween(PINNED ? 2 : 1, 2);
        assertThat(sentToTheApi()).contains("The notes greet you.").doesNotContain("hidden-word");
    }

    @Test
    void aDeniedPathBesideTheUsersSettingsStaysDenied() throws IOException {
        var file = Files.writeString(home.resolve(".claude/secret.txt"), "hidden-word\n");
        write(
                home.resolve(".claude/settings.json"),
                "{'permissions': {'deny': ['Read(/secret.txt)']}}");
        api =
                StubApi.replying(
                        toolUse("Read", Map.of("file_path", file.toString())),
                        text("I could not."));
        server = serverOfAUserWithAKey();

        var answer = consult("What is the secret?", Map.of("cwd", home.toString()));

        assertThat(answer.path("response").asString()).isEqualTo("I could not.");
        assertThat(sentToTheApi()).doesNotContain("hidden-word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/help", "@/etc/hostname", "--dangerously-skip-permissions", "-p"})
    void aPromptThatLooksLikeACommandReachesTheModelAsText(String prompt) {
        api = StubApi.replying(text("Read as text."));
        server = serverOfAUserWithAKey(Map.of("PHONE_OPUS_CONSULT_PREFIX", ""));

        var answer = consult(prompt);

        assertThat(answer.path("response").asString()).isEqualTo("Read as text.");
        assertThat(answer.path("prompt_prefix_injected").asBoolean()).isFalse();
        assertThat(api.messageTexts()).map(String::strip).contains(prompt);
    }

    @Test
    void aFileNamedInAPromptIsNotInlined() throws IOException {
        var outside = Files.writeString(home.resolve("outside.txt"), "hidden-word\n");
        api = StubApi.replying(text("Read as text."));
        server = serverOfAUserWithAKey();

        consult("@%s and @notes.txt".formatted(outside));

        assertThat(sentToTheApi())
                .contains("@" + outside)
                .doesNotContain("hidden-word", "The notes greet you.");
    }

    @Test
    void theUsersSettingsDoNotSwitchOurGuardsOff() throws IOException {
        write(
                home.resolve(".claude/settings.json"),
                "{'env': {'CLAUDE_CODE_DISABLE_FILE_MENTIONS': '0'}}");
        api = StubApi.replying(text("Read as text."));
        server = serverOfAUserWithAKey();

        consult("What does @notes.txt say?");

        assertThat(sentToTheApi()).contains("@notes.txt").doesNotContain("The notes greet you.");
    }

    @Test
    void aRestrictedAdviserHasNoShellAndStaysInTheRepository() throws IOException {
        var outside = Files.writeString(home.resolve("outside.txt"), "hidden-word\n");
        api =
                StubApi.replying(
                        bash("cat notes.txt"),
                        toolUse("Read", Map.of("file_path", outside.toString())),
                        text("I could not."));
        server = serverOfAUserWithAKey(Map.of("PHONE_OPUS_CLAUDE_RESTRICTED", "true"));

        var answer = consult("What do the notes say?");

        if (!PINNED && answer.at("/fault/code").asString("").equals("claude_too_old")) {
            assertThat(answer.at("/fault/message").asString()).contains("at least 2.1.248");
            assertThat(api.requests()).isEmpty();
            return;
        }
        assertThat(answer.path("response").asString()).isEqualTo("I could not.");
        assertThat(sentToTheApi()).doesNotContain("The notes greet you.", "hidden-word");
        assertThat(api.requests().getFirst().at("/body/tools").findValuesAsString("name"))
                .contains("Read")
                .doesNotContain("Bash", "WebFetch", "WebSearch");
    }

    private static String hooks(Path canary) {
        var hook = "[{'hooks': [{'type': 'command', 'command': 'touch %s'}]}]".formatted(canary);
        return """
        {'enableAllProjectMcpServers': true,
         'hooks': {'SessionStart': %1$s, 'UserPromptSubmit': %1$s, 'PreToolUse': %1$s}}
        """
                .formatted(hook);
    }
}
