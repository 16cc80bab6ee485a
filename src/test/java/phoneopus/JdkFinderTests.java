package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script.Completion;

class JdkFinderTests {

    @TempDir Path folder;
    Path root;
    Path home;
    Script finder;

    @BeforeEach
    void makeMachineWithoutJava() throws IOException {
        root = Files.createDirectories(folder.resolve("a root"));
        home = Files.createDirectories(root.resolve("home/some one"));
        var noJava = Files.createDirectories(folder.resolve("bin"));
        finder = finderRunBy("/bin/sh").with("HOME", home).with("PATH", noJava);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/lib/jvm/jdk 25",
                "usr/lib64/jvm/jdk-25",
                "usr/java/jdk-25",
                "opt/java25",
                "opt/java/openjdk",
                "opt/jdk-25",
                "home/some one/.sdkman/candidates/java/25.0.1-tem",
                "home/some one/.jdks/temurin-25.0.1",
                "home/some one/.local/share/mise/installs/java/25",
                "home/some one/.asdf/installs/java/temurin-25",
                "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
                "home/some one/Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
                "opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home",
                "usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home"
            })
    void findsAJdkInEveryUsualPlaceThoughJavaHomeIsTooOld(String place) {
        var old = jdk("old", "17.0.15");
        var jdk = jdk(place, "25.0.1");

        var ended = find(finder.with("JAVA_HOME", old));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @Test
    void sdkmanMayHaveMoved() {
        var jdk = jdk("sdk man/candidates/java/25-open", "25");

        var ended = find(finder.with("SDKMAN_DIR", root.resolve("sdk man")));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @Test
    void javaHomeComesFirst() {
        var jdk = jdk("elsewhere/my jdk", "25.0.3");
        jdk("opt/jdk-25", "25.0.1");

        var ended = find(finder.with("JAVA_HOME", jdk));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @Test
    void aJavaOnThePathIsFollowedToItsHome() throws IOException {
        var jdk = jdk("elsewhere/my jdk", "25.0.1");
        var alternatives = Files.createDirectories(folder.resolve("alternatives"));
        var bin = Files.createDirectories(folder.resolve("on path"));
        Files.createSymbolicLink(alternatives.resolve("java"), jdk.resolve("bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of("../alternatives/java"));

        var ended = find(finder.with("PATH", bin + ":/usr/bin:/bin"));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @Test
    void aJavaWithoutAReleaseFileIsAskedForItsHome() {
        var jdk = jdk("elsewhere/my jdk", "25.0.1");
        Script.writeExecutable(
                folder.resolve("shims/java"),
                """
                #!/bin/sh
                echo "Property settings:
                    java.home = %s
                    java.specification.version = 25" >&2
                """
                        .formatted(jdk));

        var ended = find(finder.with("PATH", folder.resolve("shims")));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @Test
    void noJavaIsStartedWhereAReleaseFileWillDo() {
        Script.writeExecutable(
                folder.resolve("shims/java"),
                "#!/bin/sh\n: >'" + folder.resolve("started") + "'\n");
        var jdk = jdk("opt/jdk-25", "25.0.1");

        var ended = find(finder.with("PATH", folder.resolve("shims")));

        assertThat(ended).isEqualTo(found(jdk));
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void aNewerOneIsAcceptedWhereThereIsNo25() {
        var newer = jdk("elsewhere/jdk-27", "27-ea");
        jdk("opt/jdk-26", "26.0.1");

        var ended = find(finder.with("JAVA_HOME", newer));

        assertThat(ended).isEqualTo(found(newer));
    }

    @Test
    void a25IsPreferredToANewerOne() {
        var newer = jdk("elsewhere/jdk-26", "26.0.1");
        var jdk = jdk("home/some one/.jdks/25", "25.0.1");

        var ended = find(finder.with("JAVA_HOME", newer));

        assertThat(ended).isEqualTo(found(jdk));
    }

    @ParameterizedTest
    @ValueSource(strings = {"24.0.2", "17.0.15", "1.8.0_292", "", "new"})
    void nothingFitIsSaidInOneSentence(String version) {
        var old = jdk("opt/jdk-old", version);

        var ended = find(finder.with("JAVA_HOME", old));

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("phone-opus needs Java 25 or newer and found none: install a JDK 25")
                .endsWith(".\n")
                .hasLineCount(1);
    }

    @Test
    void aRuntimeIsEnoughForTheLauncherButNotForTheBuild() throws IOException {
        var runtime = jdk("opt/java-25-jre", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));

        var forTheLauncher = finder.run("java", root.toString());
        var forTheBuild = find(finder);

        assertThat(forTheLauncher).isEqualTo(found(runtime));
        assertThat(forTheBuild.exitCode()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh -euf", "/bin/bash -euf", "/bin/bash --posix", "/bin/dash"})
    void everyShellWillDoAndNoHomeIsNeeded(String shell) {
        var jdk = jdk("usr/lib/jvm/jdk 25", "25.0.1");

        var ended = find(finderRunBy(shell.split(" ")).with("PATH", folder.resolve("bin")));

        assertThat(ended).isEqualTo(found(jdk));
    }

    private Script finderRunBy(String... shell) {
        var command =
                Stream.concat(
                        Stream.of(shell), Stream.of(Script.file(".mvn/find-jdk.sh").toString()));
        return Script.of(folder.resolve("run"), command.toArray(String[]::new));
    }

    private Completion find(Script script) {
        return script.run("javac", root.toString());
    }

    private static Completion found(Path jdk) {
        return new Completion(0, jdk + "\n", "");
    }

    private Path jdk(String place, String version) {
        var jdk = root.resolve(place);
        Script.writeExecutable(jdk.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
        Script.writeExecutable(jdk.resolve("bin/javac"), "#!/bin/sh\nexit 9\n");
        try {
            Files.writeString(
                    jdk.resolve("release"),
                    "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"x\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jdk;
    }
}
