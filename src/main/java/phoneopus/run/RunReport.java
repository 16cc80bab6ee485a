package phoneopus.run;

/**
 * How a run ended.
 *
 * @param sessionBegun whether Claude began its session, which can then be resumed
 * @param costIncludesEarlierRuns whether the cost of a resumed session includes its earlier runs
 */
public record RunReport(Outcome outcome, boolean sessionBegun, boolean costIncludesEarlierRuns) {}
