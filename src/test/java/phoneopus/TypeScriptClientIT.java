package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests the packaged server with the official TypeScript client, which {@code consult.mjs} runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypeScriptClientIT {

    private static final int TALK_LIMIT_SECONDS = 120;

    private Path repository;
    private JsonNode report;

    @BeforeAll
    void talk(@TempDir Path temporary) throws IOException, InterruptedException {
        var folder = temporary.toRealPath();
        var home = Files.createDirectory(folder.resolve("home"));
        repository = Files.createDirectory(folder.resolve("repository"));
        var script = NodePackages.client().resolve("consult.mjs");
        var fake = Path.of("src/test/resources/phoneopus/fake-claude.sh").toAbsolutePath();
        var builder =
                new ProcessBuilder(
                        "node", "" + script, "" + PackagedServer.launcher(), "" + repository);
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("PHONE_OPUS_CLAUDE_BINARY", fake.toString());
        environment.put("PHONE_OPUS_STATE_DIR", folder.resolve("state").toString());
        var output = folder.resolve("report.json");
        var errors = folder.resolve("errors.txt");
        var client = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        var ended = client.waitFor(TALK_LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            client.descendants().forEach(ProcessHandle::destroyForcibly);
            client.destroyForcibly().waitFor();
        }
        assertThat(ended && client.exitValue() == 0)
                .as("the client's errors:%n%s", Files.readString(errors))
                .isTrue();
        report = JsonMapper.shared().readTree(Files.readString(output));
    }

    @AfterAll
    void endWhatIsLeft() {
        RunningProcesses.in(repository).forEach(RunningProcesses.Living::kill);
    }

    @Test
    void theServerPresentsItselfAndItsTools() {
        assertThat(report.at("/server/name").asString()).isNotBlank();
        assertThat(report.path("instructions").asString())
                .contains("consult")
                .hasSizeLessThanOrEqualTo(1000);
        assertThat(report.path("tools").values())
                .extracting(JsonNode::asString)
                .containsExactlyElementsOf(AnyTransport.approvedTools());
    }

    @Test
    void porcelainIsOneBlockOfText() {
        var answer = report.path("porcelain");

        assertThat(answer.path("isError").asBoolean(false)).isFalse();
        assertThat(answer.path("structuredContent").isMissingNode()).isTrue();
        assertThat(answer.path("content").values()).hasSize(1);
        assertThat(answer.at("/content/0/text").asString())
                .startsWith("consult ok model=demo-opus turns=2 ")
                .endsWith("Rename the method.");
    }

    @Test
    void jsonIsStructuredAndTheSameAsText() {
        var answer = report.path("json");

        assertThat(answer.at("/structuredContent/response").asString())
                .isEqualTo("Rename the method.");
        assertThat(answer.at("/structuredContent/mode").asString()).isEqualTo("sync");
        assertThat(answer.at("/structuredContent/session_mode").asString()).isEqualTo("resumed");
        assertThat(JsonMapper.shared().readTree(answer.at("/content/0/text").asString()))
                .isEqualTo(answer.path("structuredContent"));
    }

    @Test
    void aBlankPromptIsAToolErrorThatAModelCanCorrect() {
        var answer = report.path("refused");

        assertThat(answer.path("isError").asBoolean()).isTrue();
        assertThat(answer.at("/structuredContent/fault/code").asString())
                .isEqualTo("invalid_input");
        assertThat(answer.at("/structuredContent/fault/message").asString())
                .contains("prompt must not be empty");
    }

    @Test
    void aSlowConsultReportsProgressThatGrowsAndThenAnswers() {
        var progress = report.path("progress");

        assertThat(progress.values()).isNotEmpty();
        assertThat(progress.at("/0/message").asString()).matches("job=[0-9a-f-]{36}.*");
        assertThat(
                        progress.values().stream()
                                .map(event -> event.path("progress").asDouble())
                                .toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(report.at("/slow/content/0/text").asString()).endsWith("Rename the method.");
    }

    @Test
    void anAbortedConsultIsCancelledWithoutAReplyAndTheServerLivesOn() throws IOException {
        assertThat(report.path("cancelled").asString()).contains("stopped by the user");
        assertThat(report.path("cancelledWasAnswered").asBoolean(true)).isFalse();
        assertThat(report.at("/afterCancel/content/0/text").asString())
                .endsWith("Rename the method.");
        var claude = Long.parseLong(Files.readString(repository.resolve("hanging")).strip());
        await().atMost(7, TimeUnit.SECONDS)
                .untilAsserted(() -> {
                    assertThat(RunningProcesses.withPid(claude)).isEmpty();
                    assertThat(RunningProcesses.in(repository)).isEmpty();
                });
    }

    @Test
    void anUnknownToolIsAnErrorOfTheProtocol() {
        assertThat(report.at("/unknownTool/code").asInt()).isIn(-32602, -32601);
    }

    @Test
    void theServerEndsWithItsClient() {
        var server = report.path("pid").asLong();

        assertThat(RunningProcesses.withPid(server)).isEmpty();
        assertThat(report.path("closedAfterMs").asLong())
                .as("after 2 s the client kills")
                .isLessThan(2000);
    }
}
