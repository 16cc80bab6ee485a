package phoneopus.run;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import phoneopus.time.Deadline;

/** Decides when to stop a run early: at a limit, or after its answer. */
final class RunWatchdog {
    private final Limits limits;
    private final LivenessProbe pulse;
    private final LongSupplier nanoTime;
    private final Deadline end;
    private Deadline grace;
    private Deadline stall;
    private long size;

    RunWatchdog(RunDirectory directory, RunLog log, Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.pulse = new LivenessProbe(directory, log, limits, nanoTime);
        this.nanoTime = nanoTime;
        this.end = Deadline.in(limits.timeout(), nanoTime);
        this.grace = Deadline.in(limits.resultGrace(), nanoTime);
        this.stall = Deadline.in(limits.stallTimeout(), nanoTime);
    }

    /**
     * Checks the run; called several times a second.
     *
     * @param written the total bytes that the command has written
     * @param events the bytes of its events
     * @param result whether one of the events is a result
     */
    Optional<StopReason> due(long written, long events, boolean result) throws IOException {
        boolean grown = events != size;
        if (grown) {
            size = events;
            grace = Deadline.in(limits.resultGrace(), nanoTime);
        }
        if (grown || pulse.active()) {
            stall = Deadline.in(limits.stallTimeout(), nanoTime);
        }
        if (written > Limits.MOST_OUTPUT.toBytes()) {
            return Optional.of(StopReason.FLOODED);
        }
        if (result && grace.passed()) {
            return Optional.of(StopReason.FINISHED);
        }
        if (end.passed()) {
            return Optional.of(StopReason.TIMED_OUT);
        }
        return stall.passed() ? Optional.of(StopReason.STALLED) : Optional.empty();
    }
}
