package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.mcp.InvalidArgumentException;

class WorkingDirectoryTests {

    private static final String NEEDED =
            "cwd is required: give the absolute path of the repository to consult about";

    @TempDir Path temporary;
    Path folder;
    Path home;
    Path here;
    WorkingDirectory directories;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        home = Files.createDirectories(folder.resolve("home/project")).getParent();
        here = Files.createDirectories(folder.resolve("here/sub")).getParent();
        directories = new WorkingDirectory(here, home, List.of());
    }

    @Test
    void anAbsolutePathIsTaken() {
        var directory = directories.resolve(home.toString(), here);

        assertThat(directory).isEqualTo(home);
    }

    @Test
    void absentItIsTheClientsOnlyRoot() {
        var directory = directories.resolve(null, home.resolve("project"));

        assertThat(directory).isEqualTo(home.resolve("project"));
    }

    @Test
    void absentWithoutARootItIsTheServersDirectory() {
        var directory = directories.resolve(null, null);

        assertThat(directory).isEqualTo(here);
    }

    @Test
    void absentItIsNeverTheTopOfTheFileSystem() {
        var atTheTop = new WorkingDirectory(Path.of("/"), home, List.of());

        assertThatThrownBy(() -> atTheTop.resolve(null, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(NEEDED);
    }

    @Test
    void absentItIsNeverTheHomeDirectory() {
        var atHome = new WorkingDirectory(home, home, List.of());

        assertThatThrownBy(() -> atHome.resolve(null, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(NEEDED);
    }

    @Test
    void absentItIsNotTheHomeDirectoryByAnotherNameEither() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), home);
        var atHome = new WorkingDirectory(home, link, List.of());

        assertThatThrownBy(() -> atHome.resolve(null, null)).hasMessage(NEEDED);
    }

    @Test
    void askedForTheHomeDirectoryAndTheTopAreTaken() {
        var atHome = new WorkingDirectory(home, home, List.of());

        assertThat(atHome.resolve(home.toString(), null)).isEqualTo(home);
        assertThat(atHome.resolve("/", null)).isEqualTo(Path.of("/"));
    }

    @Test
    void aRelativePathIsOfTheClientsRoot() {
        var directory = directories.resolve("project", home);

        assertThat(directory).isEqualTo(home.resolve("project"));
    }

    @Test
    void aRelativePathWithoutARootIsOfTheServersDirectory() {
        var directory = directories.resolve("./sub", null);

        assertThat(directory).isEqualTo(here.resolve("sub"));
    }

    @Test
    void aRelativePathOfTheTopIsRefused() {
        var atTheTop = new WorkingDirectory(Path.of("/"), home, List.of());

        assertThatThrownBy(() -> atTheTop.resolve("tmp", null)).hasMessage(NEEDED);
    }

    @Test
    void theServersDirectoryMayBeGivenAsARelativePath() {
        var directory = new WorkingDirectory(Path.of(""), home, List.of()).resolve(null, null);

        assertThat(directory).isEqualTo(Path.of("").toAbsolutePath().normalize());
    }

    @Test
    void aTildeIsTheHomeDirectory() {
        assertThat(directories.resolve("~", null)).isEqualTo(home);
        assertThat(directories.resolve("~/", null)).isEqualTo(home);
        assertThat(directories.resolve("~/project", null)).isEqualTo(home.resolve("project"));
    }

    @Test
    void dotsAreResolved() {
        var directory = directories.resolve(here + "/sub/../../home/./project", null);

        assertThat(directory).isEqualTo(home.resolve("project"));
    }

    @Test
    void aSymbolicLinkIsWhatItPointsTo() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), home);

        var directory = directories.resolve(link + "/project", null);

        assertThat(directory).isEqualTo(home.resolve("project"));
    }

    @Test
    void aFileIsRefused() throws IOException {
        var file = Files.createFile(folder.resolve("file")).toString();

        assertThatThrownBy(() -> directories.resolve(file, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("cwd must be an existing directory, got `" + file + "`");
    }

    @Test
    void aMissingDirectoryIsRefused() {
        var missing = folder.resolve("missing").toString();

        assertThatThrownBy(() -> directories.resolve(missing, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("cwd must be an existing directory, got `" + missing + "`");
    }

    @Test
    void aLinkInALoopIsRefused() throws IOException {
        var loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);

        assertThatThrownBy(() -> directories.resolve(loop.toString(), null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith("cwd must be an existing directory, got ");
    }

    @Test
    void aNulIsRefused() {
        assertThatThrownBy(() -> directories.resolve("/tmp\0/x", null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("cwd must be a path, got `/tmp /x`");
        assertThatThrownBy(() -> directories.resolve("~/\0", null))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void jobsAreLookedUpByADirectoryThatIsGone() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), home);
        var restricted = new WorkingDirectory(here, home, List.of(here));

        assertThat(directories.named("" + home.resolve("gone/too")))
                .isEqualTo(home.resolve("gone/too"));
        assertThat(directories.named(link + "/gone/")).isEqualTo(home.resolve("gone"));
        assertThat(directories.named(link + "/project/../gone/./x/../y"))
                .isEqualTo(home.resolve("gone/y"));
        assertThat(directories.named("/never/was")).isEqualTo(Path.of("/never/was"));
        assertThat(restricted.named("" + home.resolve("gone"))).isEqualTo(home.resolve("gone"));
    }

    @Test
    void jobsAreLookedUpByOneThatIsThereAsByTheOneTheyRunIn() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), home);
        var file = Files.createFile(folder.resolve("file"));

        assertThat(directories.named(link + "/project")).isEqualTo(home.resolve("project"));
        assertThat(directories.named("~/project")).isEqualTo(home.resolve("project"));
        assertThat(directories.named("~/gone")).isEqualTo(home.resolve("gone"));
        assertThat(directories.named("sub")).isEqualTo(here.resolve("sub"));
        assertThat(directories.named("" + file)).isEqualTo(file);
        assertThatThrownBy(() -> directories.named("/tmp\0/x"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("cwd must be a path, got `/tmp /x`");
    }

    @Test
    void onlyTheAllowedRootsAndWhatIsBelowThemAreTaken() {
        var allowed = new WorkingDirectory(here, home, List.of(here, home.resolve("project")));

        assertThat(allowed.resolve(here.toString(), null)).isEqualTo(here);
        assertThat(allowed.resolve("sub", null)).isEqualTo(here.resolve("sub"));
        assertThat(allowed.resolve("~/project", null)).isEqualTo(home.resolve("project"));
        assertThatThrownBy(() -> allowed.resolve("~", null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("cwd must be inside one of the allowed roots, got `" + home + "`");
    }

    @Test
    void aNameThatBeginsLikeAnAllowedRootIsOutsideOfIt() throws IOException {
        var twin = Files.createDirectory(folder.resolve("here-too"));
        var allowed = new WorkingDirectory(here, home, List.of(here));

        assertThatThrownBy(() -> allowed.resolve(twin.toString(), null))
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
    }

    @Test
    void noLinkAndNoDotsLeadOutOfTheAllowedRoots() throws IOException {
        var allowed = new WorkingDirectory(here, home, List.of(here));
        Files.createSymbolicLink(here.resolve("link"), home);

        assertThatThrownBy(() -> allowed.resolve(here + "/link", null))
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
        assertThatThrownBy(() -> allowed.resolve(here + "/../home", null))
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
    }

    @Test
    void outsideOfThemNobodyLearnsWhatThereIsNorWhereALinkLeads() throws IOException {
        var allowed = new WorkingDirectory(here, home, List.of(here));
        Files.createFile(home.resolve("file"));
        Files.createSymbolicLink(home.resolve("link"), home.resolve("project"));

        for (var name :
                List.of("project", "file", "link", "missing", "missing/../../here/../home")) {
            assertThatThrownBy(() -> allowed.resolve(home + "/" + name, null))
                    .hasMessage(
                            "cwd must be inside one of the allowed roots, got `%s/%s`"
                                    .formatted(home, name));
        }
    }

    @Test
    void theDefaultMustLieInsideTheAllowedRootsToo() {
        var allowed = new WorkingDirectory(here, home, List.of(home));

        assertThatThrownBy(() -> allowed.resolve(null, null))
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
    }

    @Test
    void anAllowedRootMayBeALink() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), here);
        var allowed = new WorkingDirectory(home, home, List.of(link));

        assertThat(allowed.resolve(here.toString(), null)).isEqualTo(here);
    }

    @Test
    void anAllowedRootThatIsMissingAllowsNothingAndForbidsNothing() {
        var missing = folder.resolve("missing");
        var allowed = new WorkingDirectory(home, home, List.of(missing, here));

        assertThat(allowed.resolve(here.toString(), null)).isEqualTo(here);
        assertThatThrownBy(() -> allowed.resolve("~", null))
                .hasMessage("cwd must be inside one of the allowed roots, got `" + home + "`");
    }
}
