package phoneopus.spool;

import org.jspecify.annotations.Nullable;
import phoneopus.run.Outcome;

/**
 * A consult that is over, as its {@code outcome.json} keeps it. Never changed.
 *
 * @param consultCostUsd what this consult alone cost; null where that is not known
 * @param sessionBegun whether Claude had begun its session; null where nobody looked
 * @param startedUnixMs when the original program started it; null where we did, which the run's
 *     files say
 */
public record Completion(
        long finishedUnixMs,
        @Nullable Double consultCostUsd,
        Outcome outcome,
        @Nullable Boolean sessionBegun,
        @Nullable Long startedUnixMs) {

    public Completion(long finishedUnixMs, @Nullable Double consultCostUsd, Outcome outcome) {
        this(finishedUnixMs, consultCostUsd, outcome, null, null);
    }

    /** Whether it was read whole: what a file lacks is null. */
    boolean whole() {
        return outcome != null && outcome.whole();
    }
}
