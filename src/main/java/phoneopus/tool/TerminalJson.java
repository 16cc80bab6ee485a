package phoneopus.tool;

import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;

/** The wire records, whole and on one line, for a terminal. */
public final class TerminalJson {
    private TerminalJson() {}

    public static String answer(
            JobRequest request, Completion ended, Answer answer, boolean joined) {
        ConsultView.Concise concise =
                ConsultView.Concise.of(request, ended, answer, whole(answer), joined);
        return Wire.text(ConsultView.Full.of(concise, request, answer));
    }

    public static String submitted(Job job, boolean joined) {
        return Wire.text(SubmittedView.Full.of(job, joined));
    }

    public static String job(Job job) {
        Answer answer = JobView.answerOf(job);
        return Wire.text(
                RecordView.Full.of(
                        job, answer == null ? null : whole(answer), Presentation.prompt(job)));
    }

    public static String fault(String operation, Fault fault) {
        return Wire.text(FaultView.of(fault, operation));
    }

    private static Excerpt whole(Answer answer) {
        return Excerpt.whole(answer.response(), 0);
    }
}
