package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static phoneopus.StubApi.error;
import static phoneopus.StubApi.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests how the packaged server reports the answers, faults and exits of the real claude. */
class RealClaudeIT extends RealClaude {

    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    @Test
    void aPlainQuestionIsAnswered() {
        api = StubApi.replying(text("Rename the method."));
        server = serverOfAUserWithAKey();

        var answer = consult("What is wrong here?");

        assertThat(answer.path("response").asString()).isEqualTo("Rename the method.");
        assertThat(answer.path("mode").asString()).isEqualTo("sync");
        assertThat(answer.path("model").asString()).startsWith("claude-opus");
        assertThat(answer.path("session_mode").asString()).isEqualTo("new");
        assertThat(UUID.fromString(answer.path("session_id").asString())).isNotNull();
        assertThat(answer.path("cwd").asString()).isEqualTo(repository.toString());
        assertThat(answer.path("num_turns").asInt()).isEqualTo(1);
        assertThat(answer.path("stop_reason").asString()).isEqualTo("end_turn");
        assertThat(answer.path("total_cost_usd").asDouble()).isPositive();
        assertThat(answer.path("consult_cost_usd").asDouble())
                .isEqualTo(answer.path("total_cost_usd").asDouble());
        assertThat(answer.path("permission_denial_count").asInt()).isZero();
        assertThat(answer.path("prompt").asString()).isEqualTo("What is wrong here?");
        assertThat(answer.path("effective_prompt").asString()).endsWith("What is wrong here?");
        assertThat(answer.path("usage").path("output_tokens").asInt()).isPositive();
        assertThat(answer.path("model_usage").propertyNames()).isNotEmpty();
        assertThat(api.messageTexts()).anyMatch(text -> text.contains("What is wrong here?"));
    }

    @Test
    void aQuestionMayTakeSeveralTurns() {
        api = StubApi.replying(read("notes.txt"), text("The notes greet."));
        server = serverOfAUserWithAKey();

        var answer = consult("What do the notes say?");

        assertThat(answer.path("response").asString()).isEqualTo("The notes greet.");
        assertThat(answer.path("num_turns").asInt()).isEqualTo(2);
        assertThat(answer.path("permission_denial_count").asInt()).isZero();
        assertThat(sentToTheApi()).contains("The notes greet you.");
    }

    @Test
    void aSessionIsResumedAndItsEarlierTurnsArePaidOnce() {
        api = StubApi.replying(text("First answer."), text("Second answer."));
        server = serverOfAUserWithAKey();
        var first = consult("First question?");

        var second =
                consult(
                        "Second question?",
                        Map.of("session_id", first.path("session_id").asString()));

        assertThat(second.path("response").asString()).isEqualTo("Second answer.");
        assertThat(second.path("session_mode").asString()).isEqualTo("resumed");
        assertThat(second.path("session_id")).isEqualTo(first.path("session_id"));
        assertThat(second.path("requested_session_id")).isEqualTo(first.path("session_id"));
        // Both answers cost the same; old releases report only the cost of the last run.
        assertThat(second.path("consult_cost_usd").asDouble())
                .isCloseTo(first.path("consult_cost_usd").asDouble(), within(1e-9))
                .isPositive();
        assertThat(api.requests().getLast().path("body").toString())
                .contains("First question?", "First answer.", "Second question?");
    }

    @Test
    void aSessionIdInUpperCaseIsResumed() {
        api = StubApi.replying(text("First answer."), text("Second answer."));
        server = serverOfAUserWithAKey();
        var session = consult("First question?").path("session_id").asString();

        var second =
                consult("Second question?", Map.of("session_id", session.toUpperCase(Locale.ROOT)));

        assertThat(second.path("session_id").asString()).isEqualTo(session);
    }

    @Test
    void tooManyTurnsNameTheSessionToResume() {
        api = StubApi.replying(read("notes.txt"), text("Never asked for."));
        server = serverOfAUserWithAKey();

        var answer = consult("What do the notes say?", Map.of("max_turns", 1));

        assertFault(answer, "downstream", "max_turns");
        assertThat(UUID.fromString(answer.path("session_id").asString())).isNotNull();
    }

    @Test
    void aRefusedKeyIsNotWorthARetry() {
        api = StubApi.replying(error(401));
        server = serverOfAUserWithAKey();

        var answer = consult("Anyone there?");

        assertFault(answer, "downstream", "not_authenticated");
        assertThat(answer.path("retryable").asBoolean()).isFalse();
    }

