package phoneopus.tool;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobStatus;

/** The tools for background consults. */
@Component
class JobTools {
    private static final int LIMIT = 10;
    private static final int MOST = 50;
    private static final int FIRST_RETRY_S = 5;
    private static final int LONGEST_RETRY_S = 60;
    private static final int WAITS_REMEMBERED = 1_000;

    private final Jobs jobs;
    private final JobLists lists;
    private final ConsultInput input;
    private final Patience patience;
    private final Presentation presentation;

    /** The number of expired waits for each job; every one makes the suggested delay longer. */
    private final Map<JobId, Integer> expired = new ConcurrentHashMap<>();

    JobTools(
            Jobs jobs,
            JobLists lists,
            ConsultInput input,
            Patience patience,
            Presentation presentation) {
        this.jobs = jobs;
        this.lists = lists;
        this.input = input;
        this.patience = patience;
        this.presentation = presentation;
    }

    /** The modes by which {@code consult_jobs} selects jobs. */
    enum Listed {
        BACKGROUND,
        SYNC,
        ALL
    }

    @McpTool(
            name = "consult_job",
            title = "Read a consult job",
            description = "State of one consult and, when it is done, its answer.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply job(
            Call call,
            @McpToolParam(description = "UUID of the job to read") UUID jobId,
            @McpToolParam(
                            description = "Character of the answer to start at, to read on",
                            required = false)
                    @Min(0) @Nullable Integer offset) {
        return shown(call, find(call, jobId), offset == null ? 0 : offset, null);
    }

    @McpTool(
            name = "consult_jobs",
            title = "List consult jobs",
            description = "Consults, newest first.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply list(
            Call call,
            @McpToolParam(description = "Default 10", required = false) @Min(1) @Max(MOST) @Nullable Integer limit,
            @McpToolParam(description = "Only this state", required = false)
                    @Nullable JobStatus status,
            @McpToolParam(
                            description = "Default background, including calls that became jobs",
                            required = false)
                    @Nullable Listed mode,
            @McpToolParam(description = "Only jobs of this directory", required = false)
                    @Nullable String cwd)
            throws InterruptedException {
        JobFilter filter =
                new JobFilter(
                        call.principal(),
                        status,
                        modeOf(mode == null ? Listed.BACKGROUND : mode),
                        cwd == null ? null : input.directoryOfJobs(cwd).toString(),
                        limit == null ? LIMIT : limit);
        return presentation.list(call.view(), lists.list(filter));
    }

    @McpTool(
            name = "consult_wait",
            title = "Wait for a consult job",
            description =
                    "Waits for a consult; returns the same as consult_job, once it is done or the time is up.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply await(
            Call call,
            @McpToolParam(description = "UUID of the job to wait for") UUID jobId,
            @McpToolParam(
                            description =
                                    "Seconds; default: as long as the client waits, which is also the maximum",
                            required = false)
                    @Min(0) @Max(600) @Nullable Integer timeoutS)
            throws InterruptedException {
        Job job = find(call, jobId);
        if (!job.status().done()) {
            job = awaited(call, job, timeoutS);
        }
        return shown(call, job, 0, job.status().done() ? null : retryAfter(job.id()));
    }

    @McpTool(
            name = "consult_cancel",
            title = "Cancel a consult job",
            description =
                    "Stops a queued or running consult and everything it started. Its session can be resumed.",
            annotations =
                    @McpTool.McpAnnotations(
                            readOnlyHint = false,
                            destructiveHint = true,
                            idempotentHint = true,
                            openWorldHint = false))
    Reply cancel(Call call, @McpToolParam(description = "UUID of the job to cancel") UUID jobId)
            throws InterruptedException {
        Job job = find(call, jobId);
        if (!job.status().done()) {
            jobs.cancel(job.request());
            job = jobs.now(job.request());
        }
        return shown(call, job, 0, null);
    }

    private Job find(Call call, UUID jobId) {
        return jobs.find(new JobId(jobId), call.principal());
    }

    private Job awaited(Call call, Job job, @Nullable Integer timeoutS)
            throws InterruptedException {
        Duration wait = patience.ofWait(call.client(), timeoutS);
        AtomicBoolean abandoned = new AtomicBoolean();
        // Only ends the wait: a caller that waits for a job need not have started it.
        call.delivery().onStop(_ -> abandoned.set(true));
        var _ =
                jobs.await(
                        job.request(),
                        wait,
                        abandoned::get,
                        Progress.of(
                                        call,
                                        job.id(),
                                        () -> jobs.doing(job.request()),
                                        System::nanoTime)
                                ::seen);
        return jobs.now(job.request());
    }

    private Reply shown(Call call, Job job, int offset, @Nullable Integer retryAfterS) {
        if (job.status().done()) {
            expired.remove(job.id());
            call.delivery().onDelivered(jobs.handOver(job.request()));
        }
        return presentation.job(
                call.view(),
                new JobView.Seen(
                        job,
                        jobs.activity(job).orElse(null),
                        jobs.silence(job).orElse(null),
                        offset,
                        retryAfterS));
    }

    private int retryAfter(JobId id) {
        if (expired.size() >= WAITS_REMEMBERED) {
            // Most are of jobs nobody reads any more; the others start at the shortest delay again.
            expired.clear();
        }
        return Math.min(LONGEST_RETRY_S, FIRST_RETRY_S * expired.merge(id, 1, Integer::sum));
    }

    private static @Nullable JobMode modeOf(Listed listed) {
        return switch (listed) {
            case ALL -> null;
            case SYNC -> JobMode.SYNC;
            case BACKGROUND -> JobMode.BACKGROUND;
        };
    }
}
