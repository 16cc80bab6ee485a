package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramNameTests {

    @TempDir Path folder;
    Path program;

    @BeforeEach
    void install() throws IOException {
        program = Files.createDirectories(folder.resolve("my programs/bin")).resolve("phone-opus");
        Files.createFile(program).toFile().setExecutable(true);
    }

    @Test
    void isItsUsualNameIfThePathLeadsToIt() throws IOException {
        var bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("phone-opus"), program);

        assertThat(name(folder, "/usr/bin:" + bin)).isEqualTo("phone-opus");
    }

    @Test
    void isItsPathIfAnotherProgramIsFirstOnThePath() throws IOException {
        var other = Files.createDirectory(folder.resolve("other"));
        Files.createFile(other.resolve("phone-opus")).toFile().setExecutable(true);

        assertThat(name(other, other + ":" + program.getParent())).isEqualTo("'" + program + "'");
    }

    @Test
    void isRelativeBelowTheDirectory() {
        assertThat(name(folder, "")).isEqualTo("'my programs/bin/phone-opus'");
        assertThat(name(program.getParent(), "")).isEqualTo("./phone-opus");
    }

    @Test
    void isJavaWithTheJarIfThereIsNoLauncher() {
        var command = List.of("/java/bin/java", "-jar", "/opt/phone-opus.jar");

        assertThat(ProgramName.of(command, Map.of(), folder))
                .isEqualTo("/java/bin/java -jar /opt/phone-opus.jar");
    }

    private String name(Path here, String path) {
        return ProgramName.of(List.of(program.toString()), Map.of("PATH", path), here);
    }
}
