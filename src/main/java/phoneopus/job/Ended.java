package phoneopus.job;

import org.jspecify.annotations.Nullable;
import phoneopus.claude.Outcome;

/**
 * A consult that is over, as its {@code outcome.json} keeps it. Never changed.
 *
 * @param consultCostUsd what this consult alone cost; null where Claude did not say
 */
public record Ended(long finishedUnixMs, @Nullable Double consultCostUsd, Outcome outcome) {}
