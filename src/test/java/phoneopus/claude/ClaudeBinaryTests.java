package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeInstallation.Skipped;

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
                ".bun/bin",
                ".local/share/mise/shims",
                ".nvm/versions/node/v22.1.0/bin",
                ".volta/bin",
                ".asdf/shims",
                ".local/share/pnpm",
                ".local/share/pnpm/bin",
                ".local/share/mise/installs/node/24.1.0/bin",
                ".local/share/mise/installs/npm-anthropic-ai-claude-code/2.1.330/bin",
                ".asdf/installs/nodejs/22.1.0/bin",
                ".local/share/fnm/node-versions/v22.1.0/installation/bin",
                ".local/share/fnm/aliases/default/bin",
                ".fnm/aliases/default/bin"
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

    private static Stream<Arguments> stubs() {
        return Stream.of(
                Arguments.of("", "is empty"),
                Arguments.of("<!DOCTYPE html><html><body>404</body></html>\n", "is a web page"),
                Arguments.of("#!/bin/sh\n<html>502</html>\n", "is a web page"),
                Arguments.of(
                        "echo \"Error: claude native binary not installed.\" >&2\nexit 1\n",
                        "is the stub that npm leaves if its install script did not run"),
                Arguments.of(
                        "PK\u0003\u0004",
                        "is neither a program nor a script that names its interpreter"));
    }

    @ParameterizedTest
    @MethodSource("stubs")
    void whatIsNoProgramIsPassedOverAndSaysWhy(String content, String why) {
        var stub = bin.resolve("claude");
        Script.writeExecutable(stub, content);
        var claude = executable(home.resolve(".local/bin/claude"));
        var binary = binary(null, bin.toString());

        assertThat(binary.find()).isEqualTo(claude);
        assertThat(binary.skipped()).containsExactly(new Skipped(stub, why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7f454c46020101", "cffaedfe0c000001", "cafebabe00000002"})
    void aProgramOfTheSystemIsTaken(String head) throws IOException {
        var claude = executable(bin.resolve("claude"));
        Files.write(claude, HexFormat.of().parseHex(head));

        assertThat(find(null, bin.toString())).isEqualTo(claude);
    }

    @Test
    void foldersLinksToNothingAndFilesWithoutTheirRunBitAreNamedToo() throws IOException {
        Files.createDirectories(bin.resolve("a/claude"));
        Files.createDirectories(bin.resolve("b"));
        Files.createSymbolicLink(bin.resolve("b/claude"), Path.of("/nowhere"));
        executable(bin.resolve("c/claude")).toFile().setExecutable(false, false);
        executable(bin.resolve("d/claude"));
        var path = "%1$s/a:%1$s/b:%1$s/c:%1$s/d:%1$s/a".formatted(bin);

        assertThat(binary(null, path).skipped())
                .extracting(Skipped::flaw)
                .containsExactly("is a folder", "is a broken link", "cannot be executed");
    }

    @Test
    void whereThereIsNothingElseTheStubIsNamed() {
        Script.writeExecutable(bin.resolve("claude"), "");

        assertThatThrownBy(() -> find("claude", bin.toString()))
                .hasMessageContaining(
                        "(looked for `claude`; skipped %s/claude, which is empty)", bin);
    }

    @Test
    void theNewestNodeOfNvmComesFirst() {
        for (var version : List.of("v9.11.2", "v22.9.0", "v22.10.1", "v18.20.4")) {
            executable(home.resolve(".nvm/versions/node").resolve(version).resolve("bin/claude"));
        }

        assertThat(find(null, "/nowhere").toString()).contains("v22.10.1");
    }

    @Test
    void aVersionManagerThatLiesElsewhereIsFoundByItsVariable() {
        var claude = executable(temporary.resolve("tools/shims/claude"));

        var found =
                new ClaudeBinary(
                                null,
                                Map.of(
                                        "PATH", "/nowhere",
                                        "HOME", home.toString(),
                                        "MISE_DATA_DIR", temporary.resolve("tools").toString()))
                        .find();

        assertThat(found).isEqualTo(claude);
    }

    @Test
    void theFoldersOfABinaryAreItsOwnAndItsRealOneWhereNodeLiesThere() throws IOException {
        var real = executable(temporary.resolve("node-22/bin/claude"));
        executable(temporary.resolve("node-22/bin/node"));
        Files.createDirectories(bin);
        var link = Files.createSymbolicLink(bin.resolve("claude"), real);

        assertThat(binary(null, "/nowhere").companions(link))
                .containsExactly(bin, real.toRealPath().getParent());
    }

    @Test
    void aScriptForNodeGetsANodeFromTheUsualPlacesWhereThePathHasNone() {
        var claude = bin.resolve("claude");
        Script.writeExecutable(claude, "#!/usr/bin/env node\n");
        var node = executable(home.resolve(".nvm/versions/node/v22.1.0/bin/node"));
        var other = executable(temporary.resolve("other/node"));

        assertThat(binary(null, "/nowhere").companions(claude))
                .containsExactly(bin, node.getParent());
        assertThat(binary(null, other.getParent().toString()).companions(claude))
                .containsExactly(bin);
    }

    @Test
    void aBinaryThatIsStillThereIsTakenAsItWasFrozen() {
        var frozen = executable(temporary.resolve("old/claude"));
        executable(bin.resolve("claude"));

        assertThat(binary(null, bin.toString()).stillThere(frozen)).isEqualTo(frozen);
    }

    @Test
    void aBinaryThatAnUpdaterReplacedIsFoundAgain() {
        var claude = executable(bin.resolve("claude"));

        assertThat(binary(null, bin.toString()).stillThere(temporary.resolve("old/claude")))
                .isEqualTo(claude);
    }

    @Test
    void aStandInIsNeverReplacedByARealOne() {
        executable(bin.resolve("claude"));
        var frozen = temporary.resolve("old/demo-claude");

        assertThat(binary(null, bin.toString()).stillThere(frozen)).isEqualTo(frozen);
        assertThat(binary(bin.resolve("claude").toString(), "/bin").stillThere(frozen))
                .isEqualTo(frozen);
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
                .hasMessage("Claude Code was not found (looked for `/nowhere/claude`).");
    }

    @Test
    void saysWhereItWasLookedForWithoutTheWholePath() {
        assertThatThrownBy(() -> binary(null, "/nowhere/a:/nowhere/b").find())
                .hasMessage(
                        "Claude Code was not found (looked for `claude` on the PATH and in the standard locations).");
    }

    private Path find(String configured, String path) {
        return binary(configured, path).find();
    }

    private ClaudeBinary binary(String configured, String path) {
        return new ClaudeBinary(configured, Map.of("PATH", path, "HOME", home.toString()));
    }

    private static Path executable(Path file) {
        Script.writeExecutable(file, "#!/bin/sh\n");
        return file;
    }
}
