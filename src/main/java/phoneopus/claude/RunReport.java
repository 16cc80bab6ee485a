package phoneopus.claude;

/**
 * How a run ended.
 *
 * @param sessionBegun whether Claude had begun its session, so that it can be resumed
 */
public record RunReport(Outcome outcome, boolean sessionBegun) {}
