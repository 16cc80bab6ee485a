package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTests {

    @TempDir Path temporary;
    Path folder;
    Path installed;
    Path java;

    @BeforeEach
    void install() throws IOException {
        folder = temporary.toRealPath();
        installed = folder.resolve("my programs/phone-opus");
        java = folder.resolve("a jdk");
        Script.writeExecutable(
                installed.resolve("bin/phone-opus"),
                Files.readString(Path.of("src/main/sh/phone-opus")));
        Files.createDirectories(installed.resolve("libexec"));
        Files.copy(Path.of(".mvn/find-jdk.sh"), installed.resolve("libexec/find-jdk.sh"));
        Files.createDirectories(installed.resolve("lib"));
        Files.createFile(installed.resolve("lib/phone-opus.jar"));
        Script.writeExecutable(
                java.resolve("bin/java"),
                """
                #!/bin/sh
                pwd -P
                echo "$$"
                echo "${JAVA_HOME-}"
                echo "locale: ${LC_ALL-}" >&2
                printf '<%s>\\n' "$@"
                exit 7
                """);
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    /** npm puts a package's dependency inside it, or beside it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "runtime",
                "node_modules/phone-opus-linux-x64/runtime",
                "../phone-opus-linux-x64/runtime"
            })
    void theJavaThatCameWithItIsTakenBeforeAnyOther(String place) throws IOException {
        var runtime = installed.resolve(place).normalize();
        Script.writeExecutable(
                runtime.resolve("bin/java"), Files.readString(java.resolve("bin/java")) + "\n");
        Files.createFile(runtime.resolveSibling("phone-opus.jsa"));
        Files.writeString(installed.resolve("lib/undated"), "2026-01-01T00:00:00Z\n");

        var launcher = launcher(installed.resolve("bin/phone-opus"));
        launcher.start(new byte[0]).onExit().join();

        assertThat(launcher.out()).contains("/phone-opus.jsa>");
        assertThat(launcher.out())
                .contains("SharedArchiveFile=" + runtime.resolveSibling("phone-opus.jsa"));
        assertThat(Files.getLastModifiedTime(installed.resolve("lib/phone-opus.jar")))
                .hasToString("2026-01-01T00:00:00Z");
        assertThat(installed.resolve("lib/undated")).doesNotExist();
    }

    @Test
    void startsJavaInItsOwnPlaceWithTheArgumentsAsTheyAre() {
        var launcher = launcher(installed.resolve("bin/phone-opus"));

        var process =
                launcher.start(new byte[0], "ask", "two  words", "a \"quote\"", "*", "", "it's");
        process.onExit().join();

        assertThat(process.exitValue()).isEqualTo(7);
        assertThat(launcher.out().lines())
                .containsExactly(
                        folder.resolve("some where").toString(),
                        Long.toString(process.pid()),
                        java.toString(),
                        "<-XX:+UseSerialGC>",
                        "<-XX:TieredStopAtLevel=1>",
                        "<-XX:+UseCompactObjectHeaders>",
                        "<-Xms14m>",
                        "<-XX:NewSize=4m>",
                        "<-Xmx256m>",
                        "<-XX:MinHeapFreeRatio=10>",
                        "<-XX:MaxHeapFreeRatio=20>",
                        "<-XX:-UsePerfData>",
                        "<-XX:+UnlockDiagnosticVMOptions>",
                        "<-XX:ArchiveRelocationMode=0>",
                        "<-XX:-DisplayVMOutput>",
                        "<-XX:OnOutOfMemoryError=echo 'phone-opus: it stopped because it ran out of memory. Accepted consults keep running. Give it more with PHONE_OPUS_JAVA_OPTS=-Xmx512m.' >&2>",
                        "<-XX:+ExitOnOutOfMemoryError>",
                        "<-XX:SharedArchiveFile=" + installed.resolve("lib/phone-opus.jsa") + ">",
                        "<-Xlog:disable>",
                        "<-Xlog:all=warning,aot*=off,cds*=off:stderr>",
                        "<--enable-native-access=ALL-UNNAMED>",
                        "<-Dphone-opus.home=" + installed + ">",
                        "<-jar>",
                        "<" + installed.resolve("lib/phone-opus.jar") + ">",
                        "<ask>",
                        "<two  words>",
                        "<a \"quote\">",
                        "<*>",
                        "<>",
                        "<it's>");
    }

    @Test
    void isFoundThroughAChainOfLinks() throws IOException {
        var bin = Files.createDirectories(folder.resolve("bin"));
        var other = Files.createDirectories(folder.resolve("an other"));
        Files.createSymbolicLink(
                other.resolve("opus"), Path.of("../my programs/phone-opus/bin/phone-opus"));
        Files.createSymbolicLink(folder.resolve("linked folder"), other);
        Files.createSymbolicLink(bin.resolve("second"), Path.of("../linked folder/opus"));
        Files.createSymbolicLink(bin.resolve("first"), bin.resolve("second"));

        var ended = launcher(bin.resolve("first")).run();

        assertThat(ended.out()).contains("<" + installed.resolve("lib/phone-opus.jar") + ">");
    }

    @Test
    void isFoundOnThePathAndFromItsOwnFolder() {
        var onPath =
                Script.of(folder.resolve("some where"), "/bin/sh", "-c", "phone-opus")
                        .with("JAVA_HOME", java)
                        .with("PATH", installed.resolve("bin") + ":/usr/bin:/bin");
        var fromItsFolder =
                Script.of(installed.resolve("bin"), "/bin/sh", "phone-opus")
                        .with("JAVA_HOME", java);

        var ended = onPath.run();
        var endedToo = fromItsFolder.run();

        assertThat(ended.out()).contains("<" + installed.resolve("lib/phone-opus.jar") + ">");
        assertThat(endedToo.out()).contains("<" + installed.resolve("lib/phone-opus.jar") + ">");
    }

    /**
     * In the root directory no consult is asked by accident, since it needs an explicit directory
     * there.
     */
    @Test
    void inADirectoryThatIsGoneItStartsInTheRoot() {
        var launcher = installed.resolve("bin/phone-opus");

        var ended =
                Script.of(
                                folder,
                                "/bin/sh",
                                "-c",
                                "mkdir gone && cd gone && rmdir ../gone && exec \"$0\"",
                                launcher.toString())
                        .with("JAVA_HOME", java)
                        .run();

        assertThat(ended.out().lines()).first().isEqualTo("/");
    }

    @Test
    void theCacheIsThatOfTheInstallation() {
        var ended = launcher(installed.resolve("bin/phone-opus")).run();

        assertThat(ended.out())
                .contains(
                        "<-XX:SharedArchiveFile=" + installed.resolve("lib/phone-opus.jsa") + ">");
    }

    @Test
    void whatWarmsItUpHasTheCacheMade() {
        var launcher =
                launcher(installed.resolve("bin/phone-opus"))
                        .with("PHONE_OPUS_WARM", "-XX:DumpLoadedClassList=/some list");

        var ended = launcher.run();

        assertThat(ended.out())
                .contains("<-XX:DumpLoadedClassList=/some list>")
                .doesNotContain("SharedArchiveFile");
    }

    @Test
    void furtherOptionsAreSplitAtBlanksOnly() {
        var launcher =
                launcher(installed.resolve("bin/phone-opus"))
                        .with("PHONE_OPUS_JAVA_OPTS", " -Da=*  -Db=2 ");

        var ended = launcher.run();

        assertThat(ended.out()).contains(installed + ">\n<-Da=*>\n<-Db=2>\n<-jar>\n");
    }

    @Test
    void theRuntimeOfABundleWinsAndNoOtherIsLookedFor() throws IOException {
        Script.writeExecutable(
                installed.resolve("runtime/bin/java"),
                "#!/bin/sh\necho \"its own, ${JAVA_HOME-}\"\nexit 8\n");
        Script.writeExecutable(installed.resolve("libexec/find-jdk.sh"), "exit 9\n");

        var ended = launcher(installed.resolve("bin/phone-opus")).run();

        assertThat(ended).isEqualTo(new Script.Completion(8, "its own, " + java + "\n", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "LANG,C,C.UTF-8",
        "LC_ALL,POSIX,C.UTF-8",
        "LANG,de_DE.UTF-8,''",
        "LC_ALL,C.utf8,C.utf8"
    })
    void javaGetsAUtf8LocaleWhereTheCallerHasNone(String name, String value, String localeOfJava) {
        var launcher = launcher(installed.resolve("bin/phone-opus")).with(name, value);

        var ended = launcher.run();

        assertThat(ended.err()).isEqualTo("locale: " + localeOfJava + "\n");
    }

    @Test
    void theCallersJavaHomeIsLeftAlone() throws IOException {
        var old = folder.resolve("old");
        Script.writeExecutable(old.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        var launcher =
                launcher(installed.resolve("bin/phone-opus"))
                        .with("JAVA_HOME", old)
                        .with("PATH", java.resolve("bin") + ":/usr/bin:/bin");

        var ended = launcher.run();

        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.out().lines()).contains(old.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ".:", "bin:", "/nowhere::"})
    void noProgramOfTheCurrentDirectoryRuns(String entries) throws IOException {
        var here = folder.resolve("some where");
        for (var tool : List.of("sh", "readlink", "java", "sed", "uname")) {
            for (var place : List.of(here, here.resolve("bin"))) {
                Script.writeExecutable(
                        place.resolve(tool),
                        "#!/bin/sh\n: >'%s'\nexit 9\n".formatted(folder.resolve("sprung")));
            }
        }
        var link =
                Files.createSymbolicLink(
                        folder.resolve("link"), installed.resolve("bin/phone-opus"));
        var launcher =
                launcher(link)
                        .with("JAVA_HOME", folder.resolve("none"))
                        .with("PATH", entries + java.resolve("bin") + ":/usr/bin:/bin");

        var ended = launcher.run();

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(7);
        assertThat(folder.resolve("sprung")).doesNotExist();
    }

    @Test
    void endsAsTheFinderDoesWhereThereIsNoJava() {
        Script.writeExecutable(
                installed.resolve("libexec/find-jdk.sh"), "echo 'No Java.' >&2\nexit 3\n");

        var ended = launcher(installed.resolve("bin/phone-opus")).run();

        assertThat(ended).isEqualTo(new Script.Completion(3, "", "No Java.\n"));
    }

    private Script launcher(Path command) {
        return Script.of(folder.resolve("some where"), command.toString()).with("JAVA_HOME", java);
    }
}
