package phoneopus.tool;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
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
import org.springframework.stereotype.Component;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.Jobs;
import phoneopus.mcp.RequestContext.Stopped;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.time.Stopwatch;
import phoneopus.tool.WorkingDirectory.ClientRoots;

/** The tool {@code consult}: asks Claude and waits for the answer as long as the client does. */
@Component
class ConsultTool {
    private static final Logger log = LoggerFactory.getLogger(ConsultTool.class);

    /** The reason clients give when their own timeout expires, which is not a wish to cancel. */
    static final Pattern TIME_OUT = Pattern.compile("(?i)tim(e|ed)[ -]?out|-32001");

    private static final String ASKS =
            "Asks Claude Opus, through the user's own Claude Code, for a second opinion on the repository in cwd."
                    + " It reads, searches and runs read-only commands there, and edits ";
    private static final String TAKES =
            ". Takes seconds to many minutes; one that takes longer than the client waits continues as a job.";

    /** The description if the settings give Claude tools that edit. */
    static final String EDITING = ASKS + "what it is told to" + TAKES;

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
            description = ASKS + "nothing" + TAKES,
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            openWorldHint = true))
    Reply consult(
            Call call,
            @McpToolParam(description = "The question, with the context Claude cannot find in cwd")
                    @NotBlank String prompt,
            @McpToolParam(
                            description =
                                    "Absolute path of the repository; default: the client's only root, else the server's directory",
                            required = false)
                    @Nullable String cwd,
            @McpToolParam(description = "Maximum agentic turns", required = false) @Min(1) @Nullable Integer maxTurns,
            @McpToolParam(
                            description =
                                    "UUID of the Claude session to resume; default: a new one",
                            required = false)
                    @Nullable UUID sessionId,
            @McpToolParam(description = "Return a job at once instead of waiting", required = false)
                    @Nullable Boolean background,
            @McpToolParam(
                            description = "Claude model; default opus unless set otherwise",
                            required = false)
                    @Nullable String model,
            @McpToolParam(
                            description =
                                    "How hard Claude thinks; default max unless set otherwise",
                            required = false)
                    @Nullable Effort effort,
            @McpToolParam(
                            description =
                                    "Ask again even if the same question is running or its answer reached nobody",
                            required = false)
                    @Nullable Boolean fresh)
            throws InterruptedException {
        Stopwatch received = new Stopwatch();
        Path root =
                WorkingDirectory.needsBase(cwd)
                        ? ClientRoots.only(call.exchange()).orElse(null)
                        : null;
        Consult consult =
                new Consult(
                        prompt,
                        input.directory(cwd, root),
                        maxTurns,
                        sessionId,
                        input.model(model),
                        effort,
                        call.principal());
        input.check(consult);
        JobMode mode = Boolean.TRUE.equals(background) ? JobMode.BACKGROUND : JobMode.SYNC;
        Submission submission = jobs.submit(consult, mode, Boolean.TRUE.equals(fresh));
        if (mode == JobMode.SYNC) {
            return awaited(call, submission, received);
        }
        Job now = jobs.now(submission.request());
        return presentation.submitted(
                call.view(), submission, now, jobs.activity(now).orElse(null));
    }

    private Reply awaited(Call call, Submission submission, Stopwatch received)
            throws InterruptedException {
        JobRequest request = submission.request();
        AtomicBoolean abandoned = new AtomicBoolean();
        call.delivery()
                .onStop(why -> {
                    abandoned.set(true);
                    stop(request, why);
                });
        Duration whole = patience.ofConsult(call.client());
        Duration left = whole == null ? null : whole.minus(received.elapsed());
        Optional<Completion> ended =
                jobs.await(
                        request,
                        left,
                        abandoned::get,
                        Progress.of(
                                        call,
                                        request.jobId(),
                                        () -> jobs.doing(request),
                                        System::nanoTime)
                                ::seen);
        if (ended.isEmpty()) {
            if (!abandoned.get()) {
                jobs.promote(request);
            }
            Job now = jobs.now(request);
            return presentation.goesOn(
                    call.view(),
                    submission,
                    now,
                    jobs.activity(now).orElse(null),
                    received.elapsed());
        }
        call.delivery().onDelivered(jobs.handOver(request));
        return presentation.ended(call.view(), submission, ended.get());
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
            log.warn("job={} could not be stopped: {}", request.jobId(), e.getMessage());
        }
    }
}
