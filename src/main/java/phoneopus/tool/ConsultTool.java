package phoneopus.tool;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;
import phoneopus.claude.Effort;
import phoneopus.claude.Outcome;
import phoneopus.job.Consult;
import phoneopus.job.Ended;
import phoneopus.job.JobRequest;
import phoneopus.job.Jobs;
import phoneopus.mcp.Cancellation;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.mcp.ToolRefusal;

/** The tool {@code consult}: asks Claude, waits, answers. */
@Component
class ConsultTool implements ToolRefusal {
    private static final Logger log = LoggerFactory.getLogger(ConsultTool.class);

    private final Jobs jobs;
    private final ConsultInput input;
    private final Presentation presentation;

    ConsultTool(Jobs jobs, ConsultInput input, Presentation presentation) {
        this.jobs = jobs;
        this.input = input;
        this.presentation = presentation;
    }

    @McpTool(
            name = "consult",
            title = "Consult Claude Opus",
            description =
                    "Asks Claude Opus, through the user's own Claude Code, for a second opinion on the repository in cwd."
                            + " It reads, searches and runs read-only commands there, and edits nothing."
                            + " Takes seconds to many minutes; the answer names a session_id to go on with.",
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
            @McpToolParam(description = "Bound on agentic turns; default: none", required = false)
                    @Min(1) @Nullable Integer maxTurns,
            @McpToolParam(
                            description = "Claude session to go on with; default: a new one",
                            required = false)
                    @Nullable UUID sessionId,
            @McpToolParam(description = "Claude model; default opus", required = false)
                    @Nullable String model,
            @McpToolParam(description = "How hard Claude thinks; default max", required = false)
                    @Nullable Effort effort,
            @McpToolParam(
                            description = "porcelain (default): text; json: structured",
                            required = false)
                    View.@Nullable Render render,
            @McpToolParam(description = "concise (default), or full: everything", required = false)
                    View.@Nullable Detail detail) {
        View view = View.of(render, detail);
        McpSyncServerExchange exchange = context.exchange();
        Implementation client = exchange.getClientInfo();
        try {
            Consult consult =
                    input.read(
                            prompt,
                            cwd,
                            maxTurns,
                            sessionId,
                            model,
                            effort,
                            WorkingDirectory.needsBase(cwd)
                                    ? ClientRoots.only(exchange)
                                    : Optional.empty());
            JobRequest request = jobs.submit(consult);
            Cancellation.of(context.transportContext()).onCancel(_ -> cancel(request));
            Ended ended = jobs.await(request, progress(context, request)::seen);
            if (ended.outcome() instanceof Outcome.Answered(var answer)) {
                return presentation.answer(view, client, request, ended, answer);
            }
            return presentation.fault(
                    view, client, "consult", Faults.of(request, ended).orElseThrow());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return presentation.fault(view, client, "consult", Faults.of(e));
        } catch (RuntimeException e) {
            return presentation.fault(view, client, "consult", Faults.of(e));
        }
    }

    @Override
    public CallToolResult refuse(
            McpSyncServerExchange exchange,
            CallToolRequest request,
            InvalidArgumentException problem) {
        return presentation.fault(
                View.of(request.arguments()),
                exchange.getClientInfo(),
                request.name(),
                Faults.of(problem));
    }

    private void cancel(JobRequest request) {
        try {
            jobs.cancel(request);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("job={} was not cancelled: {}", request.jobId(), e.getMessage());
        }
    }

    private static Progress progress(McpSyncRequestContext context, JobRequest request) {
        Object token = ((CallToolRequest) context.request()).progressToken();
        return new Progress(
                request.jobId(),
                System::nanoTime,
                (seconds, message) -> {
                    if (token != null) {
                        context.exchange()
                                .progressNotification(
                                        ProgressNotification.builder(token, seconds)
                                                .message(message)
                                                .build());
                    }
                });
    }
}
