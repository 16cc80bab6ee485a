package phoneopus.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The end of a time limit, by a clock that nobody sets. */
public record Deadline(Stopwatch since, Duration limit) {
    public static Deadline in(Duration limit) {
        return in(limit, System::nanoTime);
    }

    public static Deadline in(Duration limit, LongSupplier nanoTime) {
        return new Deadline(new Stopwatch(nanoTime), limit);
    }

    public boolean passed() {
        return since.elapsed().compareTo(limit) >= 0;
    }

    /** Zero once it has passed. */
    public Duration left() {
        Duration elapsed = since.elapsed();
        return elapsed.compareTo(limit) < 0 ? limit.minus(elapsed) : Duration.ZERO;
    }

    /**
     * Waits on the monitor, which the caller holds, until the condition holds.
     *
     * @return false if the deadline passed first
     */
    public boolean await(Object monitor, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (passed()) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(monitor, TimeUnit.NANOSECONDS.convert(left()));
        }
        return true;
    }
}
