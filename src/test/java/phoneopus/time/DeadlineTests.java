package phoneopus.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeadlineTests {
    final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    final Deadline deadline = Deadline.in(Duration.ofNanos(10), now::get);

    @Test
    void itPassesWhenTheLimitIsOverAndNothingIsLeftThen() {
        now.addAndGet(9);

        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.left()).isEqualTo(Duration.ofNanos(1));

        now.addAndGet(1);

        assertThat(deadline.passed()).isTrue();

        now.addAndGet(1);

        assertThat(deadline.left()).isZero();
    }

    @Test
    void awaitingEndsWithTheConditionOrWithTheDeadline() throws InterruptedException {
        synchronized (now) {
            assertThat(deadline.await(now, () -> now.addAndGet(4) < 0)).isTrue();
            assertThat(deadline.await(now, () -> now.addAndGet(4) > 0)).isFalse();
        }
    }

    @Test
    void theLongestLimitNeverPassesAndTheShortestHasPassed() {
        var never = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), now::get);
        var ever = Deadline.in(Duration.ofSeconds(Long.MIN_VALUE), now::get);
        now.addAndGet(1);

        assertThat(never.passed()).isFalse();
        assertThat(ever.passed()).isTrue();
        assertThat(ever.left()).isZero();
    }

    @Test
    @Timeout(30)
    void awaitingLooksAgainWhenWhatIsLeftIsOver() throws InterruptedException {
        var limit = Duration.ofDays(1);
        var nearlyOver = Deadline.in(limit, now::get);
        now.addAndGet(limit.toNanos() - 1);
        var asked = new AtomicLong();

        synchronized (now) {
            assertThat(nearlyOver.await(now, () -> asked.incrementAndGet() > 1)).isTrue();
        }
    }
}
