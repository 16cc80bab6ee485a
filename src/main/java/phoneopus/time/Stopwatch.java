package phoneopus.time;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Measures how long something takes, by a clock that nobody sets. */
public final class Stopwatch {
    private final LongSupplier nanoTime;
    private final long started;

    public Stopwatch() {
        this(System::nanoTime);
    }

    public Stopwatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    public Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - started);
    }
}
