package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.run.FaultCode;
import phoneopus.tool.ToolConfiguration.AnnotatedTool;
import phoneopus.tool.ToolMetrics.CallerTally.LastFault;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnnotatedToolTests {

    static class Bean {

        @McpTool(name = "echo")
        Reply echo(
                Call call,
                @McpToolParam(description = "Which") UUID jobId,
                @McpToolParam(description = "Where", required = false) Integer offset) {
            return Reply.text(call.view() + " " + call.client() + " " + jobId + " " + offset);
        }

        @McpTool(name = "refuse")
        Reply refuse(Call call) {
            throw new InvalidArgumentException("No.");
        }

        @McpTool(name = "interrupted")
        Reply interrupted(Call call) throws InterruptedException {
            throw new InterruptedException();
        }

        @McpTool(name = "broken")
        Reply broken(Call call) {
            throw new AssertionError("/root/secret");
        }
    }

    private final ToolMetrics metrics =
            new ToolMetrics(new SimpleMeterRegistry(), Clock.systemUTC());

    @Test
    void aMethodGetsTheCallAndItsArguments() {
        var result = call("echo", Map.of("job_id", Samples.JOB.toString(), "detail", "full"));

        assertThat(text(result))
                .isEqualTo(
                        "View[render=PORCELAIN, detail=FULL] cursor-vscode %s null"
                                .formatted(Samples.JOB));
        assertThat(result.isError()).isFalse();
        assertThat(metrics.of(null).tools().get("echo").successes()).isEqualTo(1);
        assertThat(metrics.of(null).lastFault()).isNull();
    }

    @Test
    void whateverIsThrownIsAFaultOfTheOperation() {
        var result = call("refuse", Map.of("render", "json"));

        assertThat(result.isError()).isTrue();
        assertThat(structured(result).path("operation").asString()).isEqualTo("refuse");
        assertThat(structured(result).at("/fault/code").asString()).isEqualTo("invalid_input");
    }

    @Test
    void anArgumentThatCannotBeTakenIsAFaultInTheRenderThatWasAskedFor() {
        var result = call("echo", Map.of("render", "json", "job_id", 7));

        assertThat(structured(result).path("operation").asString()).isEqualTo("echo");
        assertThat(structured(result).at("/fault/message").asString())
                .isEqualTo(
                        "job_id must be a valid UUID, got `7` (number); copy it from an answer, or call consult_jobs");
    }

    @Test
    void aRenderInAnyNotationIsThatOfItsFaultsToo() {
        var result = call("echo", Map.of("render", " \"JSON\"", "job_id", 7));

        assertThat(structured(result).path("operation").asString()).isEqualTo("echo");
    }

    @Test
    void whatIsIgnoredIsNamedAtTheEndOfTheText() {
        var given =
                Map.<String, Object>of("job_id", Samples.JOB.toString(), "task_progress", "- [x]");

        assertThat(text(call("echo", given)))
                .endsWith(
                        Samples.JOB
                                + " null\n[ignored, since there is no such argument: `task_progress`]");
        assertThat(text(call("refuse", Map.of("task_progress", ""))))
                .isEqualTo("No.\n[ignored, since there is no such argument: `task_progress`]");
    }

    @Test
    void whatIsIgnoredIsAFieldOfTheStructure() {
        var many = new HashMap<String, Object>(Map.of("render", "json", "x".repeat(500), 1));
        for (int i = 0; i < 50; i++) {
            many.put("unknown_" + i, i);
        }

        var few = structured(call("refuse", Map.of("render", "json", "task_progress", "")));
        var cut = structured(call("refuse", many)).path("ignored_arguments");

        assertThat(few.path("ignored_arguments").toString()).isEqualTo("[\"task_progress\"]");
        assertThat(cut).hasSize(10);
        assertThat(cut.toString()).hasSizeLessThan(1_000);
    }

    @Test
    void anArgumentThatLooksMisspeltIsRefused() {
        var result = call("echo", Map.of("job_id", Samples.JOB.toString(), "ofset", 3));

        assertThat(text(result))
                .isEqualTo("echo takes no argument `ofset`, got `3` (number); call it offset");
        assertThat(metrics.of(null).lastFault().code()).isEqualTo(FaultCode.INVALID_INPUT);
    }

    @Test
    void anInterruptIsAFaultAndStaysKnown() {
        var result = call("interrupted", Map.of());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result.isError()).isTrue();
    }

    @Test
    void anErrorIsAFaultOfOursAndCountedAsOne() {
        var result = call("broken", Map.of());

        assertThat(text(result)).contains("its log has the details").doesNotContain("secret");
        assertThat(metrics.of(null).tools().get("broken").errors()).isEqualTo(1);
        assertThat(metrics.of(null).lastFault())
                .extracting(LastFault::code, LastFault::tool)
                .containsExactly(FaultCode.INTERNAL, "broken");
    }

    private CallToolResult call(String tool, Map<String, Object> arguments) {
        var method =
                Arrays.stream(Bean.class.getDeclaredMethods())
                        .filter(candidate -> candidate.getName().equals(tool))
                        .findFirst()
                        .orElseThrow();
        var exchange =
                new McpAsyncServerExchange(
                        "session",
                        null,
                        ClientCapabilities.builder().build(),
                        Implementation.builder("cursor-vscode", "1").build(),
                        McpTransportContext.EMPTY);
        return new AnnotatedTool(method, new Bean(), metrics, List.of("opus"))
                .called(
                        new McpSyncServerExchange(exchange),
                        CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static JsonNode structured(CallToolResult result) {
        return JsonMapper.shared().readTree(result.structuredContent().toString());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
