package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests how the packaged server reports failures of claude and of its environment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class StdioFaultsIT {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** The runner's own timeout may expire slightly later than the run's. */
    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    private Surroundings surroundings;
    private PackagedServer server;

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server = PackagedServer.start(surroundings.desk(), surroundings.environment());
    }

    @AfterAll
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    static Stream<Arguments> faultsOfClaude() {
        return Stream.of(
                arguments(
                        named(
                                "a refused key",
                                replay(
                                        "'subtype':'success','is_error':true,'api_error_status':401,'result':'Invalid API key'",
                                        1)),
                        "downstream",
                        "not_authenticated",
                        false,
                        "Claude said: Invalid API key. Tell the user to log in to Claude Code again"),
                arguments(
                        named(
                                "an overloaded service",
                                replay(
                                        "'subtype':'success','is_error':true,'api_error_status':529,'result':'Overloaded'",
                                        1)),
                        "downstream",
                        "overloaded",
                        true,
                        "Claude said: Overloaded. Wait a minute"),
                arguments(
                        named(
                                "too many turns",
                                replay(
                                        "'subtype':'error_max_turns','is_error':true,'errors':['Reached maximum number of turns (1)']",
                                        1)),
                        "downstream",
                        "max_turns",
                        false,
                        "Reached maximum number of turns"),
                arguments(
                        named("no output at all", Map.of("EMPTY", 1)),
                        "downstream",
                        "bad_output",
                        true,
                        "Claude ended without a result."),
                arguments(
                        named(
                                "a word and an exit code",
                                Map.of("EMPTY", 1, "EXIT", 3, "STDERR", "Out of cheese.")),
                        "downstream",
                        "claude_error",
                        false,
                        "Claude said: Out of cheese. Correct what Claude complains about, then ask again."),
                arguments(
                        named("a signal", Map.of("NO_RESULT", 1, "EXIT", 137)),
                        "process",
                        "interrupted",
                        true,
                        "Claude ended without a result: it was killed by signal 9."));
    }

    @ParameterizedTest
    @MethodSource("faultsOfClaude")
    void aFaultOfClaudeSaysWhatToDoAndWhichSessionToResume(
            Map<String, Object> fake, String kind, String code, boolean retryable, String words) {
        var repository = repository(fake);

        var text = consult(server, repository, "porcelain");
        var json = consult(server, repository, "json");

        // A command that prints nothing has not begun a session that could be resumed.
        assertFault(text, json, kind, code, retryable, words, !fake.containsKey("EMPTY"));
    }

    @Test
    void aConsultIsEndedAfterItsTime() {
        var repository = surroundings.repository(Map.of("HANG", 1));
        try (var hasty = serverWith(Map.of("PHONE_OPUS_CONSULT_TIMEOUT", "1s"))) {

            var text = consult(hasty, repository, "porcelain");
            var json = consult(hasty, repository, "json");

            assertFault(
                    text,
                    json,
                    "timeout",
                    "timed_out",
                    false,
                    "The consult was stopped after 1 s, its time limit. Resume with session_id ");
            await().atMost(END_OF_A_RUN)
                    .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        }
    }

    @Test
    void aConsultThatGivesNoSignOfLifeIsEnded() {
        var repository = surroundings.repository(Map.of("HANG", 1));
        try (var impatient = serverWith(Map.of("PHONE_OPUS_CONSULT_STALL_TIMEOUT", "1s"))) {

            var text = consult(impatient, repository, "porcelain");
            var json = consult(impatient, repository, "json");

            assertFault(
                    text,
                    json,
                    "timeout",
                    "stalled",
                    true,
                    "Claude showed no activity for 1 s and was stopped. Resume with session_id ");
            await().atMost(END_OF_A_RUN)
                    .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        }
    }

    @Test
    void withoutAClaudeThePersonIsToldHowToGetOne() {
        var path = pathWithoutClaude();
        var repository = surroundings.repository(Map.of());
        try (var lonely =
                serverWith(Map.of("PHONE_OPUS_CLAUDE_BINARY", "claude", "PATH", "" + path))) {

            var text = consult(lonely, repository, "porcelain");
            var json = consult(lonely, repository, "json");

            assertThat(text(text))
                    .isEqualTo(
                            "Claude Code was not found (looked for `claude`). Tell the user to run `phone-opus doctor`, which prints the fix. Do not retry until then.");
            assertFaultWithoutAConsult(text, json, "process", "claude_not_found", false);
        }
    }

    @Test
    void withoutAPlaceToKeepItNothingIsStarted() throws IOException {
        var file = Files.createFile(surroundings.desk().resolve("state-is-a-file"));
        var repository = surroundings.recorded(Map.of());
        try (var homeless = serverWith(Map.of("PHONE_OPUS_STATE_DIR", "" + file))) {

            var text = consult(homeless, repository, "porcelain");
            var json = consult(homeless, repository, "json");

            assertThat(text(text))
                    .startsWith("The state directory cannot be written (")
                    .contains("Nothing was started.")
                    .doesNotContain("" + file);
            assertFaultWithoutAConsult(text, json, "resource", "store_unavailable", true);
            assertThat(repository.resolve("record")).doesNotExist();
        }
    }

    @Test
    void aQueueThatIsFullIsWorthARetry() {
        var hanging = surroundings.repository(Map.of("HANG", 1));
        var repository = surroundings.repository(Map.of());
        try (var narrow =
                serverWith(
                        Map.of(
                                "PHONE_OPUS_CONSULT_MAX_CONCURRENT", "1",
                                "PHONE_OPUS_CONSULT_QUEUE_CAPACITY", "0",
                                "PHONE_OPUS_STATE_DIR",
                                        "" + surroundings.desk().resolve("narrow")))) {
            var first = narrow.callLater("consult", Map.of("prompt", "Why?", "cwd", "" + hanging));
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> !RunningProcesses.in(hanging).isEmpty());

            var text = consult(narrow, repository, "porcelain");
            var json = consult(narrow, repository, "json");
            RunningProcesses.in(hanging).forEach(RunningProcesses.Living::kill);
            first.join();

            assertThat(text(text)).startsWith("0 consults are already queued, which is the limit.");
            assertFaultWithoutAConsult(text, json, "resource", "queue_full", true);
        }
    }

    @Test
    void theConfigurationOfARepositoryIsNotTheServers() throws IOException {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var trap = repository.resolve("trap");
        Script.writeExecutable(trap, "#!/bin/sh\n: >'%s/sprung'\n".formatted(repository));
        var hostile = "phone-opus:\n  claude:\n    binary: %s\n".formatted(trap);
        for (var file :
                new String[] {
                    "application.yaml",
                    "application-stdio.yaml",
                    "application.yml",
                    "config/application.yaml",
                    "config/more/application.yaml"
                }) {
            Files.createDirectories(repository.resolve(file).getParent());
            Files.writeString(repository.resolve(file), hostile);
        }
        Files.writeString(
                repository.resolve("application.properties"),
                "phone-opus.claude.binary=%s\n".formatted(trap));
        var own = surroundings.home().resolve(".config/phone-opus/application.yaml");
        Files.createDirectories(own.getParent());
        Files.writeString(
                own, "phone-opus:\n  claude:\n    binary: %s\n".formatted(surroundings.claude()));
        var environment = new HashMap<>(surroundings.environment());
        environment.remove("PHONE_OPUS_CLAUDE_BINARY");

        CallToolResult result;
        try (var there = PackagedServer.start(repository, environment)) {
            result = there.call("consult", Map.of("prompt", "Why?"));
        } finally {
            Files.delete(own);
        }

        assertThat(text(result)).startsWith("consult ok ").endsWith("\nYes.");
        assertThat(repository.resolve("sprung")).doesNotExist();
    }

    private PackagedServer serverWith(Map<String, String> more) {
        return PackagedServer.start(surroundings.desk(), surroundings.environment(more));
    }

    /** The variables of a fake that prints that result, written with single quotes. */
    private static Map<String, Object> replay(String result, int exit) {
        return Map.of(
                "RESULT",
                ("{'type':'result'," + result + ",'total_cost_usd':0}").replace('\'', '"'),
                "EXIT",
                exit);
    }

    private Path repository(Map<String, Object> fake) {
        var variables = new HashMap<>(fake);
        var result = variables.remove("RESULT");
        try {
            if (result != null) {
                var file = Files.createTempFile(surroundings.desk(), "replay", ".jsonl");
                Files.writeString(file, result + "\n");
                variables.put("REPLAY", file);
            }
            return surroundings.repository(variables);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PATH with only the commands that the launcher and the runner need. */
    private Path pathWithoutClaude() {
        var path = surroundings.desk().resolve("path");
        for (var command : new String[] {"sh", "readlink", "sed", "uname", "setsid"}) {
            Script.writeExecutable(
                    path.resolve(command),
                    "#!/bin/sh\nexec /usr/bin/%s \"$@\"\n".formatted(command));
        }
        return path;
    }

    private static CallToolResult consult(PackagedServer server, Path repository, String render) {
        return server.call(
                "consult", Map.of("prompt", "Why?", "cwd", "" + repository, "render", render));
    }

    private static void assertFault(
            CallToolResult text,
            CallToolResult json,
            String kind,
            String code,
            boolean retryable,
            String words) {
        assertFault(text, json, kind, code, retryable, words, true);
    }

    private static void assertFault(
            CallToolResult text,
            CallToolResult json,
            String kind,
            String code,
            boolean retryable,
            String words,
            boolean resumable) {
        var lines = text(text).lines().toList();
        var fault = json(json);
        assertThat(text.isError()).isTrue();
        assertThat(text.structuredContent()).isNull();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .matches(
                        "failed code=%s/%s retryable=%s session=%s job=%s"
                                .formatted(kind, code, retryable, resumable ? ID : "-", ID));
        assertThat(lines.getLast()).contains(words);
        assertThat(fault.propertyNames())
                .containsExactlyElementsOf(
                        resumable
                                ? List.of("fault", "operation", "retryable", "job_id", "session_id")
                                : List.of("fault", "operation", "retryable", "job_id"));
        assertThat(fault.path("job_id").asString()).matches(ID);
        assertThat(fault.path("session_id").asString()).matches(resumable ? ID : "");
        assertThat(fault.at("/fault/message").asString() + " " + fault.at("/fault/next").asString())
                .contains(words.replaceFirst("[.] (Tell|Wait) .*", ""));
        assertFaultOf(json, fault, kind, code, retryable);
    }

    private static void assertFaultWithoutAConsult(
            CallToolResult text, CallToolResult json, String kind, String code, boolean retryable) {
        var fault = json(json);
        assertThat(text.isError()).isTrue();
        assertThat(text.structuredContent()).isNull();
        assertThat(fault.propertyNames()).containsExactly("fault", "operation", "retryable");
        assertThat(text(text)).startsWith(fault.at("/fault/message").asString());
        assertFaultOf(json, fault, kind, code, retryable);
    }

    private static void assertFaultOf(
            CallToolResult result, JsonNode fault, String kind, String code, boolean retryable) {
        assertThat(result.isError()).isTrue();
        assertThat(fault.path("fault").propertyNames())
                .containsExactly("class", "code", "message", "next");
        assertThat(fault.at("/fault/class").asString()).isEqualTo(kind);
        assertThat(fault.at("/fault/code").asString()).isEqualTo(code);
        assertThat(fault.path("operation").asString()).isEqualTo("consult");
        assertThat(fault.path("retryable").asBoolean()).isEqualTo(retryable);
        assertThat(fault.toString()).doesNotContain("Exception", "java", "phoneopus");
    }

    private static String text(CallToolResult result) {
        assertThat(result.content()).hasSize(1);
        return ((TextContent) result.content().getFirst()).text();
    }

    private static JsonNode json(CallToolResult result) {
        return JsonMapper.shared().valueToTree(result.structuredContent());
    }
}
