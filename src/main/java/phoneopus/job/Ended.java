package phoneopus.job;

import org.jspecify.annotations.Nullable;
import phoneopus.claude.Outcome;

/**
 * A consult that is over, as its {@code outcome.json} keeps it. Never changed.
 *
 * @param consultCostUsd what this consult alone cost; null where it is not known
 * @param startedUnixMs when the original program started it; null where we did, which the run's
 *     files say
 */
public record Ended(
        long finishedUnixMs,
        @Nullable Double consultCostUsd,
        Outcome outcome,
        @Nullable Long startedUnixMs) {

    /** Of a run of ours. */
    public Ended(long finishedUnixMs, @Nullable Double consultCostUsd, Outcome outcome) {
        this(finishedUnixMs, consultCostUsd, outcome, null);
    }
}
