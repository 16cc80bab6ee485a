package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import phoneopus.files.RegularFiles;
import phoneopus.time.Deadline;

/**
 * Detects that a command works although it writes no events: a long thought is one turn, whose
 * event comes at its end. Meanwhile Claude's transcript grows or its processes use the CPU.
 */
final class LivenessProbe {
    /** Checks per stall timeout; each one reads all processes. */
    private static final int LOOKS = 8;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final long NANOS_OF_A_TICK = 10_000_000;

    /** A process is idle if it uses less than one part in this many of the time. */
    private static final long IDLE = 1_000;

    private final RunDirectory directory;
    private final RunLog log;
    private final LongSupplier nanoTime;
    private final Duration pause;
    private final long idleTicks;
    private @Nullable Deadline next;
    private long ticks;
    private long size;

    LivenessProbe(RunDirectory directory, RunLog log, Limits limits, LongSupplier nanoTime) {
        this.directory = directory;
        this.log = log;
        Duration silence = limits.stallTimeout().dividedBy(LOOKS);
        this.nanoTime = nanoTime;
        this.pause =
                Collections.max(
                        List.of(SHORTEST_PAUSE, Collections.min(List.of(LONGEST_PAUSE, silence))));
        this.idleTicks = pause.toNanos() / IDLE / NANOS_OF_A_TICK;
    }

    /** Whether there was activity since the last check; most calls do not check. */
    boolean active() throws IOException {
        if (next != null && !next.passed()) {
            return false;
        }
        boolean first = next == null;
        next = Deadline.in(pause, nanoTime);
        long computed =
                directory.leader().stream()
                        .flatMap(leader -> leader.tree().stream())
                        .mapToLong(ProcessTable.Stat::processorTicks)
                        .sum();
        long written = log.transcript().map(RegularFiles::size).orElse(0L);
        boolean active = !first && (computed - ticks > idleTicks || written != size);
        ticks = computed;
        size = written;
        return active;
    }
}
