package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A client sees the same server over every transport. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class AnyTransport {

    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    private final List<ProgressNotification> progress = new CopyOnWriteArrayList<>();
    private Surroundings surroundings;
    private AutoCloseable server;
    private TestClient client;

    /** A server and a client connected over one transport. */
    record Connection(AutoCloseable server, TestClient client) {}

    abstract Connection connect(
            Path desk, Map<String, String> environment, UnaryOperator<McpClient.SyncSpec> more);

    /** The server's name for the transport. */
    abstract String transport();

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        var root = root(surroundings.desk());
        var connection =
                connect(
                        surroundings.desk(),
                        // Otherwise the patience would expire and every call would become a job.
                        surroundings.environment(Map.of("PHONE_OPUS_CONSULT_PATIENCE", "0s")),
                        spec ->
                                spec.progressConsumer(progress::add)
                                        .capabilities(
                                                ClientCapabilities.builder().roots(false).build())
                                        .roots(root));
        server = connection.server();
        client = connection.client();
    }

    @AfterAll
    void endEverything() throws Exception {
        client.close();
        server.close();
        surroundings.endEverything();
    }

    @Test
    void theServerSaysTheSameOfItself() {
        var hello = client.client().getCurrentInitializationResult();

        assertThat(hello.serverInfo().name()).isEqualTo("phone-opus");
        assertThat(hello.instructions()).startsWith("phone-opus lets you phone Claude Opus");
        assertThat(hello.capabilities().tools().listChanged()).isFalse();
        assertThat(hello.capabilities().resources()).isNull();
    }

    @Test
    void theToolsAreTheApprovedOnes() {
        var json = JsonMapper.shared();

        var tools = json.valueToTree(client.client().listTools().tools());

        assertThat(tools.findValuesAsString("name")).isEqualTo(approvedTools());
        assertThat(tools.at("/0/inputSchema/additionalProperties").asBoolean(true)).isFalse();
    }

    static List<String> approvedTools() {
        return JsonMapper.shared()
                .readTree(Path.of("src/main/resources/tools.approved.json"))
                .path("tools")
                .findValuesAsString("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rename it.", "Größe ≠ 😀\n\nzwei"})
    void anAnswerArrivesAsItIs(String answer) {
        var repository = surroundings.repository(Map.of("ANSWER", answer));

        var result = client.call("consult", question(repository));

        assertThat(text(result)).startsWith("consult ok ").endsWith("\n" + answer);
    }

    @Test
    void theClientsOnlyRootIsWhatAConsultIsAbout() {
        var answer = client.full("consult", Map.of("prompt", "Why here?"));

        assertThat(answer.path("cwd").asString()).isEqualTo(surroundings.desk().toString());
    }

    @Test
    void ofSeveralRootsNoneIsWhatAConsultIsAbout() {
        var roots = client.client();
        var others =
                Stream.of(surroundings.repository(Map.of()), surroundings.repository(Map.of()))
                        .map(AnyTransport::root)
                        .toList();
        roots.removeRoot(root(surroundings.desk()).uri());
        others.forEach(roots::addRoot);

        var answer = client.full("consult", Map.of("prompt", "Why where?"));
        others.forEach(root -> roots.removeRoot(root.uri()));
        roots.addRoot(root(surroundings.desk()));

        assertThat(answer.path("cwd").asString()).isEqualTo(surroundings.desk().toString());
    }

    private static Root root(Path directory) {
        return new Root(directory.toUri().toString(), directory.getFileName().toString());
    }

    @Test
    void aWrongArgumentIsAnErrorOfTheTool() {
        var result = client.call("consult", Map.of("prompt", "Why?", "effrt", "low"));

        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("effrt");
    }

    @Test
    void progressGoesToWhoeverGaveAToken() {
        var repository = surroundings.repository(Map.of("DELAY", 5));

        var result =
                client.call(
                        CallToolRequest.builder("consult")
                                .arguments(question(repository))
                                .progressToken("token-1")
                                .build());

        assertThat(text(result)).startsWith("consult ok ");
        assertThat(progress)
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.progressToken()).isEqualTo("token-1");
                    assertThat(event.message()).matches("job=[0-9a-f-]{36} turn \\d+: .+");
                });
    }

    @Test
    void otherRequestsAreServedWhileConsultsRun() {
        var held = surroundings.held(Map.of());
        var first = client.callLater("consult", question(held));
        var second = client.callLater("consult", with(question(held), "prompt", "And else?"));
        Surroundings.awaitHeld(held, 2);

        client.client().ping();
        var tools = client.client().listTools().tools();
        var third = text(client.call("consult", question(surroundings.repository(Map.of()))));
        Surroundings.release(held);

        assertThat(tools).isNotEmpty();
        assertThat(third).startsWith("consult ok ");
        assertThat(text(first.join())).startsWith("consult ok ");
        assertThat(text(second.join())).startsWith("consult ok ");
    }

    @Test
    void aCancelledConsultLeavesNoProcess() {
        var repository = surroundings.repository(Map.of("HANG", 1, "GRANDCHILD", "grandchild"));
        client.callLater("consult", question(repository));
        awaitHanging(repository);

        client.cancelNewestCall("the user pressed Esc");

        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        assertThat(jobsOf(repository, "all")).contains(" | cancelled | ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Error: MCP error -32001: Request timed out", "request timeout"})
    void aConsultWhoseCallTimedOutGoesOn(String reason) {
        var held = surroundings.held(Map.of());
        client.callLater("consult", question(held));
        Surroundings.awaitHeld(held, 1);

        client.cancelNewestCall(reason);
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(
                        () -> assertThat(jobsOf(held, "background")).contains(" | running | "));
        Surroundings.release(held);

        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(
                        () -> assertThat(jobsOf(held, "background")).contains(" | succeeded | "));
    }

    @Test
    void aBackgroundConsultIsWaitedFor() {
        var repository = surroundings.repository(Map.of("DELAY", 1, "ANSWER", "Later."));

        var submitted = client.full("consult", with(question(repository), "background", true));
        var done =
                text(
                        client.call(
                                "consult_wait",
                                Map.of("job_id", submitted.path("job_id").asString())));

        assertThat(done).contains(" status=succeeded\n").endsWith("response:\nLater.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consult_job", "consult_wait"})
    void anAnswerThatWasReadIsNobodysWhoAsksTheSame(String tool) {
        var repository = surroundings.recorded(Map.of("ANSWER", "Paid for."));
        var submitted = client.full("consult", with(question(repository), "background", true));
        var job = Map.<String, Object>of("job_id", submitted.path("job_id").asString());
        await().atMost(Surroundings.A_WHILE)
                .until(() -> jobsOf(repository, "background").contains(" | succeeded | "));

        var read = text(client.call(tool, job));
        var again = client.full("consult", question(repository));

        assertThat(read).endsWith("response:\nPaid for.");
        assertThat(again.path("job_id").asString()).isNotEqualTo(job.get("job_id"));
        assertThat(again.path("joined").asBoolean(false)).isFalse();
        assertThat(Surroundings.read(repository.resolve("record/journal")).lines())
                .filteredOn(line -> line.startsWith("start "))
                .hasSize(2);
    }

    private String jobsOf(Path repository, String mode) {
        return text(
                client.call("consult_jobs", Map.of("cwd", repository.toString(), "mode", mode)));
    }

    @Test
    void theServerSaysHowItIs() {
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(
                        () -> assertThat(snapshot("health_snapshot")).containsEntry("state", "ok"));

        assertThat(snapshot("health_snapshot"))
                .containsEntry("store", "open")
                .containsEntry("transport", transport())
                .containsEntry("running", 0)
                .containsKeys("uptime_s", "version", "claude", "last_fault")
                .doesNotContainKey("max_concurrent");
    }

    @Test
    @SuppressWarnings("unchecked")
    void theServerSaysWhatItDid() {
        var before = (Map<String, Object>) snapshot("telemetry_snapshot").get("consults");
        client.call(
                "consult",
                Map.of(
                        "prompt",
                        "hi",
                        "cwd",
                        surroundings.repository(Map.of("COST", "0.25")).toString()));

        var after = snapshot("telemetry_snapshot");

        assertThat((Map<String, Object>) after.get("consults"))
                .containsEntry("succeeded", (int) before.get("succeeded") + 1);
        assertThat((List<Map<String, Object>>) after.get("tools"))
                .anySatisfy(row ->
                        assertThat(row)
                                .containsEntry("tool", "consult")
                                .containsKeys("requests", "errors", "last_ms"));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> snapshot(String tool) {
        return (Map<String, Object>)
                client.call(tool, Map.of("render", "json")).structuredContent();
    }

    private static void awaitHanging(Path repository) {
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(RunningProcesses.in(repository))
                                .extracting(RunningProcesses.Living::command)
                                .contains("sleep 600", "sleep 2147483647"));
    }

    private static Map<String, Object> question(Path repository) {
        return Map.of("prompt", "Why?", "cwd", repository.toString());
    }

    private static Map<String, Object> with(
            Map<String, Object> arguments, String name, Object value) {
        var all = new HashMap<>(arguments);
        all.put(name, value);
        return all;
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
