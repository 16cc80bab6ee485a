package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailureIT {

    private static final String HANDSHAKE =
            """
            {"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-06-18",\
            "capabilities":{},"clientInfo":{"name":"raw-tests","version":"1"}}}\
            """;

    private static final String HEALTH =
            "{'jsonrpc':'2.0','id':'health','method':'tools/call','params':{'name':'health_snapshot'}}";

    @TempDir Path temporary;
    Path folder;
    Script launcher;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        launcher =
                Script.of(folder.resolve("here"), PackagedServer.launcher().toString())
                        .with("JAVA_HOME", System.getProperty("java.home"))
                        .with("HOME", Files.createDirectory(folder.resolve("home")))
                        .with("PHONE_OPUS_CLAUDE_BINARY", "/bin/false")
                        .with("PHONE_OPUS_STATE_DIR", folder.resolve("state"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PHONE_OPUS_CONSULT_TIMEOUT         | soon  | phone-opus.consult.timeout         | a duration such as 90s, 20m or 1h
                    PHONE_OPUS_CONSULT_STALL_TIMEOUT   | 0s    | phone-opus.consult.stall-timeout   | at least 1s
                    PHONE_OPUS_CONSULT_MAX_CONCURRENT  | -1    | phone-opus.consult.max-concurrent  | greater than or equal to 1
                    PHONE_OPUS_CONSULT_MAX_PROMPT_SIZE | big   | phone-opus.consult.max-prompt-size | a size such as 512KB or 1MB
                    PHONE_OPUS_CLAUDE_EFFORT           | huge  | phone-opus.claude.effort           | one of low, medium, high, xhigh, max
                    PHONE_OPUS_CLAUDE_MODEL            | -x    | phone-opus.claude.model            | a model name
                    PHONE_OPUS_CLAUDE_RESTRICTED       | maybe | phone-opus.claude.restricted       | true or false
                    """)
    void aWrongValueStopsBothFacesWithOneSentence(
            String variable, String value, String setting, String allowed) {
        var wrong = launcher.with(variable, value);

        var server = wrong.runWithOpenInput();
        var ask = wrong.run("ask", "Why?");

        var sentence =
                "Setting %s is `%s`, but it must be %s.\n".formatted(setting, value, allowed);
        assertThat(server).isEqualTo(new Script.Completion(3, "", sentence));
        assertThat(ask).isEqualTo(new Script.Completion(3, "", sentence));
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void aWrongValueOnTheCommandLineStopsBothFacesWithOneSentence() {
        var server = launcher.runWithOpenInput("--phone-opus.consult.timeout=-5m");
        var ask = launcher.run("ask", "--phone-opus.consult.timeout=-5m", "Why?");

        var sentence = "Setting phone-opus.consult.timeout is `-5m`, but it must be at least 1s.\n";
        assertThat(server).isEqualTo(new Script.Completion(3, "", sentence));
        assertThat(ask).isEqualTo(new Script.Completion(3, "", sentence));
    }

    @Test
    void aPortInUseIsNamedWithTheSettingToChange() throws IOException {
        try (var busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var ended = launcher.run("serve", "--port", Integer.toString(busy.getLocalPort()));

            assertThat(ended)
                    .isEqualTo(
                            new Script.Completion(
                                    3,
                                    "",
                                    "phone-opus could not start: port %d is in use by another program. Choose another one with --port or phone-opus.http.port.\n"
                                            .formatted(busy.getLocalPort())));
        }
    }

    @Test
    void aNameThatNoSettingHasIsNamedAndStopsNothing() {
        var answered =
                launcher.with("PHONE_OPUS_CLAUDE_MODLE", "x")
                        .run("--phone-opus.claude.modle=y", "jobs");

        assertThat(answered.exitCode()).as(answered.err()).isZero();
        // On a busy machine, the list says where it is from, too.
        assertThat(answered.err().lines().filter(line -> !line.startsWith("The index of jobs ")))
                .containsExactlyInAnyOrder(
                        "Setting PHONE_OPUS_CLAUDE_MODLE does not exist and is ignored: did you mean PHONE_OPUS_CLAUDE_MODEL?",
                        "Setting phone-opus.claude.modle does not exist and is ignored: did you mean phone-opus.claude.model?",
                        "no consults");
    }

    @Test
    void aServerThatMayOpenTooFewFilesSaysSoToWhoeverWaitsAndEnds() {
        assertEndsWith("ulimit -n 40; exec \"$0\"", "ulimit -n");
    }

    @Test
    void aServerWhoseMemoryIsUsedUpEndsWithOneSentence() {
        var ended =
                launcher.with("PHONE_OPUS_JAVA_OPTS", "-Xms10m -Xmx10m -XX:NewSize=1m")
                        .runWithOpenInput();

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .containsOnlyOnce(
                        "phone-opus: it stopped because it ran out of memory. Accepted consults keep running. Give it more with PHONE_OPUS_JAVA_OPTS=-Xmx512m.");
        assertThat(ended.err()).doesNotContain("OutOfMemoryError");
    }

    @Test
    void aServerThatAnInstallationIsTakenFromAtItsStartSaysSo() throws IOException {
        var copy = Files.createDirectory(folder.resolve("installation"));
        Script.of(folder, "/bin/cp", "-R")
                .run(PackagedServer.launcher().getParent().getParent() + "/.", copy.toString());
        try (var files = Files.walk(copy.resolve("lib"))) {
            for (var file : files.toList()) {
                if (file.getFileName().toString().matches("spring-context-\\d.*")) {
                    Files.delete(file);
                }
            }
        }

        assertEndsWith("exec " + copy.resolve("bin/phone-opus"), "start it again, or reinstall it");
    }

    private void assertEndsWith(String command, String advice) {
        try (var server =
                RawServer.start(
                        folder,
                        launcher.environment(),
                        List.of("/bin/sh", "-c", command, PackagedServer.launcher().toString()))) {
            server.send(HANDSHAKE);
            server.send(HEALTH);

            assertThat(server.exitCode()).isEqualTo(3);
            assertThat(server.answerTo("health").at("/error/message").asString())
                    .startsWith("phone-opus could not start: ")
                    .contains(advice);
            assertThat(server.log().lines()).singleElement().asString().contains(advice);
        }
    }

    @Test
    void aFileThatIsNoYamlStopsTheStartWithOneLine() throws IOException {
        var file = folder.resolve("home/.config/phone-opus/application.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "phone-opus:\n  claude: [\n");

        var ended = launcher.run("ask", "Why?");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .contains(file + " is not valid YAML at line 3: expected the node content");
    }
}
