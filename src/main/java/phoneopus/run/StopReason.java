package phoneopus.run;

/**
 * Why a run is stopped early. Its marker file is durable before the first signal, since all reasons
 * lead to exit code 143.
 */
public enum StopReason {
    CANCELLED("cancelled"),
    TIMED_OUT("timed_out"),
    STALLED("stalled"),
    /** It wrote too much output. */
    FLOODED("flooded"),
    /** It printed its result but did not exit. */
    FINISHED("finished");

    private final String marker;

    StopReason(String marker) {
        this.marker = marker;
    }

    public String marker() {
        return marker;
    }
}
