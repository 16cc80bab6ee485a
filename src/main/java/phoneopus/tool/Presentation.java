package phoneopus.tool;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.job.ConsultProperties;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.JobList;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.tool.Call.View;
import phoneopus.tool.JobView.JobPage;
import phoneopus.tool.Snapshots.HealthView;
import phoneopus.tool.Snapshots.TelemetryView;

/** Renders replies as requested by {@code render} and {@code detail}. */
@Component
class Presentation {
    private static final int MOST_CHARS_IN_A_LIST = 2_000;

    private final ConsultProperties properties;
    private final Clock clock;

    Presentation(ConsultProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    Reply ended(View view, Submission submission, Completion ended) {
        JobRequest request = submission.request();
        if (!(ended.outcome() instanceof Outcome.Answered(Answer answer))) {
            return Reply.of(view, "consult", Faults.of(request, ended).orElseThrow());
        }
        boolean joined = submission.joined();
        Excerpt excerpt = excerpt(view, answer, 0);
        return reply(
                view,
                Porcelain.answer(request, ended, answer, excerpt, joined, view.full()),
                () -> {
                    ConsultView.Concise concise =
                            ConsultView.Concise.of(request, ended, answer, excerpt, joined);
                    return view.full() ? ConsultView.Full.of(concise, request, answer) : concise;
                });
    }

    Reply submitted(View view, Submission submission, Job job, @Nullable Activity activity) {
        boolean joined = submission.joined();
        return reply(
                view,
                JobPorcelain.submitted(job, activity, joined, view.full()),
                () -> submittedView(view, job, activity, joined));
    }

    Reply goesOn(
            View view,
            Submission submission,
            Job job,
            @Nullable Activity activity,
            Duration elapsed) {
        boolean joined = submission.joined();
        return reply(
                view,
                JobPorcelain.goesOn(job, activity, elapsed, joined, view.full()),
                () -> submittedView(view, job, activity, joined));
    }

    Reply job(View view, JobView.Seen seen) {
        Answer answer = seen.job().answer();
        Excerpt excerpt = answer == null ? null : excerpt(view, answer, seen.offset());
        return reply(
                view,
                JobPorcelain.job(seen, excerpt, view.full()),
                () ->
                        view.full()
                                ? new Whole(
                                        RecordView.Full.of(
                                                seen.job(),
                                                excerpt,
                                                Excerpt.whole(
                                                        seen.job().request().consult().prompt(),
                                                        0)))
                                : JobView.Concise.of(seen, excerpt));
    }

    Reply list(View view, JobList found) {
        return view.json()
                ? Reply.structure(page(view, found), JobPorcelain.listed(found.jobs()))
                : Reply.text(
                        JobPorcelain.table(found.jobs(), clock.instant(), view.full())
                                + found.note().map(note -> "\nnote: " + note).orElse(""));
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

    Reply health(View view, HealthView.Full health) {
        return reply(
                view,
                SnapshotPorcelain.health(health, clock.instant()),
                () -> view.full() ? health : health.concise());
    }

    Reply telemetry(View view, TelemetryView telemetry) {
        return reply(view, SnapshotPorcelain.telemetry(telemetry), () -> telemetry);
    }

    private record Whole(RecordView.Full job) {}

    private static RecordView.Full shortened(Job job) {
        Answer answer = job.answer();
        return RecordView.Full.of(
                job,
                answer == null ? null : Excerpt.of(answer.response(), 0, MOST_CHARS_IN_A_LIST),
                Excerpt.of(job.request().consult().prompt(), 0, MOST_CHARS_IN_A_LIST));
    }

    /** The full record in JSON is never cut. */
    private Excerpt excerpt(View view, Answer answer, int offset) {
        return view.json() && view.full()
                ? Excerpt.whole(answer.response(), offset)
                : Excerpt.of(answer.response(), offset, properties.maxResponseChars());
    }

    private static Object submittedView(
            View view, Job job, @Nullable Activity activity, boolean joined) {
        return view.full()
                ? ConsultView.SubmittedInFull.of(job, activity, joined)
                : ConsultView.Submitted.of(job, activity, joined);
    }

    private static Reply reply(View view, String porcelain, Supplier<Object> wire) {
        return view.json()
                ? Reply.structure(wire.get(), Reply.head(porcelain))
                : Reply.text(porcelain);
    }
}
