package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import phoneopus.files.RegularFiles;

/**
 * Detects that a command works although it writes no events: a long thought is one turn, whose
 * event comes at its end. Meanwhile Claude's transcript grows or its processes use the CPU.
 */
final class LivenessProbe {
    /** Checks per stall timeout; each one reads all processes. */
    private static final int LOOKS = 8;

    private static final long SHORTEST_PAUSE_NS = 100_000_000;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final long NANOS_OF_A_TICK = 10_000_000;

    /** A process is idle if it uses less than one part in this many of the time. */
    private static final long IDLE = 1_000;

    private final RunDirectory directory;
    private final RunLog log;
    private final long pause;
    private final long idleTicks;
    private long looked;
    private long ticks;
    private long size;

    LivenessProbe(RunDirectory directory, RunLog log, Limits limits) {
        this.directory = directory;
        this.log = log;
        Duration silence = limits.stallTimeout().dividedBy(LOOKS);
        this.pause =
                Math.max(
                        SHORTEST_PAUSE_NS,
                        silence.compareTo(LONGEST_PAUSE) > 0
                                ? LONGEST_PAUSE.toNanos()
                                : silence.toNanos());
        this.idleTicks = pause / IDLE / NANOS_OF_A_TICK;
    }

    /** Whether there was activity since the last check; most calls do not check. */
    boolean active(long now) throws IOException {
        if (looked != 0 && now - looked < pause) {
            return false;
        }
        boolean first = looked == 0;
        looked = now;
        long computed =
                directory.leader().stream()
                        .flatMap(leader -> leader.tree().stream())
                        .mapToLong(ProcessIdentity.Stat::processorTicks)
                        .sum();
        long written = log.transcript().map(RegularFiles::size).orElse(0L);
        boolean active = !first && (computed - ticks > idleTicks || written != size);
        ticks = computed;
        size = written;
        return active;
    }
}
