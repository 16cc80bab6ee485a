package phoneopus.run;

/**
 * How a run ended.
 *
 * @param sessionBegun whether Claude had begun its session, so that it can be resumed
 * @param costIncludesEarlierRuns whether the cost of a resumed session has its earlier runs in it
 */
public record RunReport(Outcome outcome, boolean sessionBegun, boolean costIncludesEarlierRuns) {}
