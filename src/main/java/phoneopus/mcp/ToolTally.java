package phoneopus.mcp;

import java.time.Duration;

/** How often something was called, and how long that took. */
public record ToolTally(
        long requests, long errors, Duration last, Duration longest, Duration total) {
    static final ToolTally NONE = new ToolTally(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    ToolTally plus(Duration took, boolean failed) {
        return new ToolTally(
                requests + 1,
                failed ? errors + 1 : errors,
                took,
                took.compareTo(longest) > 0 ? took : longest,
                total.plus(took));
    }

    public long successes() {
        return requests - errors;
    }

    public Duration mean() {
        return requests == 0 ? Duration.ZERO : total.dividedBy(requests);
    }
}
