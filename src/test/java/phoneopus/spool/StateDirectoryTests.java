package phoneopus.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void aLinkOfTheUsersOwnMayLeadToIt() throws IOException {
        var elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        var link = Files.createSymbolicLink(temporary.resolve("link"), elsewhere);

        new StateDirectory(link).path();

        assertThat(permissions(elsewhere)).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatSomebodyElseMadeIsRefused(boolean link) throws IOException {
        var elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        var before = permissions(elsewhere);
        var planted =
                link ? Files.createSymbolicLink(temporary.resolve("link"), elsewhere) : elsewhere;
        giveAway(planted);

        assertThatThrownBy(() -> new StateDirectory(planted).path())
                .hasMessageContaining("it belongs to another user");

        assertThat(permissions(elsewhere)).isEqualTo(before);
    }

    @Test
    void aLinkThatWasPlantedInItIsRefused() throws IOException {
        var elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        var state = new StateDirectory(temporary.resolve("state"));
        Files.createSymbolicLink(state.path().resolve("spool"), elsewhere);

        assertThatThrownBy(() -> state.folder("spool"))
                .hasMessageContaining("spool in it is a symbolic link");

        assertThat(elsewhere).isEmptyDirectory();
    }

    private static void giveAway(Path path) throws IOException {
        try {
            Files.setAttribute(path, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException _) {
            assumeTrue(false, "only root can give a file away");
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
