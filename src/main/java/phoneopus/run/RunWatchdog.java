package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Decides when to stop a run early: at a limit, or after its answer. */
final class RunWatchdog {
    private final Limits limits;
    private final LivenessProbe pulse;
    private final long started = System.nanoTime();
    private long grown = started;
    private long alive = started;
    private long size;

    RunWatchdog(Limits limits, LivenessProbe pulse) {
        this.limits = limits;
        this.pulse = pulse;
    }

    /**
     * Checks the run; called several times a second.
     *
     * @param written the total bytes that the command has written
     * @param events the bytes of its events
     * @param result whether one of the events is a result
     */
    Optional<StopReason> due(long written, long events, boolean result) throws IOException {
        long now = System.nanoTime();
        if (events != size) {
            size = events;
            grown = now;
            alive = now;
        } else if (pulse.active(now)) {
            alive = now;
        }
        if (written > Limits.MOST_OUTPUT.toBytes()) {
            return Optional.of(StopReason.FLOODED);
        }
        if (result && longer(now - grown, limits.resultGrace())) {
            return Optional.of(StopReason.FINISHED);
        }
        if (longer(now - started, limits.timeout())) {
            return Optional.of(StopReason.TIMED_OUT);
        }
        return longer(now - alive, limits.stallTimeout())
                ? Optional.of(StopReason.STALLED)
                : Optional.empty();
    }

    private static boolean longer(long nanos, Duration limit) {
        return Duration.ofNanos(nanos).compareTo(limit) > 0;
    }
}
