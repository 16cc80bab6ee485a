package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/** Checks that the snippets in config/clients match docs/clients.md. */
class ClientSnippetsTests {

    private static final Path FOLDER = Path.of("config", "clients");
    private static final Path DOCUMENT = Path.of("docs", "clients.md");
    private static final String COMMAND = "/absolute/path/to/phone-opus/bin/phone-opus";
    private static final String PATIENCE = "PHONE_OPUS_CONSULT_PATIENCE";
    private static final String NO_KEY = "";

    /** The server's default patience for each client, by the client's file. */
    private static final Map<String, Duration> OWN_PATIENCE =
            Map.of(
                    "vscode.json", Duration.ofMinutes(4),
                    "claude-code.json", Duration.ofSeconds(50));

    private static final Duration UNLIMITED = Duration.ofDays(365);

    private static final Set<String> SETTINGS =
            Set.of(
                    "PHONE_OPUS_CLAUDE_BINARY",
                    "PHONE_OPUS_STATE_DIR",
                    "PHONE_OPUS_CLAUDE_MODEL",
                    "PHONE_OPUS_CONSULT_PATIENCE",
                    "PHONE_OPUS_CONSULT_TIMEOUT",
                    "PHONE_OPUS_CONSULT_STALL_TIMEOUT");

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final ObjectMapper JSON_WITH_COMMENTS =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .build();
    private static final ObjectMapper TOML = TomlMapper.builder().build();

    /**
     * A client's file: its parser, the location of its servers, the keys a server may have, how
     * long the client waits and, if a key of the file sets that, this key and its value.
     */
    private record Snippet(
            String file,
            ObjectMapper parser,
            String servers,
            Set<String> keys,
            Duration limit,
            String limitKey,
            int limitValue) {

        JsonNode server() {
            return parser.readTree(FOLDER.resolve(file)).path(servers).path("phone-opus");
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private static Stream<Snippet> snippets() {
        return Stream.of(
                new Snippet(
                        "codex.toml",
                        TOML,
                        "mcp_servers",
                        Set.of("command", "tool_timeout_sec", "env"),
                        Duration.ofHours(1),
                        "tool_timeout_sec",
                        3_600),
                new Snippet(
                        "claude-code.json",
                        JSON,
                        "mcpServers",
                        Set.of("type", "command", "timeout"),
                        // After that time it moves the call to its own background, and the job
                        // stays unknown.
                        Duration.ofMinutes(2),
                        "timeout",
                        3_600_000),
                new Snippet(
                        "gemini-cli.json",
                        JSON,
                        "mcpServers",
                        Set.of("command", "timeout", "env"),
                        Duration.ofHours(1),
                        "timeout",
                        3_600_000),
                new Snippet(
                        "cursor.json",
                        JSON,
                        "mcpServers",
                        Set.of("type", "command", "args", "env"),
                        Duration.ofSeconds(60),
                        NO_KEY,
                        0),
                new Snippet(
                        "claude-desktop.json",
                        JSON,
                        "mcpServers",
                        Set.of("command", "args", "env"),
                        Duration.ofMinutes(4),
                        NO_KEY,
                        0),
                new Snippet(
                        "vscode.json",
                        JSON_WITH_COMMENTS,
                        "servers",
                        Set.of("type", "command"),
                        UNLIMITED,
                        NO_KEY,
                        0));
    }

    @Test
    void everyFileInTheFolderIsChecked() throws IOException {
        try (var files = Files.list(FOLDER)) {
            var names = files.map(file -> file.getFileName().toString());

            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(snippets().map(Snippet::file).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theFileHoldsOneServerAndNothingElse(Snippet snippet) {
        var root = snippet.parser().readTree(FOLDER.resolve(snippet.file()));

        assertThat(root.propertyNames()).containsExactly(snippet.servers());
        assertThat(root.path(snippet.servers()).propertyNames()).containsExactly("phone-opus");
        assertThat(snippet.server().propertyNames())
                .containsExactlyInAnyOrderElementsOf(snippet.keys());
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theCommandIsThePlaceholder(Snippet snippet) {
        assertThat(snippet.server().path("command").stringValue()).isEqualTo(COMMAND);
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theTimeOutKeyHasTheDocumentedValue(Snippet snippet) throws IOException {
        if (snippet.limitKey().equals(NO_KEY)) {
            assertThat(snippet.server().propertyNames()).noneMatch(key -> key.contains("timeout"));
            return;
        }

        var value = snippet.server().path(snippet.limitKey());

        assertThat(value.isIntegralNumber()).isTrue();
        assertThat(value.intValue()).isEqualTo(snippet.limitValue());
        assertThat(sectionOf(snippet))
                .contains("`" + snippet.limitKey() + "`")
                .contains(String.valueOf(snippet.limitValue()));
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void onlySettingsThatExistAreSet(Snippet snippet) {
        var environment = snippet.server().path("env");

        assertThat(SETTINGS).containsAll(environment.propertyNames());
        assertThat(environment.values()).allMatch(JsonNode::isString);
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theServerAnswersBeforeTheClientStopsWaiting(Snippet snippet) throws IOException {
        var set = snippet.server().path("env").path(PATIENCE);

        var patience =
                set.isString()
                        ? DurationStyle.detectAndParse(set.stringValue())
                        : OWN_PATIENCE.get(snippet.file());

        assertThat(patience).isLessThan(snippet.limit());
        if (set.isString()) {
            assertThat(sectionOf(snippet))
                    .contains("`" + PATIENCE + "`")
                    .contains(set.stringValue());
        }
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theDocumentHasOneSectionForTheFile(Snippet snippet) throws IOException {
        assertThat(sectionsNaming(snippet)).hasSize(1);
    }

    private static String sectionOf(Snippet snippet) throws IOException {
        return String.join("", sectionsNaming(snippet));
    }

    private static List<String> sectionsNaming(Snippet snippet) throws IOException {
        var sections = Files.readString(DOCUMENT).split("(?m)^## ");
        return Stream.of(sections)
                .skip(1)
                .filter(section -> section.contains("`config/clients/" + snippet.file() + "`"))
                .toList();
    }
}
