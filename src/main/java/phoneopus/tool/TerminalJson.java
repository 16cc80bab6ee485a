package phoneopus.tool;

import java.util.List;
import phoneopus.mcp.LineSafeJson;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.tool.Fault.FaultView;
import tools.jackson.databind.node.ObjectNode;

/** Renders whole wire records, each on one line, for a terminal. */
public final class TerminalJson {
    private TerminalJson() {}

    /**
     * A job in the one shape of all commands: its record and, beside it, the fields of its answer,
     * its fault or its submission.
     *
     * @param joined whether the consult repeated an earlier one
     */
    public static String job(Job job, boolean joined) {
        Answer answer = job.answer();
        Excerpt whole = Excerpt.whole(answer == null ? "" : answer.response(), 0);
        Excerpt prompt = Excerpt.whole(job.request().consult().prompt(), 0);
        ObjectNode shown =
                Reply.tree(RecordView.Full.of(job, answer == null ? null : whole, prompt))
                        .asObject();
        shown.put("demo", job.request().ofTheDemo());
        Completion ended = job.ended();
        if (ended != null) {
            shown.put("consult_cost_usd", ended.consultCostUsd());
        }
        Reply.tree(beside(job, whole, joined))
                .properties()
                .forEach(field -> shown.putIfAbsent(field.getKey(), field.getValue()));
        // For a model; and unknown in lists, which may be of many long questions.
        shown.remove(List.of("follow_up_tools", "effective_prompt"));
        return LineSafeJson.of(shown.toString());
    }

    private static Object beside(Job job, Excerpt whole, boolean joined) {
        Completion ended = job.ended();
        if (ended == null) {
            return ConsultView.SubmittedInFull.of(job, null, joined);
        }
        Answer answer = job.answer();
        if (answer == null) {
            return FaultView.of(
                    Faults.of(job.request(), ended, Wording.TERMINAL).orElseThrow(), "consult");
        }
        return ConsultView.Full.of(
                ConsultView.Concise.of(job.request(), ended, answer, whole, joined),
                job.request(),
                answer);
    }

    /** Any other record. */
    public static String line(Object wire) {
        return Reply.json(wire);
    }

    public static String fault(String operation, Fault fault) {
        return Reply.json(FaultView.of(fault, operation));
    }
}
