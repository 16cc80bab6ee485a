package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;

class ClaudeInstallationTests {

    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** By the installation of these tests, or by the shell that is the command. */
    private static final Set<String> SET_ANYHOW =
            Set.of("PATH", "HOME", "AWS_REGION", "PWD", "OLDPWD", "SHLVL", "_");

    @TempDir Path temporary;
    Path binary;

    @BeforeEach
    void nameBinary() {
        binary = temporary.resolve("claude");
    }

    @Test
    void itSaysItsVersionInItsOwnWords() {
        command("echo '2.1.330 (Claude Code)'; echo more");

        assertThat(installation(A_WHILE).find(A_WHILE))
                .contains(new ClaudeInstallation.Found(binary, "2.1.330 (Claude Code)"));
    }

    @Test
    void whereThereIsNoneNoneIsFound() {
        assertThat(installation(A_WHILE).find(A_WHILE)).isEmpty();
    }

    @Test
    void itIsAskedOnceHoweverOftenItIsFound() throws IOException {
        command("echo asked >>\"$HOME/asked\"; echo 1.0");
        var installation = installation(A_WHILE);

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 20).forEach(_ -> callers.submit(() -> installation.find(A_WHILE)));
        }

        assertThat(installation.find(A_WHILE).orElseThrow().version()).isEqualTo("1.0");
        assertThat(Files.readAllLines(temporary.resolve("asked"))).hasSize(1);
    }

    @Test
    void itIsAskedAgainWhenItIsAnother() throws IOException {
        var installation = installation(A_WHILE);
        command("echo 1.0");
        var before = installation.find(A_WHILE).orElseThrow();
        command("echo 2.0");
        Files.setLastModifiedTime(binary, FileTime.fromMillis(1));

        var after = installation.find(A_WHILE).orElseThrow();

        assertThat(before.version()).isEqualTo("1.0");
        assertThat(after.version()).isEqualTo("2.0");
    }

    @Test
    void oneThatHangsIsEndedAndItsVersionUnknown() {
        command("echo $$ >\"$HOME/pid\"; sleep 600 & echo $! >\"$HOME/child\"; wait");
        var installation = installation(SHORT);

        var version = installation.find(A_WHILE).orElseThrow().version();

        assertThat(version).isEqualTo("unknown");
        await().atMost(A_WHILE)
                .untilAsserted(() -> {
                    assertThat(lives("pid")).isFalse();
                    assertThat(lives("child")).isFalse();
                });
    }

    @Test
    void nobodyWaitsLongerThanHeWants() {
        command("sleep 600");
        var installation = installation(Duration.ofSeconds(2));
        var started = System.nanoTime();

        var version = installation.find(Duration.ofMillis(50)).orElseThrow().version();

        assertThat(version).isEqualTo("unknown");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
        installation.find(A_WHILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit 3",
                "echo 1.0; exit 1",
                "true",
                "echo '  '",
                "head -c 900000 /dev/zero"
            })
    void whatSaysNothingUsableIsUnknown(String script) {
        command(script);

        assertThat(installation(SHORT).find(A_WHILE).orElseThrow().version()).isEqualTo("unknown");
    }

    @Test
    void aVersionIsShortAndCannotSteerATerminal() {
        command("printf '1.0\\033[31m%0200d' 7");

        assertThat(installation(A_WHILE).find(A_WHILE).orElseThrow().version())
                .hasSizeLessThanOrEqualTo(80)
                .doesNotContain("\033");
    }

    @Test
    void itGetsTheEnvironmentOfAConsultAndNoDirectoryOfAnybody() {
        command("echo \"$AWS_REGION $OTHER_KEY $DISABLE_AUTOUPDATER $(pwd)\"");

        assertThat(installation(A_WHILE).find(A_WHILE).orElseThrow().version())
                .isEqualTo("here  1 /");
    }

    @Test
    void whatThisProgramHasInItsOwnEnvironmentStaysOutOfIt() throws IOException {
        command("env >\"$HOME/env\"; echo 1.0");

        installation(A_WHILE).find(A_WHILE);

        assertThat(System.getenv()).containsKey("LC_ALL");
        assertThat(Files.readAllLines(temporary.resolve("env")))
                .extracting(line -> line.replaceFirst("=.*", ""))
                .contains("HOME", "AWS_REGION", "CLAUDE_CODE_MAX_RETRIES")
                .doesNotContainAnyElementsOf(
                        System.getenv().keySet().stream()
                                .filter(name ->
                                        !SET_ANYHOW.contains(name)
                                                && !ChildEnvironment.GUARDS.containsKey(name))
                                .toList());
    }

    @Test
    void oneThatIsTooOldIsRefusedWithTheReasonAndTheUpdate() {
        command("echo '1.0.60 (Claude Code)'");

        assertThatThrownBy(() -> installation(A_WHILE).refuseTooOld(binary))
                .hasMessage(
                        "Claude Code 1.0.60 (%s) is too old: phone-opus needs at least 2.1.111, the first that supports every value of `--effort`.",
                        binary)
                .isInstanceOfSatisfying(
                        ClaudeTooOldException.class,
                        problem -> assertThat(problem.update()).isEqualTo(binary + " update"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo '2.1.111 (Claude Code)'",
                "echo '10.0.0-beta.1 (Claude Code)'",
                "echo '0.0.0 (phone-opus demo)'",
                "echo '1.0.60'",
                "exit 1",
                "sleep 600"
            })
    void oneThatIsNewEnoughOrDoesNotSayPasses(String script) {
        command(script);

        assertThatCode(() -> installation(SHORT).refuseTooOld(binary)).doesNotThrowAnyException();
    }

    @Test
    void aRestrictedAdviserNeedsANewerOne() {
        command("echo '2.1.247 (Claude Code)'");
        var installation = installation(A_WHILE, Map.of("phone-opus.claude.restricted", "true"));

        assertThatThrownBy(() -> installation.refuseTooOld(binary))
                .hasMessageContaining("at least 2.1.248, the first that supports `--restricted`");
        assertThatCode(() -> installation(A_WHILE).refuseTooOld(binary)).doesNotThrowAnyException();
    }

    @Test
    void whatOneProcessHasHeardAnotherNeedNotAsk() throws IOException {
        command("echo asked >>\"$HOME/asked\"; echo '2.1.330 (Claude Code)'");

        for (int process = 0; process < 3; process++) {
            installation(A_WHILE).refuseTooOld(binary);
        }

        assertThat(Files.readAllLines(temporary.resolve("asked"))).hasSize(1);
    }

    @Test
    void whatItDidNotSayInTimeIsAskedAgainByTheNextProcess() throws IOException {
        command("[ -e \"$HOME/version\" ] || sleep 600; cat \"$HOME/version\"");
        var tooSlow = installation(SHORT).find(A_WHILE).orElseThrow();

        Files.writeString(temporary.resolve("version"), "2.1.330 (Claude Code)");

        assertThat(tooSlow.versionKnown()).isFalse();
        assertThat(installation(A_WHILE).find(A_WHILE).orElseThrow().version())
                .isEqualTo("2.1.330 (Claude Code)");
    }

    @Test
    void aShimWhoseCommandWasUpdatedIsAskedAgain() throws IOException {
        command("cat \"$HOME/version\"");
        var version = Files.writeString(temporary.resolve("version"), "1.0.60 (Claude Code)");
        var installation = installation(A_WHILE);
        assertThatThrownBy(() -> installation.refuseTooOld(binary))
                .isInstanceOf(ClaudeTooOldException.class);

        Files.writeString(version, "2.1.330 (Claude Code)");

        assertThatCode(() -> installation.refuseTooOld(binary)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "2.1.111, true",
        "2.1.298, true",
        "2.1.299, false",
        "2.2.0, false",
        "nightly, true"
    })
    void oneThatCannotSwitchFileMentionsOffAloneGetsNoAttachmentsAtAll(
            String version, boolean without) {
        command("echo '%s (Claude Code)'".formatted(version));
        var installation = installation(A_WHILE);

        installation.refuseTooOld(binary);

        assertThat(
                        installation
                                .environmentOf(binary)
                                .containsKey("CLAUDE_CODE_DISABLE_ATTACHMENTS"))
                .isEqualTo(without);
    }

    @Test
    void aRunWaitsForNoVersionAndIsGuardedAsTheOldestAre() {
        command("sleep 600");
        var installation = installation(SHORT);

        assertThat(installation.environmentOf(binary))
                .containsEntry("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1")
                .containsEntry("PATH", "/usr/bin:/bin:" + temporary);
    }

    private boolean lives(String file) throws IOException {
        var pid = Long.parseLong(Files.readString(temporary.resolve(file)).strip());
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private void command(String script) {
        Script.writeExecutable(binary, "#!/bin/sh\n" + script + "\n");
    }

    private ClaudeInstallation installation(Duration longest) {
        return installation(longest, Map.of());
    }

    private ClaudeInstallation installation(Duration longest, Map<String, String> more) {
        var settings = new HashMap<String, String>(more);
        settings.put("phone-opus.claude.binary", binary.toString());
        return new ClaudeInstallation(
                HandMade.properties(settings),
                Map.of(
                        "PATH", "/usr/bin:/bin",
                        "HOME", temporary.toString(),
                        "AWS_REGION", "here",
                        "OTHER_KEY", "canary"),
                longest,
                new VersionCache(temporary.resolve("cache")));
    }
}
