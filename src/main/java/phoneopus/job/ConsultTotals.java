package phoneopus.job;

import org.jspecify.annotations.Nullable;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.JobStatus;
import tools.jackson.databind.JsonNode;

/**
 * Consults that have ended, added up.
 *
 * @param inputTokens with those written to Claude's cache and read from it
 */
public record ConsultTotals(
        long succeeded,
        long failed,
        long cancelled,
        long turns,
        long inputTokens,
        long outputTokens,
        double costUsd) {
    static final ConsultTotals NONE = new ConsultTotals(0, 0, 0, 0, 0, 0, 0);

    /** One consult; what Claude did not say counts as nothing. */
    static ConsultTotals of(Completion ended) {
        JobStatus status = JobStatus.of(ended.outcome());
        Answer answer = ended.outcome() instanceof Outcome.Answered(Answer given) ? given : null;
        JsonNode usage = answer == null ? null : answer.usage();
        return new ConsultTotals(
                status == JobStatus.SUCCEEDED ? 1 : 0,
                status == JobStatus.FAILED ? 1 : 0,
                status == JobStatus.CANCELLED ? 1 : 0,
                answer == null || answer.numTurns() == null ? 0 : answer.numTurns(),
                count(usage, "input_tokens")
                        + count(usage, "cache_creation_input_tokens")
                        + count(usage, "cache_read_input_tokens"),
                count(usage, "output_tokens"),
                ended.consultCostUsd() == null ? 0 : ended.consultCostUsd());
    }

    ConsultTotals plus(ConsultTotals more) {
        return new ConsultTotals(
                succeeded + more.succeeded,
                failed + more.failed,
                cancelled + more.cancelled,
                turns + more.turns,
                inputTokens + more.inputTokens,
                outputTokens + more.outputTokens,
                costUsd + more.costUsd);
    }

    private static long count(@Nullable JsonNode usage, String name) {
        return usage == null ? 0 : Math.max(0, usage.path(name).longValue(0));
    }
}
