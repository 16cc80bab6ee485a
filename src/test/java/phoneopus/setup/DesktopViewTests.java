package phoneopus.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.Script;

class DesktopViewTests {

    private static final String HOME = "phone-opus.home";

    @TempDir Path installation;

    @BeforeEach
    void nameTheInstallation() {
        System.setProperty(HOME, installation.toString());
    }

    @AfterEach
    void forgetTheInstallation() {
        System.clearProperty(HOME);
    }

    @Test
    void aJavaThatTheLauncherFindsNeedsNoTelling() {
        finderThat("exit 0");

        assertThat(view().javaHomeToTell()).isNull();
    }

    @Test
    void aJavaThatTheLauncherDoesNotFindIsTold() {
        finderThat("exit 3");

        assertThat(view().javaHomeToTell()).isEqualTo(Path.of(System.getProperty("java.home")));
    }

    @Test
    void theLauncherIsAskedWithWhatADesktopProgramHas() throws Exception {
        var seen = installation.resolve("seen");
        finderThat("env >'" + seen + "'");

        view().javaHomeToTell();

        assertThat(Files.readAllLines(seen))
                .contains("PATH=/usr/bin:/bin", "HOME=/home/me")
                .noneMatch(line -> line.startsWith("JAVA_HOME") || line.startsWith("SECRET"));
    }

    @Test
    void anInstallationThatBringsItsOwnJavaNeedsNoTelling() {
        assertThat(view().javaHomeToTell()).isNull();
    }

    private static DesktopView view() {
        return DesktopView.of(
                Map.of("HOME", "/home/me", "PATH", "/mine", "JAVA_HOME", "/java", "SECRET", "x"));
    }

    private void finderThat(String does) {
        Script.writeExecutable(
                installation.resolve("libexec/find-jdk.sh"), "#!/bin/sh\n" + does + "\n");
    }
}
