package phoneopus.spool;

import org.jspecify.annotations.Nullable;
import phoneopus.run.Outcome;

/**
 * The end of a consult, as stored in its {@code outcome.json}. Immutable.
 *
 * @param consultCostUsd the cost of this consult alone in US dollars; null if unknown
 * @param sessionBegun whether Claude began its session; null if not checked
 * @param startedUnixMs when the original program started it; null for our own runs, whose files
 *     have the time
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

    /** Whether it was read completely: a field missing in the file is null. */
    boolean whole() {
        return outcome != null && outcome.whole();
    }
}
