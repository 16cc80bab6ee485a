package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;
import phoneopus.job.ConsultProperties;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.JobList;
import phoneopus.job.KnownClient;
import phoneopus.mcp.ToolCall;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.tool.Fault.FaultView;
import phoneopus.tool.JobView.JobPage;
import phoneopus.tool.Snapshots.HealthView;
import phoneopus.tool.Snapshots.TelemetryView;
import tools.jackson.databind.JsonNode;

/** Render and detail, in one place. */
@Component
class Presentation {
    private static final int MOST_CHARS_IN_A_LIST = 2_000;

    private final ConsultProperties properties;
    private final Clock clock;

    Presentation(ConsultProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /** What a tool does. */
    @FunctionalInterface
    interface Work {
        CallToolResult run() throws InterruptedException;
    }

    /** The work's result, or the fault that it ended in. */
    CallToolResult guarded(View view, McpSyncRequestContext context, String operation, Work work) {
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fault(view, client(context), operation, Faults.of(e));
        } catch (RuntimeException | Error e) {
            return fault(view, client(context), operation, Faults.of(e));
        }
    }

    CallToolResult ended(
            View view, McpSyncRequestContext context, Submission submission, Completion ended) {
        JobRequest request = submission.request();
        if (!(ended.outcome() instanceof Outcome.Answered(Answer answer))) {
            return fault(view, client(context), "consult", Faults.of(request, ended).orElseThrow());
        }
        Excerpt excerpt = excerpt(view, answer, 0);
        return result(
                view,
                context,
                () ->
                        Porcelain.answer(
                                request, ended, answer, excerpt, submission.joined(), view.full()),
                () -> {
                    ConsultView.Concise concise =
                            ConsultView.Concise.of(
                                    request, ended, answer, excerpt, submission.joined());
                    return view.full() ? ConsultView.Full.of(concise, request, answer) : concise;
                });
    }

    CallToolResult submitted(
            View view, McpSyncRequestContext context, Submission submission, Job job) {
        return result(
                view,
                context,
                () -> JobPorcelain.submitted(job, submission.joined(), view.full()),
                () -> submittedView(view, job, submission.joined()));
    }

    CallToolResult goesOn(
            View view,
            McpSyncRequestContext context,
            Submission submission,
            Job job,
            @Nullable Activity activity,
            Duration elapsed) {
        return result(
                view,
                context,
                () -> JobPorcelain.goesOn(job, activity, elapsed, submission.joined(), view.full()),
                () -> submittedView(view, job, submission.joined()));
    }

    CallToolResult job(View view, McpSyncRequestContext context, JobView.Seen seen) {
        Answer answer = JobView.answerOf(seen.job());
        Excerpt excerpt = answer == null ? null : excerpt(view, answer, seen.offset());
        return result(
                view,
                context,
                () -> JobPorcelain.job(seen, excerpt, view.full()),
                () ->
                        view.full()
                                ? new Whole(
                                        RecordView.Full.of(
                                                seen.job(),
                                                excerpt,
                                                Excerpt.whole(seen.job().request().prompt(), 0)))
                                : JobView.Concise.of(seen, excerpt));
    }

    CallToolResult list(View view, McpSyncRequestContext context, JobList found) {
        if (view.json()) {
            return structured(
                    Wire.tree(page(view, found)),
                    client(context),
                    JobPorcelain.listed(found.jobs()),
                    false);
        }
        return CallToolResult.builder()
                .addTextContent(
                        JobPorcelain.table(found.jobs(), clock.millis(), view.full())
                                + found.note().map(note -> "\nnote: " + note).orElse(""))
                .build();
    }

    private static JobPage page(View view, JobList found) {
        List<Job> jobs = found.jobs();
        String note = found.note().orElse(null);
        return view.full()
                ? new JobPage(
                        jobs.stream().map(Presentation::shortened).toList(),
                        jobs.size(),
                        MOST_CHARS_IN_A_LIST,
                        note)
                : new JobPage(
                        jobs.stream().map(JobView.Summary::of).toList(), jobs.size(), null, note);
    }

    CallToolResult health(View view, McpSyncRequestContext context, HealthView.Full health) {
        return result(
                view,
                context,
                () -> SnapshotPorcelain.health(health, clock.millis()),
                () -> view.full() ? health : health.concise());
    }

    CallToolResult telemetry(View view, McpSyncRequestContext context, TelemetryView telemetry) {
        return result(view, context, () -> SnapshotPorcelain.telemetry(telemetry), () -> telemetry);
    }

    CallToolResult fault(
            View view, @Nullable Implementation client, String operation, Fault fault) {
        ToolCall.failed(fault.code().kind().word(), fault.code().word());
        if (!view.json()) {
            return CallToolResult.builder()
                    .addTextContent(Porcelain.fault(fault))
                    .isError(true)
                    .build();
        }
        return structured(
                Wire.tree(FaultView.of(fault, operation)),
                client,
                head(Porcelain.fault(fault)),
                true);
    }

    private record Whole(RecordView.Full job) {}

    private static RecordView.Full shortened(Job job) {
        Answer answer = JobView.answerOf(job);
        return RecordView.Full.of(
                job,
                answer == null ? null : Excerpt.of(answer.response(), 0, MOST_CHARS_IN_A_LIST),
                Excerpt.of(job.request().prompt(), 0, MOST_CHARS_IN_A_LIST));
    }

    /** Nothing is cut of the record itself, which json and full are. */
    private Excerpt excerpt(View view, Answer answer, int offset) {
        return view.json() && view.full()
                ? Excerpt.whole(answer.response(), offset)
                : Excerpt.of(answer.response(), offset, properties.maxResponseChars());
    }

    private static Object submittedView(View view, Job job, boolean joined) {
        return view.full()
                ? SubmittedView.Full.of(job, joined)
                : SubmittedView.Concise.of(job, joined);
    }

    private static CallToolResult result(
            View view,
            McpSyncRequestContext context,
            Supplier<String> porcelain,
            Supplier<Object> wire) {
        if (!view.json()) {
            return CallToolResult.builder().addTextContent(porcelain.get()).build();
        }
        return structured(Wire.tree(wire.get()), client(context), head(porcelain.get()), false);
    }

    private static String head(String porcelain) {
        return porcelain.lines().findFirst().orElse("");
    }

    /**
     * A result of structure.
     *
     * @param head goes beside it where the client's model sees the structure: some clients show a
     *     result without text as no output at all
     */
    private static CallToolResult structured(
            JsonNode tree, @Nullable Implementation client, String head, boolean error) {
        CallToolResult.Builder result =
                CallToolResult.builder().structuredContent(tree).isError(error);
        boolean showsStructure =
                KnownClient.named(client == null ? null : client.name())
                        .map(KnownClient::showsStructure)
                        .orElse(false);
        return result.addTextContent(showsStructure ? head : Wire.text(tree)).build();
    }

    private static @Nullable Implementation client(McpSyncRequestContext context) {
        return context.exchange().getClientInfo();
    }
}
