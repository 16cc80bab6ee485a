package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Answer;
import phoneopus.claude.Outcome;
import phoneopus.job.JobRequest;
import phoneopus.tool.View.Detail;
import phoneopus.tool.View.Render;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PresentationTests {

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

    private static final Implementation CURSOR = client("cursor-vscode");

    private static final Fault FAULT =
            new Fault(
                    Fault.Kind.DOWNSTREAM,
                    "overloaded",
                    "Claude said: busy",
                    "Wait.",
                    true,
                    new Fault.Failed(Samples.JOB, Samples.SESSION));

    private final Presentation presentation = new Presentation(Samples.settings(1_000));

    @ParameterizedTest
    @EnumSource(Detail.class)
    void porcelainIsOneTextBlockAndNothingStructured(Detail detail) {
        var result = answer(new View(Render.PORCELAIN, detail), CURSOR, Samples.answer("Yes."));

        assertThat(result.structuredContent()).isNull();
        assertThat(result.content()).hasSize(1);
        assertThat(text(result)).startsWith("consult ok model=").endsWith("\nYes.");
        assertThat(result.isError()).isNotEqualTo(true);
    }

    @Test
    void conciseHasTheFieldsOfTheContractInOrder() {
        var result = answer(json(Detail.CONCISE), CURSOR, Samples.answer("Yes."));

        assertThat(structured(result).propertyNames()).containsExactlyElementsOf(CONCISE);
    }

    @Test
    void fullHasMoreFieldsInTheOrderOfTheContract() {
        var result = answer(json(Detail.FULL), CURSOR, Samples.answer("Yes."));

        assertThat(structured(result).propertyNames())
                .containsExactlyElementsOf(
                        Stream.concat(CONCISE.stream(), ONLY_IN_FULL.stream()).toList());
    }

    @Test
    void everyFieldHasItsValue() {
        var result = answer(json(Detail.FULL), CURSOR, Samples.answer("Yes."));

        assertThat(structured(result))
                .isEqualTo(
                        Samples.json(
                                """
                                {'mode':'sync','job_id':'0b8f7c1e-52a1-4ae8-9ce1-3d4f8b2b6a01','response':'Yes.',
                                 'cwd':'/work/repository','session_mode':'new','requested_session_id':null,
                                 'session_id':'6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2','model':'claude-opus-4-1',
                                 'duration_ms':61234,'num_turns':3,'stop_reason':'end_turn','total_cost_usd':0.5,
                                 'consult_cost_usd':0.25,'prompt_prefix_injected':true,'permission_denial_count':2,
                                 'prompt':'Why?','effective_prompt':'You advise.\\n\\nWhy?','max_turns':null,
                                 'duration_api_ms':50001,'usage':{'output_tokens':12,'nested':{'a':[1,2]}},
                                 'model_usage':{'claude-opus-4-1':{'costUSD':0.5}},
                                 'permission_denials':[{'tool_name':'Bash'},{'tool_name':'Edit'}],
                                 'fast_mode_state':'off','uuid':'b1b2b3b4-0000-4000-8000-000000000000'}
                                """));
    }

    @Test
    void aResumedSessionIsNamedAsAskedFor() {
        var result = answer(json(Detail.FULL), CURSOR, Samples.resumed(), Samples.answer("Yes."));

        assertThat(structured(result).path("session_mode").asString()).isEqualTo("resumed");
        assertThat(structured(result).path("requested_session_id").asString())
                .isEqualTo(Samples.SESSION.toString());
        assertThat(structured(result).path("max_turns").asInt()).isEqualTo(7);
    }

    @Test
    void whatIsNotKnownIsNullAndNotLeftOut() {
        var result = answer(json(Detail.FULL), CURSOR, Samples.bareAnswer("Yes."));

        var structured = structured(result);
        assertThat(structured.propertyNames()).contains("model", "usage", "uuid", "stop_reason");
        assertThat(structured.path("model").isNull()).isTrue();
        assertThat(structured.path("usage").isNull()).isTrue();
        assertThat(structured.path("session_id").asString()).isEqualTo(Samples.SESSION.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-code", "Visual Studio Code", "codex-mcp-client"})
    void aClientThatHandsOnStructuredResultsGetsNoTextAsWell(String name) {
        var result = answer(json(Detail.FULL), client(name), Samples.answer("Yes."));
        var fault = presentation.fault(json(Detail.FULL), client(name), "consult", FAULT);

        assertThat(result.content()).isEmpty();
        assertThat(structured(result).path("response").asString()).isEqualTo("Yes.");
        assertThat(fault.content()).isEmpty();
        assertThat(fault.isError()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-cli-mcp-client", "cursor-vscode", "claude-ai", "Claude-Code"})
    void anyOtherClientGetsTheSameJsonAsText(String name) {
        var result = answer(json(Detail.FULL), client(name), Samples.answer("Yes."));

        assertThat(JsonMapper.shared().readTree(text(result))).isEqualTo(structured(result));
    }

    @Test
    void aClientThatSaysNothingOfItselfGetsTheSameJsonAsText() {
        var result = answer(json(Detail.CONCISE), null, Samples.answer("Yes."));

        assertThat(JsonMapper.shared().readTree(text(result))).isEqualTo(structured(result));
    }

    @Test
    void aLongAnswerIsCutAndSaysSo() {
        var result = answer(json(Detail.CONCISE), CURSOR, Samples.answer("x".repeat(1_200)));

        var structured = structured(result);
        assertThat(structured.path("response").asString()).hasSize(1_000);
        assertThat(structured.path("response_chars").asInt()).isEqualTo(1_200);
        assertThat(structured.path("next_offset").asInt()).isEqualTo(1_000);
        assertThat(structured.propertyNames())
                .containsSubsequence("response", "response_chars", "next_offset", "cwd");
    }

    @Test
    void aLongAnswerIsCutInPorcelainToo() {
        var result = answer(View.of(null, null), CURSOR, Samples.answer("x".repeat(1_200)));

        assertThat(text(result)).contains("\n[cut at 1000 of 1200; next: consult_job {");
    }

    @Test
    void atATerminalTheAnswerIsWholeAndOnOneLine() {
        var answer = Samples.answer("x\n".repeat(1_200));

        var line =
                presentation.json(
                        Samples.request(), Samples.ended(new Outcome.Answered(answer)), answer);

        assertThat(line).doesNotContain("\n");
        assertThat(JsonMapper.shared().readTree(line).path("response").asString()).hasSize(2_400);
    }

    @Test
    void aFaultInPorcelainIsAnErrorOfText() {
        var result = presentation.fault(View.of(null, null), CURSOR, "consult", FAULT);

        assertThat(result.isError()).isTrue();
        assertThat(result.structuredContent()).isNull();
        assertThat(text(result)).startsWith("failed code=downstream/overloaded retryable=true ");
    }

    @Test
    void aFaultInJsonIsAnErrorOfStructure() {
        var result = presentation.fault(json(Detail.CONCISE), CURSOR, "consult", FAULT);

        assertThat(result.isError()).isTrue();
        assertThat(structured(result))
                .isEqualTo(
                        Samples.json(
                                """
                                {'fault':{'class':'downstream','code':'overloaded','message':'Claude said: busy','next':'Wait.'},
                                 'operation':'consult','retryable':true,
                                 'job_id':'0b8f7c1e-52a1-4ae8-9ce1-3d4f8b2b6a01',
                                 'session_id':'6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2'}
                                """));
        assertThat(JsonMapper.shared().readTree(text(result))).isEqualTo(structured(result));
    }

    @Test
    void aFaultWithoutAConsultNamesNone() {
        var fault = new Fault(Fault.Kind.PROTOCOL, "invalid_input", "No.", "", false, null);

        var result = presentation.fault(json(Detail.CONCISE), CURSOR, "consult", fault);

        assertThat(structured(result).propertyNames())
                .containsExactly("fault", "operation", "retryable");
    }

    @Test
    void argumentsThatAreWrongOtherwiseStillChooseTheRender() {
        assertThat(View.of(Map.of("render", "json", "prompt", 7)).json()).isTrue();
        assertThat(View.of(Map.of("render", "xml")).json()).isFalse();
        assertThat(View.of((Map<String, Object>) null).json()).isFalse();
    }

    private static View json(Detail detail) {
        return new View(Render.JSON, detail);
    }

    private static Implementation client(String name) {
        return Implementation.builder(name, "1").build();
    }

    private CallToolResult answer(View view, Implementation client, Answer answer) {
        return answer(view, client, Samples.request(), answer);
    }

    private CallToolResult answer(
            View view, Implementation client, JobRequest request, Answer answer) {
        return presentation.answer(
                view, client, request, Samples.ended(new Outcome.Answered(answer)), answer);
    }

    private static JsonNode structured(CallToolResult result) {
        return JsonMapper.shared().readTree(result.structuredContent().toString());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
