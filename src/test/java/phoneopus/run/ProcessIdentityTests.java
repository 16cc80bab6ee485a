package phoneopus.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.RunningProcesses;
import phoneopus.RunningProcesses.Living;
import phoneopus.Script;
import phoneopus.run.ProcessTable.Stat;

@Timeout(60)
class ProcessIdentityTests {

    @TempDir Path temporary;
    Path folder;

    @BeforeEach
    void find() throws IOException {
        folder = temporary.toRealPath();
    }

    @AfterEach
    void killAll() {
        RunningProcesses.in(folder).forEach(Living::kill);
        await().until(() -> RunningProcesses.in(folder).isEmpty());
    }

    @Test
    void readsTheRunnersLine() {
        assertThat(ProcessIdentity.parse("12 345 0f1e-boot\n"))
                .contains(new ProcessIdentity(12, 345, "0f1e-boot"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "cancelled\n", "12 345", "12 345 boot more", "a b c", "12  3"})
    void anyOtherLineNamesNobody(String line) {
        assertThat(ProcessIdentity.parse(line)).isEmpty();
    }

    @Test
    void thisProcessLives() {
        assertThat(identity(ProcessHandle.current().pid()).alive()).isTrue();
    }

    @Test
    void aPidWithOtherStartTicksIsAnotherProcess() {
        var self = identity(ProcessHandle.current().pid());
        var other = new ProcessIdentity(self.pid(), self.startTicks() - 1, self.bootId());

        assertThat(other.alive()).isFalse();
        assertThat(other.session()).isEmpty();
        assertThat(other.tree()).isEmpty();
    }

    @Test
    void whereTheBootIsUnknownTheStartTicksTell() {
        var leader = identity(start("exec sleep 600").pid());
        var hidden = new ProcessIdentity(leader.pid(), leader.startTicks(), "unknown");
        var other = new ProcessIdentity(leader.pid(), leader.startTicks() - 1, "unknown");

        assertThat(hidden.alive()).isTrue();
        assertThat(other.alive()).isFalse();
    }

    @Test
    void aPidOfAnotherBootIsAnotherProcess() {
        var leader = identity(start("exec sleep 600").pid());
        var other = new ProcessIdentity(leader.pid(), leader.startTicks(), "another-boot");

        assertThat(leader.session()).hasSize(1);
        assertThat(other.alive()).isFalse();
        assertThat(other.session()).isEmpty();
        assertThat(other.tree()).isEmpty();
    }

    @Test
    void aPidThatNobodyHasIsDead() throws Exception {
        var process = start("exec sleep 600");
        var identity = identity(process.pid());

        process.destroyForcibly().waitFor();

        assertThat(identity.alive()).isFalse();
        assertThat(identity.session()).isEmpty();
        assertThat(identity.tree()).isEmpty();
    }

    @Test
    void aChildWithASessionOfItsOwnIsInTheTreeAlone() {
        var leader =
                identity(
                        start(
                                        "sleep 600 & echo $! >child; setsid sh -c 'echo $$ >own; sleep 600 & echo $! >deep; wait' & wait")
                                .pid());
        var child = pid("child");
        var own = pid("own");
        var deep = pid("deep");
        await().until(() -> leader.tree().stream().anyMatch(stat -> stat.pid() == deep));

        assertThat(leader.session())
                .extracting(Stat::pid)
                .containsExactlyInAnyOrder(leader.pid(), child);
        assertThat(leader.tree())
                .extracting(Stat::pid)
                .containsExactlyInAnyOrder(leader.pid(), child, own, deep);
    }

    @Test
    void onlyItsOwnAreMembers() {
        var leader =
                identity(
                        start(
                                        "sleep 600 & echo $! >child; setsid sh -c 'echo $$ >own; exec sleep 600' & wait")
                                .pid());
        var child = pid("child");
        var own = pid("own");
        await().until(() -> leader.tree().stream().anyMatch(stat -> stat.pid() == own));
        var another = new ProcessIdentity(leader.pid(), leader.startTicks(), "another-boot");

        assertThat(leader.members(Set.of(child, own, 1L, Long.MAX_VALUE)))
                .extracting(Stat::pid)
                .containsExactly(child);
        assertThat(another.members(Set.of(child))).isEmpty();
    }

    @Test
    void theSessionOutlivesItsLeader() throws Exception {
        var process = start("sleep 600 & echo $! >child; wait");
        var leader = identity(process.pid());
        var child = pid("child");

        process.destroyForcibly().waitFor();

        assertThat(leader.alive()).isFalse();
        assertThat(leader.session()).extracting(Stat::pid).containsExactly(child);
        assertThat(leader.tree()).extracting(Stat::pid).containsExactly(child);
    }

    @Test
    void aZombieIsDead() {
        start("(echo $(exec sh -c 'echo $PPID') >zombie) & exec sleep 600");
        var zombie = pid("zombie");

        await().until(() -> ProcessTable.find(zombie).filter(stat -> !stat.live()).isPresent());

        assertThat(identity(zombie).alive()).isFalse();
        assertThat(ProcessTable.find(zombie).orElseThrow().stillThere()).isFalse();
    }

    @Test
    void whatItsChildrenHaveComputedCountsWhenTheyAreOverToo() {
        var child = "n=0; while [ $n -lt 600000 ]; do n=$((n+1)); done";
        var process = start("sh -c '" + child + "'; echo $$ >over; exec sleep 600");
        var parent = ProcessTable.find(pid("over")).orElseThrow();

        assertThat(parent.pid()).isEqualTo(process.pid());
        assertThat(parent.processorTicks()).isGreaterThan(5);
    }

    @Test
    void aProcessMayHaveAnyNameEvenOneCutInHalf() throws IOException {
        for (String name : List.of("a) Z 1 (b", "éééééééé", "new\nline")) {
            var program =
                    Files.copy(
                            Path.of("/bin/sleep").toRealPath(),
                            folder.resolve(name),
                            StandardCopyOption.COPY_ATTRIBUTES);
            var process = start("exec '" + program + "' 600");
            await().until(() ->
                    !new String(
                                    Files.readAllBytes(
                                            Path.of("/proc", Long.toString(process.pid()), "comm")),
                                    UTF_8)
                            .startsWith("s"));

            assertThat(ProcessTable.find(process.pid())).as(name).isPresent();
            assertThat(identity(process.pid()).session()).as(name).hasSize(1);
        }
    }

    private Process start(String script) {
        var process =
                new Script(
                                List.of("setsid", "sh", "-c", script),
                                folder,
                                java.util.Map.of("PATH", "/usr/bin:/bin"))
                        .start(new byte[0]);
        await().until(() ->
                ProcessTable.find(process.pid())
                        .filter(stat -> stat.session() == process.pid())
                        .isPresent());
        return process;
    }

    private long pid(String file) {
        return await().until(
                        () -> {
                            var path = folder.resolve(file);
                            var text = Files.exists(path) ? Files.readString(path).strip() : "";
                            return text.isEmpty()
                                    ? Optional.<Long>empty()
                                    : Optional.of(Long.valueOf(text));
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private static ProcessIdentity identity(long pid) {
        try {
            var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return new ProcessIdentity(
                    pid, ProcessTable.find(pid).orElseThrow().startTicks(), boot);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
