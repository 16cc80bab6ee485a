package phoneopus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWatchdogTests {
    private static final Duration TIMEOUT = Duration.ofHours(1);
    private static final Duration STALL = Duration.ofMinutes(20);
    private static final Duration GRACE = Duration.ofSeconds(30);

    @TempDir Path directory;
    long now;
    long events;
    RunWatchdog watchdog;

    @BeforeEach
    void watchARun() {
        var limits = new Limits(TIMEOUT, STALL, GRACE);
        watchdog =
                new RunWatchdog(
                        new RunDirectory(directory),
                        new SilentLog(Optional.empty()),
                        limits,
                        () -> now);
    }

    @Test
    void aSilentRunIsStoppedAfterTheStallTimeout() throws IOException {
        assertThat(silentFor(STALL.minusNanos(1), false)).isEmpty();
        assertThat(silentFor(Duration.ofNanos(1), false)).contains(StopReason.STALLED);
    }

    @Test
    void oneThatWritesEventsIsStoppedAfterItsTimeLimit() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(silentFor(STALL.minusNanos(1), false)).isEmpty();
            events++;
            assertThat(silentFor(Duration.ZERO, false)).isEmpty();
        }

        assertThat(silentFor(Duration.ofNanos(3), false)).contains(StopReason.TIMED_OUT);
    }

    @Test
    void oneWithAResultIsStoppedOnceItHasWrittenNothingForItsGrace() throws IOException {
        assertThat(silentFor(GRACE, false)).isEmpty();
        events++;
        assertThat(silentFor(Duration.ZERO, true)).isEmpty();
        assertThat(silentFor(GRACE.minusNanos(1), true)).isEmpty();
        assertThat(silentFor(Duration.ofNanos(1), true)).contains(StopReason.FINISHED);
    }

    private Optional<StopReason> silentFor(Duration silence, boolean result) throws IOException {
        now += silence.toNanos();
        return watchdog.due(events, events, result);
    }
}
