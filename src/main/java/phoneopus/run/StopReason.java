package phoneopus.run;

/**
 * Why a run is ended early. Its marker file is durable before the first signal, since all of them
 * look like exit 143.
 */
public enum StopReason {
    CANCELLED("cancelled"),
    TIMED_OUT("timed_out"),
    STALLED("stalled"),
    /** It wrote more than anyone could read. */
    FLOODED("flooded"),
    /** Its result was there, and it did not exit. */
    FINISHED("finished");

    private final String marker;

    StopReason(String marker) {
        this.marker = marker;
    }

    public String marker() {
        return marker;
    }
}
