package phoneopus.tool;

import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.tool.Fault.FaultView;

/** Renders whole wire records, each on one line, for a terminal. */
public final class TerminalJson {
    private TerminalJson() {}

    public static String answer(
            JobRequest request, Completion ended, Answer answer, boolean joined) {
        ConsultView.Concise concise =
                ConsultView.Concise.of(request, ended, answer, whole(answer), joined);
        return Reply.json(ConsultView.Full.of(concise, request, answer));
    }

    public static String submitted(Job job, boolean joined) {
        return Reply.json(ConsultView.SubmittedInFull.of(job, joined));
    }

    public static String job(Job job) {
        Answer answer = job.answer();
        return Reply.json(
                RecordView.Full.of(
                        job,
                        answer == null ? null : whole(answer),
                        Excerpt.whole(job.request().consult().prompt(), 0)));
    }

    public static String fault(String operation, Fault fault) {
        return Reply.json(FaultView.of(fault, operation));
    }

    private static Excerpt whole(Answer answer) {
        return Excerpt.whole(answer.response(), 0);
    }
}
