package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;

class ClaudeBinaryTests {

    @TempDir Path temporary;
    Path home;
    Path bin;

    @BeforeEach
    void makePlaces() {
        home = temporary.resolve("home");
        bin = temporary.resolve("bin");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void isFoundOnThePath(String configured) {
        var claude = executable(bin.resolve("claude"));

        assertThat(find(configured, "/nowhere:" + bin + ":/bin")).isEqualTo(claude);
    }

    @Test
    void theFirstOnThePathWins() {
        var first = executable(bin.resolve("claude"));
        executable(home.resolve("claude"));

        assertThat(find(null, bin + ":" + home)).isEqualTo(first);
    }

    @Test
    void thePathWinsOverTheUsualPlaces() {
        executable(home.resolve(".local/bin/claude"));
        var claude = executable(bin.resolve("claude"));

        assertThat(find(null, bin.toString())).isEqualTo(claude);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".local/bin",
                ".claude/local",
                ".npm-global/bin",
                ".npm-packages/bin",
                ".bun/bin"
            })
    void isFoundInItsUsualPlacesWhereThePathIsShort(String place) {
        var claude = executable(home.resolve(place).resolve("claude"));

        assertThat(find(null, "/nowhere")).isEqualTo(claude);
    }

    @Test
    void whatCannotBeExecutedIsPassedOver() {
        var text = executable(bin.resolve("claude"));
        text.toFile().setExecutable(false, false);
        assertThat(home.resolve("claude").toFile().mkdirs()).isTrue();
        var claude = executable(home.resolve(".local/bin/claude"));

        assertThat(find(null, bin + ":" + home)).isEqualTo(claude);
    }

    @Test
    void relativeAndEmptyEntriesOfThePathArePassedOver() {
        assertThatThrownBy(() -> find("demo-claude.sh", "src/main/sh:"))
                .isInstanceOf(ClaudeNotFoundException.class);
    }

    @Test
    void aConfiguredPathIsTaken() {
        var claude = executable(bin.resolve("my-claude"));
        executable(home.resolve(".local/bin/claude"));

        assertThat(find(claude.toString(), "/bin")).isEqualTo(claude);
    }

    @Test
    void aConfiguredPathMayStartAtTheHome() {
        var claude = executable(home.resolve("tools/claude"));

        assertThat(find("~/tools/claude", "/bin")).isEqualTo(claude);
    }

    @Test
    void aConfiguredNameIsFoundOnThePath() {
        var claude = executable(bin.resolve("my-claude"));

        assertThat(find("my-claude", bin.toString())).isEqualTo(claude);
    }

    @Test
    void aConfiguredPathThatIsNotThereIsNotReplacedByAnother() {
        executable(bin.resolve("claude"));
        executable(home.resolve(".local/bin/claude"));

        assertThatThrownBy(() -> find("/nowhere/claude", bin.toString()))
                .isInstanceOf(ClaudeNotFoundException.class)
                .hasMessage(
                        "Claude Code was not found (looked for `/nowhere/claude` on PATH=%s). Install it with `npm install -g @anthropic-ai/claude-code`, run `claude` once to log in, or set PHONE_OPUS_CLAUDE_BINARY. Do not retry.",
                        bin);
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        assertThat(new ClaudeNotFoundException("claude", "/bin:/usr/bin"))
                .hasMessage(
                        "Claude Code was not found (looked for `claude` on PATH=/bin:/usr/bin). Install it with `npm install -g @anthropic-ai/claude-code`, run `claude` once to log in, or set PHONE_OPUS_CLAUDE_BINARY. Do not retry.");
    }

    private Path find(String configured, String path) {
        return new ClaudeBinary(configured, Map.of("PATH", path, "HOME", home.toString())).find();
    }

    private static Path executable(Path file) {
        Script.writeExecutable(file, "#!/bin/sh\n");
        return file;
    }
}
