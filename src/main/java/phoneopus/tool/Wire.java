package phoneopus.tool;

import phoneopus.mcp.LineSafeJson;
import phoneopus.run.Answer;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.tool.Fault.FaultView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Wire records → JSON: snake case, nulls kept. */
public final class Wire {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private Wire() {}

    static JsonNode tree(Object view) {
        return JSON.valueToTree(view);
    }

    /** The same as text, on one line. */
    static String text(Object view) {
        return text(tree(view));
    }

    static String text(JsonNode tree) {
        return LineSafeJson.of(tree.toString());
    }

    /** The wire records, whole and on one line, for a terminal. */
    public static final class TerminalJson {
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
                            job,
                            answer == null ? null : whole(answer),
                            Excerpt.whole(job.request().prompt(), 0)));
        }

        public static String fault(String operation, Fault fault) {
            return Wire.text(FaultView.of(fault, operation));
        }

        private static Excerpt whole(Answer answer) {
            return Excerpt.whole(answer.response(), 0);
        }
    }
}
