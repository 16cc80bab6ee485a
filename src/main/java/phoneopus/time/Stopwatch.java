package phoneopus.time;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Measures how long something takes, by a clock that nobody sets. */
public final class Stopwatch {
    private final LongSupplier nanoTime;
    private final long started;

    private Stopwatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    public static Stopwatch start() {
        return start(System::nanoTime);
    }

    public static Stopwatch start(LongSupplier nanoTime) {
        return new Stopwatch(nanoTime);
    }

    public Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - started);
    }
}
