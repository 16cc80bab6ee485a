package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the packaged server with an ordinary client and a claude that does what it is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class StdioServerIT {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    private static final List<String> CONCISE =
            List.of(
                    "mode",
                    "job_id",
                    "response",
                    "cwd",
                    "session_mode",
                    "requested_session_id",
                    "session_id",
                    "model",
                    "duration_ms",
                    "num_turns",
                    "stop_reason",
                    "total_cost_usd",
                    "consult_cost_usd",
                    "prompt_prefix_injected",
                    "permission_denial_count");

    private static final List<String> ONLY_IN_FULL =
            List.of(
                    "prompt",
                    "effective_prompt",
                    "max_turns",
                    "duration_api_ms",
                    "usage",
                    "model_usage",
                    "permission_denials",
                    "fast_mode_state",
                    "uuid");

    private static final Map<String, String> CANARIES =
            Map.of(
                    "CLAUDECODE", "1",
                    "CLAUDE_CODE_ENTRYPOINT", "canary",
                    "CLAUDE_CODE_SSE_PORT", "canary",
                    "GITHUB_TOKEN", "canary",
                    "OPENAI_API_KEY", "canary",
                    "SECRET", "canary",
                    "LD_LIBRARY_PATH", "/canary",
                    "NODE_OPTIONS", "--title=canary",
                    "ANTHROPIC_API_KEY", "the-users-key");

    private static final ClientCapabilities ROOTS =
            ClientCapabilities.builder().roots(false).build();

    private static final Implementation CLAUDE_CODE =
            Implementation.builder("claude-code", "2").build();

    private final List<ProgressNotification> progress = new CopyOnWriteArrayList<>();
    private Surroundings surroundings;
    private PackagedServer server;

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server =
                PackagedServer.start(
                        surroundings.desk(),
                        surroundings.environment(CANARIES),
                        client -> client.progressConsumer(progress::add));
    }

    @AfterAll
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    @ParameterizedTest
    @CsvSource({
        "concise,'denied: Bash rm README\\.md \\(2 times\\)\nresponse:\n'",
        "full,'cwd=(?s:.*)\nresponse:\n'"
    })
    void porcelainIsAHeadLineAndTheResponse(String detail, String between) {
        var repository =
                surroundings.repository(
                        Map.of("ANSWER", "# Rename it.\n\nNow.", "COST", "0.25", "DENIALS", 2));

        var result = consult(repository, Map.of("detail", detail));

        assertThat(result.structuredContent()).isNull();
        assertThat(text(result))
                .matches(
                        "consult ok model=demo-opus turns=2 duration=\\d+\\.\\ds cost=\\$0\\.2500 denied=2 session=%s job=%s\n%s# Rename it\\.\n\nNow\\."
                                .formatted(ID, ID, between));
    }

    @Test
    void conciseJsonHasTheFieldsOfTheContractInOrder() {
        var repository = surroundings.repository(Map.of("ANSWER", "Rename it.", "COST", "0.25"));

        var result = consult(repository, Map.of("render", "json"));
        var answer = json(result);

        assertThat(answer.propertyNames()).containsExactlyElementsOf(CONCISE);
        assertThat(answer.path("mode").asString()).isEqualTo("sync");
        assertThat(answer.path("job_id").asString()).matches(ID);
        assertThat(answer.path("response").asString()).isEqualTo("Rename it.");
        assertThat(answer.path("cwd").asString()).isEqualTo(repository.toString());
        assertThat(answer.path("session_mode").asString()).isEqualTo("new");
        assertThat(answer.path("requested_session_id").isNull()).isTrue();
        assertThat(answer.path("session_id").asString()).matches(ID);
        assertThat(answer.path("model").asString()).isEqualTo("demo-opus");
        assertThat(answer.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(answer.path("num_turns").asInt()).isEqualTo(2);
        assertThat(answer.path("stop_reason").asString()).isEqualTo("end_turn");
        assertThat(answer.path("total_cost_usd").asDouble()).isEqualTo(0.25);
        assertThat(answer.path("consult_cost_usd").asDouble()).isEqualTo(0.25);
        assertThat(answer.path("prompt_prefix_injected").asBoolean()).isTrue();
        assertThat(answer.path("permission_denial_count").asInt()).isZero();
        assertThat(JsonMapper.shared().readTree(text(result))).isEqualTo(answer);
    }

    @Test
    void fullJsonHasEverything() {
        var repository = surroundings.repository(Map.of("ANSWER", "Rename it.", "DENIALS", 1));

        var answer = json(consult(repository, Map.of("render", "json", "detail", "full")));

        assertThat(answer.propertyNames())
                .containsExactlyElementsOf(
                        Stream.of(CONCISE, List.of("denied_calls"), ONLY_IN_FULL)
                                .flatMap(List::stream)
                                .toList());
        assertThat(answer.path("prompt").asString()).isEqualTo("Why?");
        assertThat(answer.path("effective_prompt").asString())
                .startsWith("You are the adviser")
                .endsWith("\n\nWhy?");
        assertThat(answer.path("max_turns").isNull()).isTrue();
        assertThat(answer.at("/usage/service_tier").asString()).isEqualTo("standard");
        assertThat(answer.at("/model_usage/demo-opus/contextWindow").asInt()).isEqualTo(1_000_000);
        assertThat(answer.at("/permission_denials/0/tool_input/command").asString())
                .isEqualTo("rm README.md");
        assertThat(answer.path("fast_mode_state").isNull()).isTrue();
        assertThat(answer.path("uuid").asString()).matches(ID);
    }

    @Test
    void aSessionIsResumedByItsIdInAnyCaseAndItsEarlierCostIsTakenOff() throws IOException {
        var repository = surroundings.recorded(Map.of("COST", "0.25"));
        var first = json(consult(repository, Map.of("render", "json")));
        var session = first.path("session_id").asString();
        Files.writeString(
                repository.resolve("fake"),
                Surroundings.read(repository.resolve("fake")).replace("0.25", "0.75"));

        var second =
                json(
                        consult(
                                repository,
                                Map.of(
                                        "render",
                                        "json",
                                        "session_id",
                                        session.toUpperCase(Locale.ROOT))));

        assertThat(second.path("session_mode").asString()).isEqualTo("resumed");
        assertThat(second.path("requested_session_id").asString()).isEqualTo(session);
        assertThat(second.path("session_id").asString()).isEqualTo(session);
        assertThat(second.path("total_cost_usd").asDouble()).isEqualTo(0.75);
        assertThat(second.path("consult_cost_usd").asDouble()).isEqualTo(0.5);
        assertThat(record(repository, "argv").lines())
                .containsSubsequence("--resume", session)
                .doesNotContain("--session-id");
    }

    @Test
    void modelEffortAndTurnsReachTheCommandAndThePromptItsInput() {
        var repository = surroundings.recorded(Map.of());

        consult(repository, Map.of("model", "sonnet", "effort", "low", "max_turns", 3.0));

        assertThat(record(repository, "argv").lines())
                .containsSubsequence("--model", "sonnet")
                .containsSubsequence("--effort", "low")
                .containsSubsequence("--max-turns", "3")
                .contains("-p", "--session-id", "--setting-sources=")
                .noneMatch(argument -> argument.contains("Why?"));
        assertThat(record(repository, "stdin")).endsWith("\n\nWhy?");
        assertThat(record(repository, "cwd")).isEqualTo(repository + "\n");
    }

    @Test
    void withoutThemTheSettingsDecide() {
        var repository = surroundings.recorded(Map.of());

        consult(repository, Map.of());

        assertThat(record(repository, "argv").lines())
                .containsSubsequence("--model", "opus")
                .containsSubsequence("--effort", "max")
                .doesNotContain("--max-turns", "--resume");
    }

    @Test
    void withoutACwdItIsTheServersDirectory() {
        var answer = json(server.call("consult", Map.of("prompt", "Why?", "render", "json")));

        assertThat(answer.path("cwd").asString()).isEqualTo(surroundings.desk().toString());
    }

    @Test
    void theTopOfTheFileSystemIsNobodysRepository() {
        try (var atTheTop = PackagedServer.start(Path.of("/"), surroundings.environment())) {
            var result = atTheTop.call("consult", Map.of("prompt", "Why?"));

            assertThat(result.isError()).isTrue();
            assertThat(text(result))
                    .isEqualTo(
                            "cwd is required: give the absolute path of the repository to consult about");
        }
    }

    @Test
    void aLongAnswerIsCutAtALineEndAndSaysSo() {
        var repository = surroundings.repository(Map.of("ANSWER_BYTES", 50_000));

        var text = text(consult(repository, Map.of()));
        var answer = json(consult(repository, Map.of("render", "json")));

        var response = answer.path("response").asString();
        assertThat(response).hasSizeBetween(36_000, 40_000).endsWith("x\n");
        assertThat(answer.path("response_chars").asInt()).isEqualTo(50_000);
        assertThat(answer.path("next_offset").asInt()).isEqualTo(response.length());
        assertThat(text)
                .containsPattern(
                        "x\n\\[cut at %d of 50000; next: consult_job \\{\"job_id\":\"%s\",\"offset\":%d}]$"
                                .formatted(response.length(), ID, response.length()));
    }

    @Test
    void progressGoesToWhoeverGaveATokenAndToNobodyElse() {
        var repository = surroundings.repository(Map.of("DELAY", 8));
        var arguments = Map.<String, Object>of("prompt", "Why?", "cwd", "" + repository);
        var before = progress.size();
        var silent =
                server.callLater(
                        "consult", Map.of("prompt", "And why else?", "cwd", "" + repository));

        var result =
                server.call(
                        CallToolRequest.builder("consult")
                                .arguments(arguments)
                                .progressToken("token-1")
                                .build());
        silent.join();

        var seen = progress.subList(before, progress.size());
        assertThat(text(result)).startsWith("consult ok ");
        assertThat(seen)
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.progressToken()).isEqualTo("token-1");
                    assertThat(event.message()).matches("job=" + ID + " turn \\d+: .+");
                });
        assertThat(seen.getFirst().message()).endsWith("README.md");
        assertThat(seen.getFirst().progress()).isGreaterThanOrEqualTo(3.0);
        assertThat(seen.stream().map(ProgressNotification::progress).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aQuickConsultSendsNoProgress() {
        var repository = surroundings.repository(Map.of());
        var before = progress.size();

        server.call(
                CallToolRequest.builder("consult")
                        .arguments(Map.of("prompt", "Why?", "cwd", "" + repository))
                        .progressToken("token-2")
                        .build());

        assertThat(progress.subList(before, progress.size())).isEmpty();
    }

    @Test
    void aConsultThatWaitsForItsTurnSaysSo() {
        var seen = new CopyOnWriteArrayList<ProgressNotification>();
        var hanging = surroundings.repository(Map.of("HANG", 1));
        var repository = surroundings.repository(Map.of());
        var narrow =
                surroundings.environment(
                        Map.of(
                                "PHONE_OPUS_CONSULT_MAX_CONCURRENT",
                                "1",
                                "PHONE_OPUS_STATE_DIR",
                                "" + surroundings.desk().resolve("narrow")));
        try (var one =
                PackagedServer.start(
                        surroundings.desk(),
                        narrow,
                        client -> client.progressConsumer(seen::add))) {
            var first = one.callLater("consult", Map.of("prompt", "Why?", "cwd", "" + hanging));
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> !RunningProcesses.in(hanging).isEmpty());

            var second =
                    CompletableFuture.supplyAsync(() ->
                            one.call(
                                    CallToolRequest.builder("consult")
                                            .arguments(
                                                    Map.of(
                                                            "prompt",
                                                            "Why?",
                                                            "cwd",
                                                            "" + repository))
                                            .progressToken("token-3")
                                            .build()));
            await().atMost(Surroundings.A_WHILE)
                    .untilAsserted(() ->
                            assertThat(seen)
                                    .anySatisfy(event ->
                                            assertThat(event.message())
                                                    .matches(
                                                            "job="
                                                                    + ID
                                                                    + " queued as the next; 1 of 1 running")));
            RunningProcesses.in(hanging).forEach(RunningProcesses.Living::kill);

            assertThat(text(second.join())).startsWith("consult ok ");
            assertThat(text(first.join())).startsWith("failed code=process/interrupted ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    void aCancelledConsultLeavesNoProcessEvenOfASessionOfItsOwn(String ignoreTerm) {
        var repository =
                surroundings.repository(
                        Map.of("HANG", 1, "GRANDCHILD", "grandchild", "IGNORE_TERM", ignoreTerm));
        server.callLater("consult", Map.of("prompt", "Why?", "cwd", "" + repository));
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(RunningProcesses.in(repository))
                                .extracting(RunningProcesses.Living::command)
                                .contains("sleep 600", "sleep 2147483647"));

        server.cancelNewestCall("the user pressed Esc");

        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        assertThat(text(consult(surroundings.repository(Map.of()), Map.of())))
                .startsWith("consult ok ");
    }

    @Test
    void consultsOfOneSessionNeverOverlapNeitherInOneServerNorInTwo() {
        var repository = surroundings.recorded(Map.of("DELAY", "0.4"));
        var session = UUID.randomUUID().toString();
        try (var other = PackagedServer.start(surroundings.desk(), surroundings.environment())) {
            var calls = new ArrayList<CompletableFuture<CallToolResult>>();
            for (int i = 0; i < 3; i++) {
                calls.add(server.callLater("consult", inSession(session, repository, "A" + i)));
                calls.add(other.callLater("consult", inSession(session, repository, "B" + i)));
            }

            assertThat(calls)
                    .allSatisfy(call -> assertThat(text(call.join())).startsWith("consult ok "));
        }
        var journal = record(repository, "journal").lines().map(line -> line.split(" ")).toList();
        assertThat(journal).hasSize(12);
        for (int i = 0; i < journal.size(); i += 2) {
            assertThat(journal.get(i)[0]).isEqualTo("start");
            assertThat(journal.get(i + 1)[0]).isEqualTo("end");
            assertThat(journal.get(i + 1)[1]).isEqualTo(journal.get(i)[1]);
        }
    }

    @Test
    void consultsOfDifferentSessionsRunAtOnce() {
        var repository = surroundings.held(Map.of());

        var calls =
                IntStream.range(0, 3)
                        .mapToObj(number ->
                                server.callLater(
                                        "consult",
                                        Map.of("prompt", "Why " + number, "cwd", "" + repository)))
                        .toList();
        Surroundings.awaitHeld(repository, 3);
        Surroundings.release(repository);

        assertThat(calls)
                .allSatisfy(call -> assertThat(text(call.join())).startsWith("consult ok "));
    }

    @Test
    void thePromptIsInNoProcessListNoLogAndNoError() throws IOException {
        var canary = "canary-" + UUID.randomUUID();
        var repository = surroundings.repository(Map.of("HANG", 1));
        var prompt = "What about " + canary + "?";
        var call = server.callLater("consult", Map.of("prompt", prompt, "cwd", "" + repository));
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(RunningProcesses.in(repository))
                                .extracting(RunningProcesses.Living::command)
                                .contains("sleep 2147483647"));

        var commandLines = commandLines();
        RunningProcesses.in(repository).forEach(RunningProcesses.Living::kill);
        var killed = text(call.join());
        var wrong =
                text(
                        server.call(
                                "consult",
                                Map.of("prompt", prompt, "cwd", "" + repository, "max_turns", 0)));
        var failing = surroundings.repository(Map.of("EMPTY", 1, "EXIT", 3, "STDERR", "No."));
        var failed = text(server.call("consult", Map.of("prompt", prompt, "cwd", "" + failing)));

        assertThat(commandLines).isNotEmpty().noneMatch(line -> line.contains(canary));
        assertThat(List.of(killed, wrong, failed)).noneMatch(text -> text.contains(canary));
        assertThat(server.log()).contains("started pid=").doesNotContain(canary);
    }

    @Test
    void whatIsInTheServersEnvironmentStaysOutOfTheCommands() {
        var repository = surroundings.recorded(Map.of());

        consult(repository, Map.of());

        var environment = record(repository, "env");
        assertThat(environment)
                .doesNotContain("canary")
                .contains("ANTHROPIC_API_KEY=the-users-key\n", "HOME=" + surroundings.home());
        assertThat(environment.lines().map(line -> line.replaceFirst("=.*", "")))
                .doesNotContain("CLAUDECODE", "JAVA_HOME")
                .noneMatch(name -> name.startsWith("PHONE_OPUS_"));
    }

    @Test
    void whatModelsSendIsTakenAndWhatClientsAddIsIgnored() {
        var repository = surroundings.recorded(Map.of("ANSWER", "Taken."));
        var given = new HashMap<String, Object>();
        given.put("prompt", "\"Why?\"");
        given.put("cwd", " \"" + repository + "\" ");
        given.put("max_turns", "5");
        given.put("session_id", "null");
        given.put("background", "False");
        given.put("model", "SONNET");
        given.put("effort", "High");
        given.put("fresh", "");
        given.put("render", "JSON");
        given.put("wait_for_previous", true);

        var taken = json(server.call("consult", given));
        given.put("sessionId", UUID.randomUUID().toString());
        var misspelt = server.call("consult", given);

        assertThat(taken.path("response").asString()).isEqualTo("Taken.");
        assertThat(taken.path("session_mode").asString()).isEqualTo("new");
        assertThat(taken.path("ignored_arguments").toString()).isEqualTo("[\"wait_for_previous\"]");
        assertThat(record(repository, "argv").lines())
                .containsSubsequence("--model", "sonnet")
                .containsSubsequence("--effort", "high")
                .containsSubsequence("--max-turns", "5");
        assertThat(record(repository, "stdin")).endsWith("\"Why?\"");
        assertThat(misspelt.isError()).isTrue();
        assertThat(json(misspelt).at("/fault/message").asString())
                .startsWith("consult takes no argument `sessionId`")
                .endsWith("call it session_id");
    }

    @Test
    void aWrongArgumentIsNamedInTheRenderThatWasAskedFor() {
        var repository = surroundings.repository(Map.of());

        var text = consult(repository, Map.of("session_id", "abc"));
        var json = consult(repository, Map.of("effort", "huge", "render", "json"));
        var blank = server.call("consult", Map.of("prompt", " \n"));

        assertThat(text.isError()).isTrue();
        assertThat(text.structuredContent()).isNull();
        assertThat(text(text))
                .isEqualTo(
                        "session_id must be a valid UUID, got `abc` (string); leave session_id out for a new session");
        assertThat(json.isError()).isTrue();
        assertThat(json(json).toString())
                .isEqualTo(
                        """
                        {"fault":{"class":"protocol","code":"invalid_input",\
                        "message":"effort must be one of low, medium, high, xhigh, max, got `huge` (string)","next":"Correct that argument and call again."},\
                        "operation":"consult","retryable":false}\
                        """);
        assertThat(text(blank)).isEqualTo("prompt must not be empty");
    }

    @Test
    void aClientsOnlyRootIsTheDefaultAndTheBaseOfARelativePath() throws IOException {
        var root = surroundings.repository(Map.of("ANSWER", "Of the root."));
        var below = Files.createDirectory(root.resolve("below"));
        try (var rooted =
                PackagedServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        client ->
                                client.capabilities(ROOTS)
                                        .clientInfo(CLAUDE_CODE)
                                        .roots(Root.builder(root.toUri().toString()).build()))) {
            var byDefault =
                    json(rooted.call("consult", Map.of("prompt", "Why?", "render", "json")));
            var relative =
                    json(
                            rooted.call(
                                    "consult",
                                    Map.of("prompt", "Why?", "render", "json", "cwd", "below")));
            var wrong =
                    rooted.call("consult", Map.of("prompt", "Why?", "render", "json", "cwd", 7));

            assertThat(byDefault.path("cwd").asString()).isEqualTo(root.toString());
            assertThat(byDefault.path("response").asString()).isEqualTo("Of the root.");
            assertThat(relative.path("cwd").asString()).isEqualTo(below.toString());
            assertThat(text(wrong))
                    .startsWith("cwd must be a string, got `7` (number); for example ");
            assertThat(json(wrong).at("/fault/message").asString())
                    .startsWith("cwd must be a string, got `7` (number); for example ");
        }
    }

    private static Map<String, Object> inSession(String session, Path repository, String prompt) {
        return Map.of("prompt", prompt, "cwd", "" + repository, "session_id", session);
    }

    private CallToolResult consult(Path repository, Map<String, Object> more) {
        var arguments = new HashMap<>(more);
        arguments.put("prompt", "Why?");
        arguments.put("cwd", repository.toString());
        return server.call("consult", arguments);
    }

    private static String text(CallToolResult result) {
        assertThat(result.content()).hasSize(1);
        return ((TextContent) result.content().getFirst()).text();
    }

    private static JsonNode json(CallToolResult result) {
        return JsonMapper.shared().valueToTree(result.structuredContent());
    }

    private static String record(Path repository, String file) {
        return Surroundings.read(repository.resolve("record").resolve(file));
    }

    private static List<String> commandLines() throws IOException {
        var lines = new ArrayList<String>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                try {
                    lines.add(
                            Files.readString(
                                    process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                } catch (IOException _) {
                    // It ended after it was listed.
                }
            }
        }
        return lines;
    }
}
