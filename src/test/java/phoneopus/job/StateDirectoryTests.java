package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it is without a setting is tested by AskIT, in an environment of its own. */
class StateDirectoryTests {

    @TempDir Path temporary;
    String home;

    @BeforeEach
    void moveHome() {
        home = System.setProperty("user.home", temporary.resolve("home").toString());
    }

    @AfterEach
    void moveBack() {
        System.setProperty("user.home", home);
    }

    @Test
    void isMadeWithItsParentsAndPrivate() throws IOException {
        var wanted = temporary.resolve("a/b c/ä");

        var path = new StateDirectory(wanted).path();

        assertThat(path).isEqualTo(wanted).isDirectory();
        assertThat(permissions(wanted)).isEqualTo("rwx------");
        assertThat(permissions(wanted.getParent())).isEqualTo("rwx------");
    }

    @Test
    void oneThatOthersCanReadIsMadePrivate() throws IOException {
        var wanted = Files.createDirectory(temporary.resolve("state"));
        Files.setPosixFilePermissions(wanted, PosixFilePermissions.fromString("rwxr-xr-x"));

        new StateDirectory(wanted).path();

        assertThat(permissions(wanted)).isEqualTo("rwx------");
    }

    @Test
    void aTildeIsTheUsersHome() throws IOException {
        var path = new StateDirectory(Path.of("~/my/state")).path();

        assertThat(path).isEqualTo(temporary.resolve("home/my/state")).isDirectory();
    }

    @Test
    void aTildeInsideANameIsANameOnly() throws IOException {
        var wanted = temporary.resolve("~state/x~");

        var path = new StateDirectory(wanted).path();

        assertThat(path).isEqualTo(wanted).isDirectory();
    }

    @Test
    void itsPathIsAbsoluteAndPlain() throws IOException {
        var wanted = temporary.resolve("x/../state/.");

        var path = new StateDirectory(wanted).path();

        assertThat(path).isEqualTo(temporary.resolve("state"));
    }

    @Test
    void aFileInItsPlaceIsAnError() throws IOException {
        var file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> new StateDirectory(file).path()).isInstanceOf(IOException.class);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
