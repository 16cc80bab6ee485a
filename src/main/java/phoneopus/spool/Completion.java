package phoneopus.spool;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Outcome;

/**
 * The end of a consult, as stored in its {@code outcome.json}. Immutable.
 *
 * @param consultCostUsd the cost of this consult alone in US dollars; null if unknown
 * @param sessionBegun whether Claude began its session; null if not checked
 * @param started when the original program started it; null for our own runs, whose files have the
 *     time
 */
public record Completion(
        @JsonProperty("finished_unix_ms") Instant finished,
        @Nullable Double consultCostUsd,
        Outcome outcome,
        @Nullable Boolean sessionBegun,
        @JsonProperty("started_unix_ms") @Nullable Instant started) {

    public Completion(Instant finished, @Nullable Double consultCostUsd, Outcome outcome) {
        this(finished, consultCostUsd, outcome, null, null);
    }

    /** Whether it was read completely: a field missing in the file is null. */
    boolean whole() {
        return finished != null && outcome != null && outcome.whole();
    }
}
