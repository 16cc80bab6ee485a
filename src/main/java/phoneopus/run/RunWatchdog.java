package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** When a run that is watched is to be ended early: at a limit, or because its answer is there. */
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
     * Looks again, several times a second.
     *
     * @param written bytes that the command has written in all
     * @param events bytes of its events
     * @param result whether one of them is a result
     */
    Optional<StopReason> due(long written, long events, boolean result) throws IOException {
        long now = System.nanoTime();
        if (events != size) {
            size = events;
            grown = now;
            alive = now;
        } else if (pulse.felt(now)) {
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
