package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;
import phoneopus.claude.Effort;
import phoneopus.job.Consult;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.Jobs;
import phoneopus.mcp.Caller;
import phoneopus.mcp.RequestContext;
import phoneopus.mcp.RequestContext.Stopped;
import phoneopus.mcp.ToolBean;
import phoneopus.spool.Completion;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.tool.WorkingDirectory.ClientRoots;

/** The tool {@code consult}: asks Claude, waits as long as the client does, answers. */
@Component
class ConsultTool implements ToolBean {
    private static final Logger log = LoggerFactory.getLogger(ConsultTool.class);

    /** What clients say when their own clock ran out, which is no wish of anybody. */
    static final Pattern TIME_OUT = Pattern.compile("(?i)tim(e|ed)[ -]?out|-32001");

    private final Jobs jobs;
    private final ConsultInput input;
    private final Patience patience;
    private final Presentation presentation;

    ConsultTool(Jobs jobs, ConsultInput input, Patience patience, Presentation presentation) {
        this.jobs = jobs;
        this.input = input;
        this.patience = patience;
        this.presentation = presentation;
    }

    @McpTool(
            name = "consult",
            title = "Consult Claude Opus",
            description =
                    "Asks Claude Opus, through the user's own Claude Code, for a second opinion on the repository in cwd."
                            + " It reads, searches and runs read-only commands there, and edits nothing."
                            + " Takes seconds to many minutes; one that takes longer than the client waits continues as a job.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            openWorldHint = true))
    CallToolResult consult(
            McpSyncRequestContext context,
            @McpToolParam(description = "The question, with the context Claude cannot find in cwd")
                    @NotBlank String prompt,
            @McpToolParam(
                            description =
                                    "Absolute path of the repository; default: the client's only root, else the server's directory",
                            required = false)
                    @Nullable String cwd,
            @McpToolParam(description = "Maximum agentic turns", required = false) @Min(1) @Nullable Integer maxTurns,
            @McpToolParam(
                            description = "Claude session to resume; default: a new one",
                            required = false)
                    @Nullable UUID sessionId,
            @McpToolParam(description = "Return a job at once instead of waiting", required = false)
                    @Nullable Boolean background,
            @McpToolParam(description = "Claude model; default opus", required = false)
                    @Nullable String model,
            @McpToolParam(description = "How hard Claude thinks; default max", required = false)
                    @Nullable Effort effort,
            @McpToolParam(
                            description =
                                    "Ask again even if the same question is running or its answer reached nobody",
                            required = false)
                    @Nullable Boolean fresh,
            @McpToolParam(
                            description = "porcelain (default): text; json: structured",
                            required = false)
                    View.@Nullable Render render,
            @McpToolParam(description = "concise (default), or full: everything", required = false)
                    View.@Nullable Detail detail) {
        long received = System.nanoTime();
        View view = View.of(render, detail);
        return presentation.guarded(
                view,
                context,
                "consult",
                () -> {
                    Consult consult =
                            input.read(
                                            prompt,
                                            cwd,
                                            maxTurns,
                                            sessionId,
                                            model,
                                            effort,
                                            WorkingDirectory.needsBase(cwd)
                                                    ? ClientRoots.only(context.exchange())
                                                    : Optional.empty())
                                    .askedBy(Caller.principal(context.transportContext()));
                    JobMode mode =
                            Boolean.TRUE.equals(background) ? JobMode.BACKGROUND : JobMode.SYNC;
                    Submission submission = jobs.submit(consult, mode, Boolean.TRUE.equals(fresh));
                    if (mode == JobMode.BACKGROUND) {
                        return presentation.submitted(
                                view, context, submission, jobs.now(submission.request()));
                    }
                    return awaited(view, context, submission, received);
                });
    }

    private CallToolResult awaited(
            View view, McpSyncRequestContext context, Submission submission, long received)
            throws InterruptedException {
        JobRequest request = submission.request();
        RequestContext delivery = RequestContext.of(context.transportContext());
        AtomicBoolean abandoned = new AtomicBoolean();
        delivery.onStop(why -> {
            abandoned.set(true);
            stop(request, why);
        });
        Duration whole = patience.ofConsult(context.exchange().getClientInfo());
        Duration left = whole == null ? null : whole.minusNanos(System.nanoTime() - received);
        Optional<Completion> ended =
                jobs.await(
                        request,
                        left,
                        abandoned::get,
                        Progress.of(context, request.jobId(), System::nanoTime)::seen);
        if (ended.isEmpty()) {
            if (!abandoned.get()) {
                jobs.promote(request);
            }
            return presentation.goesOn(
                    view, context, submission, jobs.now(request), System.nanoTime() - received);
        }
        delivery.onDelivered(jobs.handOver(request));
        return presentation.ended(view, context, submission, ended.get());
    }

    private void stop(JobRequest request, Stopped why) {
        try {
            if (why instanceof Stopped.Cancelled(String reason)
                    && !TIME_OUT.matcher(reason).find()) {
                jobs.stop(request);
            } else {
                jobs.promote(request);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("job={} was not stopped: {}", request.jobId(), e.getMessage());
        }
    }
}
