package phoneopus.tool;

import phoneopus.claude.Answer;
import phoneopus.job.Ended;
import phoneopus.job.Job;
import phoneopus.job.JobRequest;

/** The wire records, whole and on one line, for a terminal. */
public final class TerminalJson {
    private TerminalJson() {}

    public static String answer(JobRequest request, Ended ended, Answer answer, boolean joined) {
        ConsultView.Concise concise =
                ConsultView.Concise.of(request, ended, answer, whole(answer), joined);
        return Wire.tree(ConsultView.Full.of(concise, request, answer)).toString();
    }

    public static String submitted(Job job, boolean joined) {
        return Wire.tree(SubmittedView.Full.of(job, joined)).toString();
    }

    public static String job(Job job) {
        Answer answer = JobView.answerOf(job);
        return Wire.tree(JobView.Full.of(job, answer == null ? null : whole(answer))).toString();
    }

    public static String fault(String operation, Fault fault) {
        return Wire.tree(FaultView.of(fault, operation)).toString();
    }

    private static Excerpt whole(Answer answer) {
        return Excerpt.of(answer.response(), 0, Integer.MAX_VALUE);
    }
}
