package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import phoneopus.run.Activity;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Job;
import phoneopus.spool.JobStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobViewTests {

    private static final List<String> SUMMARY =
            List.of(
                    "job_id",
                    "mode",
                    "status",
                    "done",
                    "succeeded",
                    "failed",
                    "created_unix_ms",
                    "updated_unix_ms",
                    "started_unix_ms",
                    "finished_unix_ms",
                    "runner_pid",
                    "cwd",
                    "max_turns",
                    "model",
                    "requested_session_id",
                    "session_id",
                    "prompt_prefix_injected");

    static Stream<Job> jobsThatDoNotRun() {
        return Stream.of(Samples.queued(), Samples.answered("Yes."), Samples.failed(), cancelled());
    }

    @ParameterizedTest
    @MethodSource("jobsThatDoNotRun")
    void conciseHasTheFieldsOfTheContractInOrderAndNoActivity(Job job) {
        var fields = concise(job).propertyNames();

        assertThat(fields)
                .filteredOn(field -> !List.of("retryable", "next").contains(field))
                .containsExactlyElementsOf(with(SUMMARY, "result", "failure"));
    }

    @Test
    void aRunningJobHasItsActivityToo() {
        var seen =
                new JobView.Seen(
                        Samples.running(),
                        new Activity(3, "Read Main.java", 0.04),
                        Duration.ofMillis(4_900),
                        0,
                        null);

        var concise = Reply.tree(JobView.Concise.of(seen, null));

        assertThat(concise.propertyNames())
                .containsExactlyElementsOf(with(SUMMARY, "activity", "result", "failure", "next"));
        assertThat(concise.path("activity"))
                .isEqualTo(Reply.tree(new JobView.Doing(3, "Read Main.java", 0.04, null, 4L)));
        assertThat(concise.path("activity").propertyNames())
                .containsExactly("turns", "last", "cost_usd", "silent_s");
        assertThat(concise.path("result").isNull()).isTrue();
        assertThat(concise.path("failure").isNull()).isTrue();
    }

    @Test
    void aRunningJobThatWaitsForARetrySaysSo() {
        var retry = new Activity.Retry(2, 10, Duration.ofMillis(1_500), "overloaded");
        var activity = new Activity(1, "Read Main.java", null, retry);

        var concise =
                Reply.tree(
                        JobView.Concise.of(
                                new JobView.Seen(Samples.running(), activity, null, 0, null),
                                null));

        assertThat(concise.at("/activity/retry"))
                .isEqualTo(
                        Samples.json("{'attempt':2,'most':10,'delay_s':1.5,'why':'overloaded'}"));
    }

    @Test
    void aRunningJobThatHasSaidNothingYetHasAnActivityOfNoTurns() {
        var activity = concise(Samples.running()).path("activity");

        assertThat(activity)
                .isEqualTo(Samples.json("{'turns':0,'last':null,'cost_usd':null,'silent_s':null}"));
    }

    @Test
    void everyFieldOfAnAnsweredJobHasItsValue() {
        var concise = concise(Samples.answered("Yes."));

        assertThat(JsonMapper.shared().readTree(concise.toString()))
                .isEqualTo(
                        Samples.json(
                                """
                                {'job_id':'0b8f7c1e-52a1-4ae8-9ce1-3d4f8b2b6a01','mode':'background',
                                 'status':'succeeded','done':true,'succeeded':true,'failed':false,
                                 'created_unix_ms':1700000000000,'updated_unix_ms':1700000061234,
                                 'started_unix_ms':1700000001000,'finished_unix_ms':1700000061234,
                                 'runner_pid':null,'cwd':'/work/repository','max_turns':null,
                                 'model':'claude-opus-4-1','requested_session_id':null,
                                 'session_id':'6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2',
                                 'prompt_prefix_injected':true,
                                 'result':{'response':'Yes.','duration_ms':61234,'num_turns':3,
                                  'session_id':'6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2',
                                  'model':'claude-opus-4-1','total_cost_usd':0.5,'consult_cost_usd':0.25,
                                  'denied_calls':['Bash','Edit']},
                                 'failure':null}
                                """));
        assertThat(concise.path("result").propertyNames())
                .containsExactly(
                        "response",
                        "duration_ms",
                        "num_turns",
                        "session_id",
                        "model",
                        "total_cost_usd",
                        "consult_cost_usd",
                        "denied_calls");
    }

    @Test
    void theProcessThatRunsAJobIsNamedUntilItIsOver() {
        assertThat(concise(Samples.running()).path("runner_pid").asLong()).isEqualTo(4711);
        assertThat(full(Samples.running()).path("runner_pid").asLong()).isEqualTo(4711);
        assertThat(concise(Samples.answered("Yes.")).path("runner_pid").isNull()).isTrue();
        assertThat(full(Samples.answered("Yes.")).path("runner_pid").isNull()).isTrue();
    }

    @Test
    void whatTheOriginalProgramDoesNotSayIsNull() {
        var running = Samples.job(Samples.original(), JobStatus.RUNNING, null);
        var ended = Samples.ended(new Outcome.Answered(Samples.bareAnswer("Yes.")));
        var answered = Samples.job(Samples.original(), JobStatus.SUCCEEDED, ended);

        assertThat(concise(running).has("activity")).isFalse();
        assertThat(concise(answered).path("model").isNull()).isTrue();
        assertThat(concise(answered).path("session_id").isNull()).isTrue();
        assertThat(concise(answered).at("/result/session_id").isNull()).isTrue();
        assertThat(full(answered).at("/request/model").isNull()).isTrue();
        assertThat(full(answered).at("/request/effort").isNull()).isTrue();
        assertThat(full(answered).at("/result/session_id").isNull()).isTrue();
    }

    @Test
    void anAnswerThatNamesNoSessionIsOfTheOneThatWasAskedIn() {
        var ended = Samples.ended(new Outcome.Answered(Samples.bareAnswer("Yes.")));
        var job = Samples.job(Samples.resumed(), JobStatus.SUCCEEDED, ended);

        var session = Samples.SESSION.toString();
        assertThat(concise(job).at("/result/session_id").asString()).isEqualTo(session);
        assertThat(full(job).at("/result/session_id").asString()).isEqualTo(session);
    }

    @Test
    void aQueuedJobHasNeitherStartNorEnd() {
        var concise = concise(Samples.queued());

        assertThat(concise.path("status").asString()).isEqualTo("queued");
        assertThat(concise.path("done").asBoolean()).isFalse();
        assertThat(concise.path("started_unix_ms").isNull()).isTrue();
        assertThat(concise.path("finished_unix_ms").isNull()).isTrue();
        assertThat(concise.path("runner_pid").isNull()).isTrue();
        assertThat(concise.path("model").asString()).isEqualTo("opus");
        assertThat(concise.path("updated_unix_ms").asLong()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void aFailureHasItsClassCodeAndDetail() {
        var concise = concise(Samples.failed());

        assertThat(concise.path("failed").asBoolean()).isTrue();
        assertThat(concise.path("succeeded").asBoolean()).isFalse();
        assertThat(concise.path("result").isNull()).isTrue();
        assertThat(concise.path("failure").toString())
                .isEqualTo(
                        """
                        {"class":"downstream","code":"overloaded","detail":"Claude said: Overloaded."}\
                        """);
    }

    @Test
    void whatToDoNextIsThereUnlessTheAnswerIs() {
        var failed = concise(Samples.failed());
        var queued =
                Reply.tree(
                        JobView.Concise.of(
                                new JobView.Seen(
                                        Samples.queued(),
                                        new Activity(0, "queued as the next", null),
                                        null,
                                        0,
                                        null),
                                null));

        assertThat(failed.path("retryable").asBoolean()).isTrue();
        assertThat(failed.path("next").asString())
                .isEqualTo("Wait a minute, then resume with session_id " + Samples.SESSION + ".");
        assertThat(queued.path("waits_for").asString()).isEqualTo("queued as the next");
        assertThat(queued.path("next").asString())
                .isEqualTo("consult_wait {\"job_id\":\"" + Samples.JOB + "\"}");
        assertThat(queued.has("retryable")).isFalse();
        assertThat(concise(Samples.answered("Yes.")).has("next")).isFalse();
    }

    @Test
    void aSessionThatCannotBeResumedIsNotNamed() {
        var broke = new Outcome.Refused(Refusal.OUT_OF_CREDIT, "No credit.", false, null);
        var job = Samples.job(JobStatus.FAILED, Samples.ended(broke));

        assertThat(concise(job).path("session_id").isNull()).isTrue();
        assertThat(full(job).path("session_id").asString()).isEqualTo("" + Samples.SESSION);
    }

    @Test
    void aCancelledJobIsDoneAndHasNeitherSucceededNorFailed() {
        var concise = concise(cancelled());

        assertThat(concise.path("status").asString()).isEqualTo("cancelled");
        assertThat(concise.path("done").asBoolean()).isTrue();
        assertThat(concise.path("succeeded").asBoolean()).isFalse();
        assertThat(concise.path("failed").asBoolean()).isFalse();
    }

    @Test
    void aWaitInVainSaysWhenToWaitAgain() {
        var seen = new JobView.Seen(Samples.running(), null, null, 0, 15);

        var concise = Reply.tree(JobView.Concise.of(seen, null));

        assertThat(concise.path("retry_after_s").asInt()).isEqualTo(15);
    }

    @Test
    void aSummaryIsConciseWithoutActivityResultAndFailure() {
        assertThat(Reply.tree(JobView.Summary.of(Samples.running())).propertyNames())
                .containsExactlyElementsOf(SUMMARY);
    }

    @Test
    void theRecordHasTheFieldsOfTheContractInOrder() {
        var record = full(Samples.answered("Yes."));

        assertThat(record.propertyNames())
                .containsExactly(
                        "job_id",
                        "mode",
                        "status",
                        "created_unix_ms",
                        "updated_unix_ms",
                        "started_unix_ms",
                        "finished_unix_ms",
                        "runner_pid",
                        "request",
                        "session_id",
                        "principal",
                        "prompt_prefix_injected",
                        "result",
                        "failure");
        assertThat(record.path("request").propertyNames())
                .containsExactly("prompt", "cwd", "max_turns", "session_id", "model", "effort");
        assertThat(record.path("result").propertyNames())
                .containsExactly(
                        "cwd",
                        "response",
                        "duration_ms",
                        "duration_api_ms",
                        "num_turns",
                        "stop_reason",
                        "session_id",
                        "total_cost_usd",
                        "usage",
                        "model_usage",
                        "permission_denials",
                        "fast_mode_state",
                        "uuid");
    }

    @Test
    void theRecordKeepsTheRequestAndClaudesOwnJsonWhole() {
        var record = full(Samples.answered("Yes."));

        assertThat(record.path("principal").isNull()).isTrue();
        assertThat(record.path("request"))
                .isEqualTo(
                        Samples.json(
                                """
                                {'prompt':'Why?','cwd':'/work/repository','max_turns':null,'session_id':null,
                                 'model':'opus','effort':'max'}
                                """));
        assertThat(record.at("/result/usage"))
                .isEqualTo(Samples.json("{'output_tokens':12,'nested':{'a':[1,2]}}"));
        assertThat(record.at("/result/model_usage"))
                .isEqualTo(Samples.json("{'claude-opus-4-1':{'costUSD':0.5}}"));
        assertThat(record.at("/result/permission_denials"))
                .isEqualTo(Samples.json("[{'tool_name':'Bash'},{'tool_name':'Edit'}]"));
    }

    @Test
    void theRecordOfAJobThatIsNotOverHasNeitherResultNorFailure() {
        var record = full(Samples.running());

        assertThat(record.path("result").isNull()).isTrue();
        assertThat(record.path("failure").isNull()).isTrue();
        assertThat(record.path("finished_unix_ms").isNull()).isTrue();
    }

    @Test
    void aTerminalGetsTheRecordItself() {
        var line = TerminalJson.job(Samples.answered("x\n".repeat(50_000)), false);

        assertThat(line).doesNotContain("\n").startsWith("{\"job_id\":");
        assertThat(line).doesNotContain("next_offset");
    }

    private static Job cancelled() {
        return Samples.job(JobStatus.CANCELLED, Samples.ended(new Outcome.Cancelled()));
    }

    private static JsonNode concise(Job job) {
        return Reply.tree(
                JobView.Concise.of(new JobView.Seen(job, null, null, 0, null), excerpt(job)));
    }

    private static JsonNode full(Job job) {
        return Reply.tree(
                RecordView.Full.of(
                        job, excerpt(job), Excerpt.whole(job.request().consult().prompt(), 0)));
    }

    private static Excerpt excerpt(Job job) {
        var answer = job.answer();
        return answer == null ? null : Excerpt.of(answer.response(), 0, 1_000);
    }

    private static List<String> with(List<String> fields, String... more) {
        return Stream.concat(fields.stream(), Stream.of(more)).toList();
    }
}