    @Test
    void aUserWhoIsNotLoggedInIsToldSo() {
        api = StubApi.replying(text("Never asked for."));
        server = start(Map.of("ANTHROPIC_BASE_URL", api.url()));

        var answer = consult("Anyone there?");

        assertFault(answer, "downstream", "not_authenticated");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void anOverloadedApiIsWorthARetry() {
        api = StubApi.replying(error(529));
        server = serverOfAUserWithAKey();

        var answer = consult("Anyone there?");

        assertFault(answer, "downstream", "overloaded");
        assertThat(answer.path("retryable").asBoolean()).isTrue();
    }

    @Test
    void anUnknownSessionIsNotFound() {
        api = StubApi.replying(text("Never asked for."));
        server = serverOfAUserWithAKey();

        var answer = consult("And then?", Map.of("session_id", UUID.randomUUID().toString()));

        assertFault(answer, "downstream", "session_not_found");
    }

    @Test
    void aKeyThatStandsOnlyInTheUsersSettingsSignsIn() throws IOException {
        api = StubApi.replying(text("Signed in."));
        write(
                home.resolve(".claude/settings.json"),
                "{'env': {'ANTHROPIC_BASE_URL': '%s', 'ANTHROPIC_API_KEY': '%s'}}"
                        .formatted(api.url(), KEY));
        server = start(Map.of());

        var answer = consult("Who am I?");

        assertThat(answer.path("response").asString()).isEqualTo("Signed in.");
        await().atMost(END_OF_A_RUN)
                .ignoreExceptions()
                .untilAsserted(() -> assertNoFileOfTheStateHolds(KEY));
    }

    @Test
    void aKeyThatTheUsersHelperPrintsSignsIn() throws IOException {
        api = StubApi.replying(text("Signed in."));
        var helper = home.resolve("print-key");
        Files.writeString(helper, "#!/bin/sh\necho %s\n".formatted(KEY));
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        write(home.resolve(".claude/settings.json"), "{'apiKeyHelper': '%s'}".formatted(helper));
        server = start(Map.of("ANTHROPIC_BASE_URL", api.url()));

        var answer = consult("Who am I?");

        assertThat(answer.path("response").asString()).isEqualTo("Signed in.");
        assertThat(api.requests().getFirst().path("headers").propertyNames()).contains("x-api-key");
    }

    @Test
    void aPromptOfHalfAMegabyteArrivesWhole() {
        var end = "and this is its end";
        api = StubApi.replying(text("Long."));
        server = serverOfAUserWithAKey();

        var answer = consult("word ".repeat(100_000) + end);

        assertThat(answer.path("response").asString()).isEqualTo("Long.");
        assertThat(api.messageTexts()).anyMatch(text -> text.endsWith(end));
    }

    @Test
    void aCancelledConsultLeavesNoProcess() throws IOException {
        api = StubApi.replying(bash("sleep 300"), text("Never asked for."));
        server = serverOfAUserWithAKey();
        server.callLater(
                "consult", Map.of("prompt", "Take your time.", "cwd", repository.toString()));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        RunningProcesses.in(repository).stream()
                                .anyMatch(process -> process.command().equals("sleep 300")));
        var whole = RunningProcesses.in(repository);
        var leader = leaderOfTheOnlyRun();
        assertThat(RunningProcesses.ofSession(leader)).isNotEmpty();

        server.cancelNewestCall("the user stopped");

        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> {
                    assertThat(RunningProcesses.stillLiving(whole)).isEmpty();
                    assertThat(RunningProcesses.in(repository)).isEmpty();
                    assertThat(RunningProcesses.ofSession(leader)).isEmpty();
                });
        await().atMost(END_OF_A_RUN)
                .until(
                        () -> onlyRun("outcome.json").at("/outcome/ending").asString(),
                        "cancelled"::equals);
    }

    @Test
    void aCancelledConsultCanBeResumed() throws IOException {
        api = StubApi.replying(bash("sleep 300"), text("Here I am again."));
        server = serverOfAUserWithAKey();
        server.callLater(
                "consult", Map.of("prompt", "Take your time.", "cwd", repository.toString()));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        RunningProcesses.in(repository).stream()
                                .anyMatch(process -> process.command().equals("sleep 300")));
        server.cancelNewestCall("the user stopped");
        await().atMost(END_OF_A_RUN)
                .until(
                        () -> onlyRun("outcome.json").at("/outcome/ending").asString(),
                        "cancelled"::equals);

        var session = onlyRun("request.json").path("session_id").asString();
        var answer = consult("Where were you?", Map.of("session_id", session));

        assertThat(answer.path("response").asString()).isEqualTo("Here I am again.");
        assertThat(answer.path("session_id").asString()).isEqualTo(session);
        assertThat(api.requests().getLast().path("body").toString()).contains("Take your time.");
    }

    /** A file of the only run; empty if it does not exist yet. */
    private JsonNode onlyRun(String file) throws IOException {
        var path = onlyRun().resolve(file);
        return Files.exists(path)
                ? JsonMapper.shared().readTree(Files.readString(path))
                : JsonMapper.shared().createObjectNode();
    }

    private String leaderOfTheOnlyRun() throws IOException {
        return Files.readString(onlyRun().resolve("pid")).split(" ")[0];
    }

    private Path onlyRun() throws IOException {
        try (var runs = Files.list(state.resolve("spool"))) {
            return runs.toList().getFirst();
        }
    }

    private void assertNoFileOfTheStateHolds(String secret) throws IOException {
        try (var files = Files.walk(state)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secret);
            }
        }
    }

    private static void assertFault(JsonNode answer, String faultClass, String code) {
        var fault = answer.path("fault");
        assertThat(fault.path("class").asString() + "/" + fault.path("code").asString())
                .as(answer.toString())
                .isEqualTo(faultClass + "/" + code);
        assertThat(fault.path("message").asString()).isNotBlank();
    }
}
