package phoneopus.tool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobStatus;

/** Renders jobs as text for models and for people at a terminal. */
public final class JobPorcelain {
    private static final int LONGEST_PROMPT = 60;
    private static final String NO_JOBS = "no background consult jobs";
    private static final String MORE_COLUMNS = " | mode | effort | duration | denied | failure";

    private JobPorcelain() {}

    static String submitted(Job job, @Nullable Activity activity, boolean joined, boolean full) {
        return "background consult submitted job=%s session=%s status=%s%s\n%s%snext: %s"
                .formatted(
                        job.id(),
                        JobDetails.orDash(job.request().sessionId()),
                        job.status().word(),
                        joined ? " joined" : "",
                        queued(job, activity),
                        full ? JobDetails.of(job.request()) : "",
                        Wording.MCP.waitFor(job.id()));
    }

    static String goesOn(
            Job job, @Nullable Activity activity, Duration elapsed, boolean joined, boolean full) {
        boolean running = job.status() != JobStatus.QUEUED;
        return "consult still %s job=%s elapsed=%ss%s session=%s%s\n%s%sNot finished, not failed. Do not resubmit. Next: %s"
                .formatted(
                        running ? "running" : "queued",
                        job.id(),
                        elapsed.toSeconds(),
                        running && activity != null ? doing(activity) : "",
                        JobDetails.orDash(Faults.session(job)),
                        joined ? " joined" : "",
                        queued(job, activity),
                        full ? JobDetails.of(job.request()) : "",
                        Wording.MCP.waitFor(job.id()));
    }

    private static String doing(Activity activity) {
        Activity.Retry retry = activity.retry();
        return " turn="
                + activity.turns()
                + (activity.last() == null
                        ? ""
                        : " last=\"" + JobDetails.cell(activity.last()) + "\"")
                + (retry == null ? "" : " waiting=\"" + JobDetails.cell(retry.line()) + "\"");
    }

    private static String queued(Job job, @Nullable Activity activity) {
        String reason = JobView.waitsFor(job, activity);
        return reason == null ? "" : reason + "\n";
    }

    /** The job with its whole answer, as {@code consult_job} shows it. */
    public static String whole(Job job, @Nullable Activity activity) {
        Answer answer = job.answer();
        return job(
                new JobView.Seen(job, activity, null, 0, null),
                answer == null ? null : Excerpt.whole(answer.response(), 0),
                false,
                Wording.TERMINAL);
    }

    static String job(JobView.Seen seen, @Nullable Excerpt excerpt, boolean full) {
        return job(seen, excerpt, full, Wording.MCP);
    }

    private static String job(
            JobView.Seen seen, @Nullable Excerpt excerpt, boolean full, Wording wording) {
        Job job = seen.job();
        String head =
                "job="
                        + job.id()
                        + " status="
                        + job.status().word()
                        + (full ? "\n" + JobDetails.of(job).stripTrailing() : "");
        Completion ended = job.ended();
        if (ended == null) {
            return head + "\n" + unfinished(seen, wording);
        }
        Answer answer = job.answer();
        if (answer == null || excerpt == null) {
            return head + "\n" + Faults.of(job, wording).map(JobPorcelain::failed).orElse("");
        }
        return head
                + "\nresult ready "
                + Porcelain.facts(answer, ended)
                + " denied=%s session=%s\n"
                        .formatted(answer.denials(), JobDetails.orDash(Faults.session(job)))
                + (full ? JobDetails.of(answer) : "")
                + Porcelain.denied(answer)
                + "response:\n"
                + Porcelain.cut(excerpt, job.id());
    }

    /** A header row and a row for each job, with cells separated by {@code " | "}. */
    public static String table(List<Job> jobs, Instant now) {
        return table(jobs, now, false);
    }

    static String table(List<Job> jobs, Instant now, boolean full) {
        if (jobs.isEmpty()) {
            return NO_JOBS;
        }
        StringBuilder table =
                new StringBuilder("job | status | age | model | turns | cost | cwd | session")
                        .append(full ? MORE_COLUMNS : "")
                        .append(" | prompt");
        for (Job job : jobs) {
            List<String> cells = cells(job, now);
            if (full) {
                cells.addAll(moreCells(job));
            }
            cells.add(firstLine(job.request().consult().prompt()));
            table.append('\n').append(String.join(" | ", cells));
        }
        return table.toString();
    }

    /** A summary of a list for a client that gets the list itself as structured output. */
    static String listed(List<Job> jobs) {
        return jobs.isEmpty()
                ? NO_JOBS
                : jobs.size() + (jobs.size() == 1 ? " consult job" : " consult jobs");
    }

    private static List<String> cells(Job job, Instant now) {
        Answer answer = job.answer();
        Completion ended = job.ended();
        return new ArrayList<>(
                List.of(
                        job.id().toString(),
                        job.status().word(),
                        age(Duration.between(job.request().created(), now)),
                        JobDetails.cell(model(job, answer)),
                        answer == null || answer.numTurns() == null
                                ? "-"
                                : answer.numTurns().toString(),
                        JobDetails.cost(ended == null ? null : ended.consultCostUsd()),
                        JobDetails.cell(job.request().consult().cwd()),
                        JobDetails.orDash(Faults.session(job))));
    }

    private static List<String> moreCells(Job job) {
        Answer answer = job.answer();
        return List.of(
                job.mode().word(),
                JobDetails.word(job.request().consult().effort()),
                JobDetails.duration(answer == null ? null : answer.durationMs()),
                answer == null ? "-" : Integer.toString(answer.denials()),
                Faults.of(job, Wording.MCP).map(Fault::name).orElse("-"));
    }

    private static String model(Job job, @Nullable Answer answer) {
        String answered = answer == null ? null : answer.model();
        String asked = job.request().consult().model();
        return answered == null ? (asked == null ? "-" : asked) : answered;
    }

    /** Omits the job's id, which is in the line before. */
    private static String failed(Fault fault) {
        Fault.Failed job = fault.job();
        return (job == null ? "" : Porcelain.failed(fault, job) + "\n") + fault.sentence();
    }

    private static String unfinished(JobView.Seen seen, Wording wording) {
        boolean queued = seen.job().status() == JobStatus.QUEUED;
        String doing;
        if (seen.job().request().ofTheOriginal()) {
            doing = (queued ? "queued" : "running") + " in the original program";
        } else if (seen.activity() == null) {
            doing = queued ? "waiting in the queue" : "starting";
        } else {
            doing = seen.activity().line();
        }
        String silent =
                seen.silence() == null
                        ? ""
                        : ", last activity %ss ago".formatted(seen.silence().toSeconds());
        UUID id = Faults.session(seen.job());
        String session = id == null ? "" : " session=" + id;
        String retry = seen.retryAfterS() == null ? "" : " retry_after_s=" + seen.retryAfterS();
        return doing + silent + session + retry + "\nnext: " + wording.waitFor(seen.job().id());
    }

    private static String firstLine(String prompt) {
        String line = JobDetails.cell(prompt.strip().lines().findFirst().orElse(""));
        return line.codePointCount(0, line.length()) <= LONGEST_PROMPT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_PROMPT));
    }

    /** {@code 45s}, {@code 12m}, {@code 3h} or {@code 5d}. */
    public static String age(Duration age) {
        long s = Math.max(0, age.toSeconds());
        if (s < 120) {
            return s + "s";
        }
        if (s < 2 * 3600) {
            return s / 60 + "m";
        }
        return String.format(
                Locale.ROOT, s < 48 * 3600 ? "%dh" : "%dd", s < 48 * 3600 ? s / 3600 : s / 86400);
    }
}
