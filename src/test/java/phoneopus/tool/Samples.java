package phoneopus.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.util.unit.DataSize;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.job.ConsultProperties;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One consult, its ending and settings, as the tests of this package show them. */
final class Samples {

    static final JobId JOB = new JobId(UUID.fromString("0b8f7c1e-52a1-4ae8-9ce1-3d4f8b2b6a01"));
    static final UUID SESSION = UUID.fromString("6f1d2c3b-4a59-4877-8695-a4b3c2d1e0f2");

    static final Instant CREATED = Instant.ofEpochMilli(1_700_000_000_000L);

    private Samples() {}

    static JobRequest request() {
        return asking("Why?", "/work/repository");
    }

    static JobRequest resumed() {
        return request(SESSION, "/work/repository", "Why?");
    }

    static JobRequest asking(String prompt, String cwd) {
        return request(null, cwd, prompt);
    }

    /** Of the original program, which has said nothing but what it must. */
    static JobRequest original() {
        return new JobRequest(
                JOB,
                JobMode.BACKGROUND,
                CREATED,
                new Consult("Why?", "/work/repository", null, null, null, null, null),
                "Why?",
                true,
                null,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                null,
                null);
    }

    static Job queued() {
        return job(JobStatus.QUEUED, null);
    }

    static Job running() {
        return job(JobStatus.RUNNING, null);
    }

    static Job answered(String response) {
        return job(JobStatus.SUCCEEDED, ended(new Outcome.Answered(answer(response))));
    }

    static Job failed() {
        return job(
                JobStatus.FAILED,
                ended(new Outcome.Refused(Refusal.OVERLOADED, "Overloaded.", true, null)));
    }

    static Job job(JobStatus status, Completion ended) {
        return job(request(), status, ended);
    }

    static Job job(JobRequest request, JobStatus status, Completion ended) {
        boolean started = status != JobStatus.QUEUED;
        return new Job(
                request,
                JobMode.BACKGROUND,
                status,
                started ? CREATED.plusSeconds(1) : null,
                started ? (Long) 4711L : null,
                ended);
    }

    private static JobRequest request(UUID requestedSession, String cwd, String prompt) {
        return new JobRequest(
                JOB,
                JobMode.SYNC,
                CREATED,
                new Consult(
                        prompt,
                        cwd,
                        requestedSession == null ? null : 7,
                        requestedSession,
                        "opus",
                        Effort.MAX,
                        null),
                "You advise.\n\n" + prompt,
                true,
                SESSION,
                Duration.ofMinutes(60),
                Duration.ofMinutes(20),
                List.of("claude", "-p"),
                null,
                null);
    }

    /** Everything that Claude can say of an answer is there. */
    static Answer answer(String response) {
        return new Answer(
                response,
                "claude-opus-4-1",
                61_234L,
                50_001L,
                3,
                "end_turn",
                SESSION,
                0.5,
                json("{'output_tokens':12,'nested':{'a':[1,2]}}"),
                json("{'claude-opus-4-1':{'costUSD':0.5}}"),
                json("[{'tool_name':'Bash'},{'tool_name':'Edit'}]"),
                "off",
                "b1b2b3b4-0000-4000-8000-000000000000");
    }

    /**
     * Paid by a key, of another model than was asked, from its last message, and an error after.
     */
    static Answer oddAnswer(String response) {
        Answer usual = answer(response);
        return new Answer(
                usual.response(),
                usual.model(),
                usual.durationMs(),
                usual.durationApiMs(),
                usual.numTurns(),
                usual.stopReason(),
                usual.sessionId(),
                usual.totalCostUsd(),
                usual.usage(),
                usual.modelUsage(),
                usual.permissionDenials(),
                usual.fastModeState(),
                usual.uuid(),
                new Answer.Origin(
                        "claude-fable-5",
                        "ANTHROPIC_API_KEY",
                        Answer.Source.TRANSCRIPT,
                        "it could not save its settings"));
    }

    /** Nothing that Claude need not say is there. */
    static Answer bareAnswer(String response) {
        return new Answer(
                response, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    static Completion ended(Outcome outcome) {
        return new Completion(CREATED.plusMillis(61_234), 0.25, outcome);
    }

    static Completion endedWithoutCost(Outcome outcome) {
        return new Completion(CREATED.plusMillis(61_234), null, outcome);
    }

    static ConsultProperties settings(int maxResponseChars, Path... allowedRoots) {
        return settings(null, Map.of(), maxResponseChars, allowedRoots);
    }

    static ConsultProperties patient(Duration patience, Map<String, Duration> byClient) {
        return settings(patience, byClient, 1_000);
    }

    private static ConsultProperties settings(
            Duration patience,
            Map<String, Duration> byClient,
            int maxResponseChars,
            Path... allowedRoots) {
        return new ConsultProperties(
                "",
                patience,
                byClient,
                Duration.ofMinutes(60),
                Duration.ofMinutes(20),
                Duration.ofSeconds(5),
                4,
                100,
                DataSize.ofBytes(64),
                maxResponseChars,
                List.of(allowedRoots));
    }

    static ClaudeProperties claude(String... tools) {
        return new ClaudeProperties(
                null,
                "opus",
                List.of("opus", "sonnet"),
                Effort.MAX,
                List.of(tools),
                "dontAsk",
                false,
                List.of(),
                List.of());
    }

    /** Reads JSON that is given with single quotes. */
    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
