package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.JobList;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.run.FaultCode;
import phoneopus.run.Outcome;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import phoneopus.tool.Call.View;
import phoneopus.tool.Call.View.Detail;
import phoneopus.tool.Call.View.Render;
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
                    "permission_denial_count",
                    "denied_calls");

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

    private static final String CURSOR = "cursor-vscode";

    private static final Fault FAULT =
            new Fault(
                    FaultCode.OVERLOADED,
                    "Claude said: busy",
                    "Wait.",
                    true,
                    new Fault.Failed(Samples.JOB, Samples.SESSION, null));

    private final Presentation presentation =
            new Presentation(Samples.settings(1_000), Clock.systemUTC());

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
                                 'denied_calls':['Bash','Edit'],
                                 'prompt':'Why?','effective_prompt':'You advise.\\n\\nWhy?','max_turns':null,
                                 'duration_api_ms':50001,'usage':{'output_tokens':12,'nested':{'a':[1,2]}},
                                 'model_usage':{'claude-opus-4-1':{'costUSD':0.5}},
                                 'permission_denials':[{'tool_name':'Bash'},{'tool_name':'Edit'}],
                                 'fast_mode_state':'off','uuid':'b1b2b3b4-0000-4000-8000-000000000000'}
                                """));
    }

    @Test
    void whatIsUnusualInAnAnswersOriginIsTold() {
        var usual = text(answer(View.of(null, null), CURSOR, Samples.answer("Yes.")));
        var odd = text(answer(View.of(null, null), CURSOR, Samples.oddAnswer("Yes.")));
        var json = structured(answer(json(Detail.CONCISE), CURSOR, Samples.oddAnswer("Yes.")));

        assertThat(odd.lines().findFirst().orElseThrow())
                .contains(
                        " model=claude-opus-4-1",
                        " requested_model=claude-fable-5",
                        " result_source=transcript",
                        " error_after_answer=true");
        assertThat(text(answer(View.of(null, Detail.FULL), CURSOR, Samples.oddAnswer("Yes."))))
                .contains(
                        "\napi_key_source=ANTHROPIC_API_KEY\n",
                        "\nerror_after_answer=it could not save its settings\n");
        assertThat(usual)
                .doesNotContain(
                        "requested_model", "result_source", "error_after_answer", "ANTHROPIC");
        assertThat(json.path("model").asString()).isEqualTo("claude-opus-4-1");
        assertThat(json.path("requested_model").asString()).isEqualTo("claude-fable-5");
        assertThat(json.path("result_source").asString()).isEqualTo("transcript");
        assertThat(json.path("api_key_source").asString()).isEqualTo("ANTHROPIC_API_KEY");
        assertThat(json.path("error_after_answer").asString())
                .isEqualTo("it could not save its settings");
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
    void aClientThatHandsOnStructuredResultsGetsTheHeadLineAlone(String name) {
        var result = answer(json(Detail.FULL), name, Samples.answer("Yes."));
        var fault = Reply.of(json(Detail.FULL), "consult", FAULT).result(name);
        var job = presentation.job(json(Detail.FULL), seen(Samples.queued())).result(name);
        var list = presentation.list(json(Detail.FULL), indexed(Samples.queued())).result(name);

        assertThat(text(result)).startsWith("consult ok model=").doesNotContain("\n", "Yes.");
        assertThat(structured(result).path("response").asString()).isEqualTo("Yes.");
        assertThat(text(fault))
                .startsWith("failed code=downstream/overloaded ")
                .doesNotContain("\n");
        assertThat(text(job)).isEqualTo("job=" + Samples.JOB + " status=queued");
        assertThat(text(list)).isEqualTo("1 consult job");
        assertThat(fault.isError()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini-cli-mcp-client", "cursor-vscode", "claude-ai", "Claude-Code"})
    void anyOtherClientGetsTheSameJsonAsText(String name) {
        var result = answer(json(Detail.FULL), name, Samples.answer("Yes."));

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
    void jsonInFullIsNeverCut() {
        var endless = "x".repeat(60_000);

        var result = structured(answer(json(Detail.FULL), CURSOR, Samples.answer(endless)));
        var job =
                structured(
                        presentation
                                .job(json(Detail.FULL), seen(Samples.answered(endless)))
                                .result(CURSOR));

        assertThat(result.path("response").asString()).isEqualTo(endless);
        assertThat(result.propertyNames()).doesNotContain("response_chars", "next_offset");
        assertThat(job.at("/job/result/response").asString()).isEqualTo(endless);
        assertThat(job.at("/job/result").propertyNames()).doesNotContain("next_offset");
    }

    @Test
    void porcelainInFullSaysMoreThanConcise() {
        var concise = text(answer(View.of(null, null), CURSOR, Samples.answer("Yes.")));
        var full =
                text(
                        answer(
                                new View(Render.PORCELAIN, Detail.FULL),
                                CURSOR,
                                Samples.answer("Yes.")));

        assertThat(full.lines()).containsAll(concise.lines().toList());
        assertThat(full)
                .contains(
                        "\ncwd=/work/repository\n",
                        "\nprompt:\nWhy?\n",
                        " total_cost=$0.5000 ",
                        "\ndenied tool_name=Bash\n")
                .endsWith("\nresponse:\nYes.");
    }

    @Test
    void aLongAnswerIsCutInPorcelainToo() {
        var result = answer(View.of(null, null), CURSOR, Samples.answer("x".repeat(1_200)));

        assertThat(text(result)).contains("\n[cut at 1000 of 1200; next: consult_job {");
    }

    @Test
    void whoeverJoinedIsToldSo() {
        var text = text(joined(View.of(null, null)));
        var json = structured(joined(json(Detail.CONCISE)));

        assertThat(text.lines().findFirst().orElseThrow()).endsWith(" joined");
        assertThat(json.path("joined").asBoolean()).isTrue();
    }

    @Test
    void aConsultThatEndedWithoutAnAnswerIsAFault() {
        var result =
                presentation
                        .ended(
                                View.of(null, null),
                                new Submission(Samples.request(), false),
                                Samples.failed().ended())
                        .result(CURSOR);

        assertThat(result.isError()).isTrue();
        assertThat(text(result)).startsWith("failed code=downstream/overloaded retryable=true ");
    }

    @Test
    void aConsultThatGoesOnSaysWhatItDidAndHowLongItWasWaitedFor() {
        var text =
                text(
                        presentation
                                .goesOn(
                                        View.of(null, null),
                                        new Submission(Samples.request(), false),
                                        Samples.running(),
                                        new Activity(3, "Read a", null),
                                        Duration.ofSeconds(50))
                                .result(CURSOR));

        assertThat(text)
                .startsWith(
                        "consult still running job="
                                + Samples.JOB
                                + " elapsed=50s turn=3 last=\"Read a\" session="
                                + Samples.SESSION
                                + "\n")
                .endsWith(" Next: consult_wait {\"job_id\":\"" + Samples.JOB + "\"}");
    }

    @Test
    void aConsultThatGoesOnHasItsActivityOrWhatItWaitsForInJsonToo() {
        var retry = new Activity.Retry(2, 10, Duration.ofSeconds(3), "overloaded");
        var running = goesOn(Samples.running(), new Activity(3, "Read a", null, retry));
        var queued = goesOn(Samples.queued(), new Activity(0, "queued as the next", null));

        assertThat(running.at("/activity/retry/attempt").asInt()).isEqualTo(2);
        assertThat(running.has("waits_for")).isFalse();
        assertThat(queued.path("waits_for").asString()).isEqualTo("queued as the next");
        assertThat(queued.has("activity")).isFalse();
    }

    private JsonNode goesOn(Job job, Activity activity) {
        return structured(
                presentation
                        .goesOn(
                                json(Detail.CONCISE),
                                new Submission(Samples.request(), false),
                                job,
                                activity,
                                Duration.ofSeconds(50))
                        .result(CURSOR));
    }

    @Test
    void whatWasRefusedIsListedBetweenTheHeadAndTheResponse() {
        var text = text(answer(View.of(null, null), CURSOR, Samples.answer("Yes.")));
        var nothing = text(answer(View.of(null, null), CURSOR, Samples.bareAnswer("Yes.")));

        assertThat(text).endsWith("\ndenied: Bash\ndenied: Edit\nresponse:\nYes.");
        assertThat(nothing.lines().skip(1)).containsExactly("Yes.");
    }

    @Test
    void aSubmissionThatJoinedWhatIsOverIsDone() {
        var over = new Submission(Samples.request(), true);

        var result =
                structured(
                        presentation
                                .submitted(
                                        json(Detail.CONCISE), over, Samples.answered("Yes."), null)
                                .result(CURSOR));

        assertThat(result.path("done").asBoolean()).isTrue();
        assertThat(result.path("status").asString()).isEqualTo("succeeded");
    }

    @Test
    void aSubmissionHasTheFieldsOfTheContractInOrder() {
        var concise = structured(submitted(json(Detail.CONCISE)));
        var full = structured(submitted(json(Detail.FULL)));

        assertThat(concise)
                .isEqualTo(
                        Samples.json(
                                """
                                {'mode':'background','job_id':'0b8f7c1e-52a1-4ae8-9ce1-3d4f8b2b6a01','status':'queued',
                                 'done':false,'requested_session_id':null,
                                 'session_id':'6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2','session_mode':'new',
                                 'prompt_prefix_injected':true,
                                 'follow_up_tools':['consult_wait','consult_job','consult_jobs','consult_cancel']}
                                """));
        assertThat(concise.propertyNames())
                .containsExactly(
                        "mode",
                        "job_id",
                        "status",
                        "done",
                        "requested_session_id",
                        "session_id",
                        "session_mode",
                        "prompt_prefix_injected",
                        "follow_up_tools");
        assertThat(full.propertyNames())
                .containsExactlyElementsOf(
                        Stream.concat(
                                        concise.propertyNames().stream(),
                                        Stream.of("prompt", "effective_prompt", "cwd", "max_turns"))
                                .toList());
    }

    @Test
    void aJobInFullIsItsRecordAndNothingBeside() {
        var result = presentation.job(json(Detail.FULL), seen(Samples.running())).result(CURSOR);

        assertThat(structured(result).propertyNames()).containsExactly("job");
    }

    @Test
    void aLongAnswerOfAJobIsCutAndReadOnFromItsOffset() {
        var job = Samples.answered("x".repeat(1_200));

        var first = structured(presentation.job(json(Detail.CONCISE), seen(job)).result(CURSOR));
        var rest =
                structured(
                        presentation
                                .job(
                                        json(Detail.CONCISE),
                                        new JobView.Seen(job, null, null, 1_000, null))
                                .result(CURSOR));

        assertThat(first.at("/result/response").asString()).hasSize(1_000);
        assertThat(first.at("/result/response_chars").asInt()).isEqualTo(1_200);
        assertThat(first.at("/result/next_offset").asInt()).isEqualTo(1_000);
        assertThat(rest.at("/result/response").asString()).hasSize(200);
        assertThat(rest.path("result").has("next_offset")).isFalse();
    }

    @Test
    void aListIsSummariesOrRecordsWithShortAnswers() {
        var asked = Samples.asking("y".repeat(3_000), "/work");
        var jobs =
                indexed(
                        Samples.answered("x".repeat(3_000)),
                        Samples.job(asked, JobStatus.QUEUED, null));

        var concise = structured(presentation.list(json(Detail.CONCISE), jobs).result(CURSOR));
        var full = structured(presentation.list(json(Detail.FULL), jobs).result(CURSOR));

        assertThat(concise.propertyNames()).containsExactly("jobs", "count");
        assertThat(concise.path("count").asInt()).isEqualTo(2);
        assertThat(concise.at("/jobs/0").propertyNames())
                .doesNotContain("result", "failure", "activity");
        assertThat(full.at("/jobs/0/result/response").asString()).hasSize(2_000);
        assertThat(full.at("/jobs/0/result/response_chars").asInt()).isEqualTo(3_000);
        assertThat(full.at("/jobs/0/request").has("prompt_chars")).isFalse();
        assertThat(full.at("/jobs/1/result").isNull()).isTrue();
        assertThat(full.at("/jobs/1/request/prompt").asString()).hasSize(2_000);
        assertThat(full.at("/jobs/1/request/prompt_chars").asInt()).isEqualTo(3_000);
        assertThat(full.path("cut_to_chars").asInt()).isEqualTo(2_000);
    }

    @Test
    void aListThatIsNotFromTheIndexSaysSo() {
        var list = new JobList(List.of(Samples.queued()), JobList.Source.NEWEST_DIRECTORIES);

        var structured = structured(presentation.list(json(Detail.CONCISE), list).result(CURSOR));
        var text =
                text(
                        presentation
                                .list(new View(View.Render.PORCELAIN, Detail.CONCISE), list)
                                .result(CURSOR));

        assertThat(structured.path("note").asString()).contains("newest 2,000 were searched");
        assertThat(text.lines().toList().getLast())
                .isEqualTo("note: " + structured.path("note").asString());
    }

    @Test
    void aFaultInPorcelainIsAnErrorOfText() {
        var result = Reply.of(View.of(null, null), "consult", FAULT).result(CURSOR);

        assertThat(result.isError()).isTrue();
        assertThat(result.structuredContent()).isNull();
        assertThat(text(result)).startsWith("failed code=downstream/overloaded retryable=true ");
    }

    @Test
    void aFaultInJsonIsAnErrorOfStructure() {
        var result = Reply.of(json(Detail.CONCISE), "consult", FAULT).result(CURSOR);

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
        var fault = new Fault(FaultCode.INVALID_INPUT, "No.", "", null);

        var result = Reply.of(json(Detail.CONCISE), "consult", fault).result(CURSOR);

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

    private CallToolResult answer(View view, String client, Answer answer) {
        return answer(view, client, Samples.request(), answer);
    }

    private CallToolResult answer(View view, String client, JobRequest request, Answer answer) {
        return presentation
                .ended(
                        view,
                        new Submission(request, false),
                        Samples.ended(new Outcome.Answered(answer)))
                .result(client);
    }

    private CallToolResult joined(View view) {
        return presentation
                .ended(
                        view,
                        new Submission(Samples.request(), true),
                        Samples.ended(new Outcome.Answered(Samples.answer("Yes."))))
                .result(CURSOR);
    }

    private CallToolResult submitted(View view) {
        return presentation
                .submitted(view, new Submission(Samples.request(), false), Samples.queued(), null)
                .result(CURSOR);
    }

    private static JobList indexed(Job... jobs) {
        return new JobList(List.of(jobs), JobList.Source.INDEX);
    }

    private static JobView.Seen seen(Job job) {
        return new JobView.Seen(job, null, null, 0, null);
    }

    private static JsonNode structured(CallToolResult result) {
        return JsonMapper.shared().readTree(result.structuredContent().toString());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
