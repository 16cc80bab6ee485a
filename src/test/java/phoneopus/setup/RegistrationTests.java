package phoneopus.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.Registration.Done;
import tools.jackson.databind.node.ObjectNode;

class RegistrationTests {

    private static final Launch LAUNCH =
            new Launch(
                    List.of("/opt/phone opus/bin/phone-opus"),
                    Map.of("PHONE_OPUS_CLAUDE_BINARY", "/home/zoë/bin/claude"),
                    Map.of());

    @TempDir Path folder;
    Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("config");
    }

    @ParameterizedTest
    @EnumSource
    void anEntryGoesIntoNoFile(ClientFile client) throws IOException {
        file = folder.resolve("made/for/it");
        var registration = new Registration(client, file);

        var done = registration.install(LAUNCH);

        assertThat(done).isEqualTo(Done.REGISTERED);
        assertThat(Files.readString(file)).isEqualTo(registration.shown(LAUNCH));
        assertThat(registration.entry()).contains(LAUNCH.entry(client, null));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(filesBeside()).containsExactly("it");
    }

    @ParameterizedTest
    @EnumSource
    void takenOutOfAFileOfItsOwnItLeavesNone(ClientFile client) throws IOException {
        var registration = new Registration(client, file);
        registration.install(LAUNCH);

        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingElseInAFileStaysAsItWas(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);

        registration.install(LAUNCH);

        var after = Files.readString(file);
        assertKept(before, after);
        assertThat(registration.entry()).contains(LAUNCH.entry(client, null));
        assertThat(others(client, after)).isEqualTo(others(client, before));
        assertThat(registration.backup()).hasContent(before);
    }

    @ParameterizedTest
    @MethodSource("files")
    void aSecondRunChangesNothing(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);
        registration.install(LAUNCH);
        var after = Files.readString(file);
        var written = Files.getLastModifiedTime(file);

        var done = registration.install(LAUNCH);

        assertThat(done).isEqualTo(Done.NOTHING);
        assertThat(Files.readString(file)).isEqualTo(after);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(registration.backup()).hasContent(before);
    }

    @ParameterizedTest
    @MethodSource("files")
    void takingItOutRestoresEveryByte(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);
        registration.install(LAUNCH);

        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(filesBeside()).containsExactly("config");
    }

    @ParameterizedTest
    @MethodSource("files")
    void takingItOutKeepsWhatHasChangedSince(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);
        registration.install(LAUNCH);
        var touched = Files.readString(file) + (client == ClientFile.CODEX ? "# mine\n" : "\n\n");
        Files.writeString(file, touched);

        registration.uninstall();

        var after = Files.readString(file);
        assertThat(registration.entry()).isEmpty();
        assertKept(before, after);
        assertThat(others(client, after)).isEqualTo(others(client, before));
        assertThat(after).endsWith(client == ClientFile.CODEX ? "# mine\n" : "\n\n");
    }

    @ParameterizedTest
    @MethodSource("older")
    void anOlderEntryIsBroughtUpToDate(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);

        var done = registration.install(LAUNCH);

        var entry = registration.entry().orElseThrow();
        assertThat(done).isEqualTo(Done.UPDATED);
        assertThat(entry.path("command").stringValue()).isEqualTo(LAUNCH.command().getFirst());
        assertThat(entry.path("env").path("PHONE_OPUS_CLAUDE_BINARY").stringValue())
                .isEqualTo("/home/zoë/bin/claude");
        assertThat(entry.path("env").path("MINE").stringValue()).isEqualTo("kept");
        assertThat(Files.readString(file)).contains("a note of mine");
        assertThat(registration.install(LAUNCH)).isEqualTo(Done.NOTHING);
    }

    @ParameterizedTest
    @MethodSource("older")
    void anOlderEntryCanBeTakenOut(ClientFile client, String before) throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);

        registration.uninstall();

        assertThat(registration.entry()).isEmpty();
        assertThat(others(client, Files.readString(file))).isEqualTo(others(client, before));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedFileIsRefusedAndLeftAlone(ClientFile client, String before, String why)
            throws IOException {
        Files.writeString(file, before);
        var registration = new Registration(client, file);

        assertThatThrownBy(() -> registration.install(LAUNCH))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(registration::entry).isInstanceOf(MalformedException.class);

        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(filesBeside()).containsExactly("config");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        var registration = new Registration(ClientFile.CURSOR, file);

        assertThatThrownBy(() -> registration.install(LAUNCH)).hasMessage("is not UTF-8 text");

        assertThat(filesBeside()).containsExactly("config");
    }

    @Test
    void aFileWhoseServersAreNoObjectIsRefused() throws IOException {
        Files.writeString(file, "{\"mcpServers\": []}");
        var registration = new Registration(ClientFile.CURSOR, file);

        assertThatThrownBy(() -> registration.install(LAUNCH))
                .hasMessageContaining("has no object at `mcpServers`");
    }

    @Test
    void aCopyThatIsNoneOfOursIsNotPutBack() throws IOException {
        Files.writeString(file, "{\"a\": 1}");
        var registration = new Registration(ClientFile.CURSOR, file);
        registration.install(LAUNCH);
        Files.writeString(registration.backup(), "no JSON");

        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(Files.readString(file)).contains("\"a\": 1").doesNotContain("phone-opus");
    }

    @Test
    void serversInOneInlineTableAreEditedOnTheirLine() throws IOException {
        var before = "mcp_servers = { other = { command = \"x\" } } # all of them\na = 1\n";
        Files.writeString(file, before);
        var registration = new Registration(ClientFile.CODEX, file);

        registration.install(LAUNCH);
        Files.writeString(file, Files.readString(file) + "# mine\n");
        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(Files.readString(file)).isEqualTo(before + "# mine\n");
    }

    @Test
    void whatTheScannerDoesNotUnderstandIsRefused() throws IOException {
        Files.writeString(file, "\"\\U0001F600\" = 1\n");
        var registration = new Registration(ClientFile.CODEX, file);

        assertThatThrownBy(() -> registration.install(LAUNCH))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("has the invalid key");
        assertThat(Files.readString(file)).isEqualTo("\"\\U0001F600\" = 1\n");
    }

    @ParameterizedTest
    @EnumSource
    void theOriginalProgramsEntryIsReplacedAndWhatElseItSaysIsKept(ClientFile client)
            throws IOException {
        var registration = new Registration(client, file);
        Files.writeString(file, original(client));

        var done = registration.install(LAUNCH);

        assertThat(done).isEqualTo(Done.UPDATED);
        assertThat(registration.original()).isEmpty();
        var entry = registration.entry().orElseThrow();
        assertThat(entry.path("command").asString()).isEqualTo(LAUNCH.command().getFirst());
        assertThat(entry.path("args").isEmpty()).isTrue();
        assertThat(entry.at("/env/RUST_LOG").asString()).isEqualTo("info");
        assertThat(Files.readString(file)).contains("other").doesNotContain("phone_opus");
        assertThat(Files.readString(registration.backup())).isEqualTo(original(client));
        assertThat(registration.install(LAUNCH)).isEqualTo(Done.NOTHING);
    }

    @ParameterizedTest
    @EnumSource
    void takingItOutBringsTheOriginalProgramsEntryBack(ClientFile client) throws IOException {
        var registration = new Registration(client, file);
        Files.writeString(file, original(client));
        registration.install(LAUNCH);

        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(file).hasContent(original(client));
    }

    @ParameterizedTest
    @EnumSource
    void theOriginalProgramsEntryIsTakenOutToo(ClientFile client) throws IOException {
        var registration = new Registration(client, file);
        Files.writeString(file, original(client));

        var done = registration.uninstall();

        assertThat(done).isEqualTo(Done.REMOVED);
        assertThat(registration.original()).isEmpty();
        assertThat(Files.readString(file)).contains("other");
        assertThat(registration.uninstall()).isEqualTo(Done.NOTHING);
    }

    @ParameterizedTest
    @EnumSource
    void besideOursTheOriginalProgramsEntryGoes(ClientFile client) throws IOException {
        var registration = new Registration(client, file);
        registration.install(LAUNCH);
        var ours = registration.entry();
        Files.writeString(file, withOriginal(client, Files.readString(file)));
        assertThat(registration.original()).isPresent();

        var done = registration.install(LAUNCH);

        assertThat(done).isEqualTo(Done.UPDATED);
        assertThat(registration.original()).isEmpty();
        assertThat(registration.entry()).isEqualTo(ours);
    }

    private static String original(ClientFile client) {
        return client == ClientFile.CODEX
                ? """
                [mcp_servers.phone_opus]
                command = "/opt/phone_opus"
                args = ["mcp", "serve"]

                [mcp_servers.phone_opus.env]
                RUST_LOG = "info"

                [mcp_servers.other]
                command = "other"
                """
                : """
                {
                  "%s": {
                    "phone_opus": {"command": "/opt/phone_opus", "args": ["mcp", "serve"], "env": {"RUST_LOG": "info"}},
                    "other": {"command": "other"}
                  }
                }
                """
                        .formatted(client.place().getFirst());
    }

    private static String withOriginal(ClientFile client, String text) {
        return client == ClientFile.CODEX
                ? text + "\n[mcp_servers.phone_opus]\ncommand = \"phone_opus\"\n"
                : text.replaceFirst(
                        "\"phone-opus\"", "\"phone_opus\": {\"command\": \"x\"}, \"phone-opus\"");
    }

    @Test
    void aByteOrderMarkStays() throws IOException {
        Files.writeString(file, "\uFEFF{\"a\": 1}");
        var registration = new Registration(ClientFile.CLAUDE_CODE, file);

        registration.install(LAUNCH);

        assertThat(Files.readString(file)).startsWith("\uFEFF{\"a\": 1");
    }

    @Test
    void aLinkStaysALinkAndItsTargetIsWritten() throws IOException {
        var target = Files.createDirectory(folder.resolve("dotfiles")).resolve("mcp.json");
        Files.writeString(target, "{}");
        Files.createSymbolicLink(file, Path.of("dotfiles/mcp.json"));
        var registration = new Registration(ClientFile.CURSOR, file);

        registration.install(LAUNCH);

        assertThat(file).isSymbolicLink();
        assertThat(Files.readString(target)).contains("phone-opus");
        assertThat(registration.backup()).hasContent("{}").hasParent(target.getParent());
    }

    @Test
    void aLinkToNothingGetsItsTarget() throws IOException {
        Files.createSymbolicLink(file, Path.of("later/mcp.json"));

        new Registration(ClientFile.CURSOR, file).install(LAUNCH);

        assertThat(file).isSymbolicLink();
        assertThat(folder.resolve("later/mcp.json")).content().contains("phone-opus");
    }

    @ParameterizedTest
    @EnumSource
    void permissionsStayAndTheCopyHasThemToo(ClientFile client) throws IOException {
        Files.createFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        var registration = new Registration(client, file);

        registration.install(LAUNCH);

        assertThat(List.of(file, registration.backup()))
                .allSatisfy(each ->
                        assertThat(
                                        PosixFilePermissions.toString(
                                                Files.getPosixFilePermissions(each)))
                                .isEqualTo("rw-r-----"));
    }

    @Test
    void twoAtOnceBothLeaveAWholeFile() throws Exception {
        Files.writeString(file, "{\"a\": 1}\n");
        var other =
                new Launch(
                        List.of("/other/phone-opus"),
                        Map.of("PHONE_OPUS_CLAUDE_MODEL", "opus"),
                        Map.of());
        var gate = new CyclicBarrier(2);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    Stream.of(LAUNCH, other)
                            .map(launch ->
                                    threads.submit(() -> {
                                        for (int i = 0; i < 25; i++) {
                                            gate.await();
                                            new Registration(ClientFile.CURSOR, file)
                                                    .install(launch);
                                        }
                                        return true;
                                    }))
                            .toList();
            for (var call : calls) {
                assertThat(call.get()).isTrue();
            }
        }

        var entry = new Registration(ClientFile.CURSOR, file).entry().orElseThrow();
        assertThat(entry.path("env").propertyNames())
                .contains("PHONE_OPUS_CLAUDE_MODEL", "PHONE_OPUS_CLAUDE_BINARY");
        assertThat(new Registration(ClientFile.CURSOR, file).backup()).hasContent("{\"a\": 1}\n");
        assertThat(filesBeside()).containsExactly("config", "config.before-phone-opus");
    }

    @Test
    void whatTheClientWritesMeanwhileIsNotLost() throws IOException {
        Files.writeString(file, "{}");
        var configuration = new ConfigurationFile(file);

        var attempts = new int[1];
        configuration.change(text -> {
            if (attempts[0]++ == 0) {
                Files.writeString(file, "{\"client\": 1}");
            }
            return new ConfigurationFile.Next(text + "\n", false);
        });

        assertThat(Files.readString(file)).isEqualTo("{\"client\": 1}\n");
        assertThat(attempts[0]).isEqualTo(2);
    }

    private static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of(ClientFile.CODEX, ""),
                Arguments.of(ClientFile.CODEX, "\n# only a note"),
                Arguments.of(
                        ClientFile.CODEX,
                        """
                        model = "gpt-5" # the big one

                        # other servers
                        [mcp_servers.other]
                        command = 'x'
                        args = [ "a", # first
                          "[b]",
                        ]
                        text = \"""
                        [mcp_servers.phone-opus]
                        command = "no"
                        \"""
                        env = { "A.B" = "1" }

                        [[things]]
                        at = 1979-05-27T07:32:00Z
                        # the end
                        """),
                Arguments.of(ClientFile.CODEX, "a = 1\r\n\r\n[mcp_servers.b]\r\ncommand = 'c'\r\n"),
                Arguments.of(ClientFile.CODEX, "[mcp_servers]\nother.command = \"x\"\n[z]\ny=2"),
                Arguments.of(ClientFile.CLAUDE_CODE, ""),
                Arguments.of(ClientFile.CLAUDE_CODE, "{}"),
                Arguments.of(ClientFile.CLAUDE_CODE, "{\"a\":[1,{\"b\":2e3}],\"mcpServers\":{}}"),
                Arguments.of(
                        ClientFile.CLAUDE_CODE,
                        """
                        {
                            "numStartups": 3,
                            "mcpServers": {
                                "other": {
                                    "command": "x"
                                }
                            },
                            "tail": "\\u00e9 \\" }, ü"
                        }
                        """),
                Arguments.of(
                        ClientFile.CURSOR,
                        "{\n\t\"mcpServers\": {\n\t\t\"a\": { \"command\": \"x\" }\n\t}\n}"),
                Arguments.of(ClientFile.VSCODE, "// nothing yet"),
                Arguments.of(
                        ClientFile.VSCODE,
                        """
                        {
                          // what I have
                          "servers": {
                            "other": { "command": "x" }, // the last, "}"
                            /* "old": {} */
                          },
                          "inputs": [], // none
                        }
                        // bye
                        """),
                Arguments.of(
                        ClientFile.VSCODE,
                        "{\r\n  \"servers\": {\r\n    \"a\": {}\r\n    // note\r\n  }\r\n}\r\n"),
                Arguments.of(ClientFile.GEMINI_CLI, "{ \"theme\": \"x\" /* dark */ }\n"),
                Arguments.of(ClientFile.CLAUDE_DESKTOP, "{\n  \"mcpServers\": {\n  }\n}\n"));
    }

    private static Stream<Arguments> older() {
        return Stream.of(
                Arguments.of(
                        ClientFile.CODEX,
                        """
                        [mcp_servers.phone-opus]
                        # a note of mine
                        command = "/old/phone-opus" # and another
                        args = ["-x"]
                        env_vars = ["JAVA_HOME"]

                        [mcp_servers.phone-opus.env]
                        PHONE_OPUS_CONSULT_PATIENCE = "4m"
                        MINE = "kept"

                        [mcp_servers.other]
                        command = "x"
                        """),
                Arguments.of(
                        ClientFile.CODEX,
                        """
                        [mcp_servers.phone-opus] # a note of mine
                        env = { MINE = "kept", PHONE_OPUS_CONSULT_PATIENCE = "4m" }
                        command = "/old/phone-opus"
                        """),
                Arguments.of(
                        ClientFile.CODEX,
                        """
                        # a note of mine
                        [mcp_servers]
                        phone-opus = { command = "/old", env = { MINE = "kept" } }
                        other.command = 'x'
                        """),
                Arguments.of(
                        ClientFile.CODEX,
                        """
                        [mcp_servers.phone-opus]
                        command = "/old/phone-opus" # a note of mine
                        env.MINE = "kept"
                        [mcp_servers."phone-opus".tools.consult]
                        approval_mode = "approve\"\
                        """),
                Arguments.of(
                        ClientFile.GEMINI_CLI,
                        """
                        {
                          "mcpServers": {
                            "phone-opus": {
                              // a note of mine
                              "command": "/old/phone-opus",
                              "args": ["-x"],
                              "env": { "MINE": "kept" }
                            },
                            "other": { "command": "x" }
                          }
                        }
                        """),
                Arguments.of(
                        ClientFile.CLAUDE_CODE,
                        "{\"note\": \"a note of mine\", \"mcpServers\": {\"other\": {}, \"phone-opus\": {\"command\": \"old\", \"env\": {\"MINE\": \"kept\"}}}}"));
    }

    private static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of(ClientFile.CODEX, "a = \n", "is not valid TOML at line 1"),
                Arguments.of(ClientFile.CODEX, "[a]\nb = 1\nb = 2\n", "is not valid TOML at line"),
                Arguments.of(ClientFile.CLAUDE_CODE, "{\"a\": 1,\n", "is not valid JSON at line"),
                Arguments.of(ClientFile.CLAUDE_CODE, "{} {}", "has content after its last brace"),
                Arguments.of(ClientFile.CLAUDE_CODE, "// note\n{}", "is not valid JSON at line 1"),
                Arguments.of(ClientFile.CLAUDE_DESKTOP, "[]", "is not a JSON object"),
                Arguments.of(ClientFile.CURSOR, "{\"a\": 1, \"a\": 2}", "Duplicate"),
                Arguments.of(ClientFile.VSCODE, "{ /* open", "is not valid JSON at line"),
                Arguments.of(ClientFile.GEMINI_CLI, "[".repeat(5_000), "is not valid JSON"));
    }

    private static ObjectNode others(ClientFile client, String text) {
        var root = client.format().parse(text).deepCopy();
        if (root.path(client.place().getFirst()) instanceof ObjectNode servers) {
            servers.remove("phone-opus");
            if (servers.isEmpty()) {
                root.remove(client.place().getFirst());
            }
        }
        return root;
    }

    private static void assertKept(String before, String after) {
        if (!linesOf(before).isEmpty()) {
            assertThat(linesOf(after)).containsSubsequence(linesOf(before));
        }
    }

    /** But for the commas and braces at their ends, which a further member moves. */
    private static List<String> linesOf(String text) {
        return text.lines()
                .map(line -> line.replaceAll("[,{}\\s]+", ""))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private List<String> filesBeside() throws IOException {
        try (var files = Files.list(file.getParent())) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void codexIsToldTheNamesOfTheShellsVariablesAndNoValue() throws IOException {
        var registration = new Registration(ClientFile.CODEX, file);
        Files.writeString(
                file,
                "[mcp_servers.phone-opus]\ncommand = \"/old\"\nenv_vars = [\"MINE\", { name = \"HTTPS_PROXY\" }]\n");

        registration.install(inShell());

        assertThat(registration.entry().orElseThrow().path("env_vars").toString())
                .isEqualTo("[\"MINE\",{\"name\":\"HTTPS_PROXY\"},\"ANTHROPIC_API_KEY\"]");
        assertThat(Files.readString(file)).doesNotContain("s3cret");
        assertThat(registration.install(inShell())).isEqualTo(Done.NOTHING);
    }

    @Test
    void geminiIsToldThoseThatItKeepsBack() throws IOException {
        var registration = new Registration(ClientFile.GEMINI_CLI, file);

        registration.install(inShell());

        assertThat(registration.entry().orElseThrow().path("env").propertyNames())
                .contains("ANTHROPIC_API_KEY")
                .doesNotContain("HTTPS_PROXY");
        assertThat(Files.readString(file))
                .contains("\"$ANTHROPIC_API_KEY\"")
                .doesNotContain("s3cret");
    }

    @Test
    void chosenTimesAreKeptAndSaid() throws IOException {
        var registration = new Registration(ClientFile.CODEX, file);
        registration.install(LAUNCH);
        Files.writeString(
                file, Files.readString(file).replace("55m", "10m").replace("3600", "900"));
        var before = registration.entry().orElseThrow();
        var moved = new Launch(List.of("/new/phone-opus"), Map.of(), Map.of());

        registration.install(moved);

        assertThat(moved.changes(ClientFile.CODEX, before, registration.entry().orElseThrow()))
                .containsExactly(
                        "command was \"/opt/phone opus/bin/phone-opus\" and is now \"/new/phone-opus\"",
                        "tool_timeout_sec remains 900 (default 3600)",
                        "PHONE_OPUS_CONSULT_PATIENCE remains \"10m\" (default \"55m\")");
    }

    @Test
    void timesWithWhichAnswersGetLostAreReplacedAndSaid() throws IOException {
        var registration = new Registration(ClientFile.CODEX, file);
        registration.install(LAUNCH);
        Files.writeString(file, Files.readString(file).replace("3600", "60"));
        var before = registration.entry().orElseThrow();

        registration.install(LAUNCH);

        assertThat(LAUNCH.changes(ClientFile.CODEX, before, registration.entry().orElseThrow()))
                .containsExactly("tool_timeout_sec was 60 and is now 3600");
    }

    private static Launch inShell() {
        return new Launch(
                List.of("/opt/phone-opus"),
                Map.of(),
                Map.of("ANTHROPIC_API_KEY", "s3cret", "HTTPS_PROXY", "http://proxy:1"));
    }
}
