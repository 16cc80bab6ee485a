package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryBudgetTests {

    private final MemoryBudget memory = new MemoryBudget(1_000);
    private final MemoryBudget.Share anna = memory.of(new Caller("anna"));
    private final MemoryBudget.Share ben = memory.of(new Caller("ben"));

    @Test
    void aCallerWithANameHasHalfOfItAndOthersTheRest() {
        var first = anna.take(300);
        var second = anna.take(300);
        var others = ben.take(300);
        anna.give(300);
        var again = anna.take(400);

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(others).isTrue();
        assertThat(again).isTrue();
    }

    @Test
    void whereCallersHaveNoNamesTheyShareTheWhole() {
        var unnamed = memory.of(Caller.UNNAMED);

        var first = unnamed.take(900);
        var second = memory.of(Caller.UNNAMED).take(200);

        assertThat(first).isTrue();
        assertThat(second).isFalse();
    }

    @Test
    void whatIsLargerThanTheWholeHasItForItself() {
        var early = anna.take(5_000);
        var beside = ben.take(1);
        anna.give(5_000);
        var small = ben.take(1);
        var late = anna.take(5_000);

        assertThat(early).isTrue();
        assertThat(beside).isFalse();
        assertThat(small).isTrue();
        assertThat(late).isFalse();
    }

    @Test
    void whoWaitsGetsItWhenThereIsRoom() throws Exception {
        anna.take(500);
        var waiting = new CountDownLatch(1);
        var taken =
                CompletableFuture.supplyAsync(
                        () -> {
                            waiting.countDown();
                            return take(anna, Duration.ofSeconds(20));
                        },
                        task -> Thread.ofVirtual().start(task));
        waiting.await();

        anna.give(500);

        assertThat(taken.get()).isTrue();
        assertThat(take(anna, Duration.ofMillis(10))).isFalse();
    }

    @Test
    void aValueWeighsAtLeastItsTextAndEveryPartOfIt() {
        var text = MemoryBudget.weight("x".repeat(1_000));
        var nothings = MemoryBudget.weight(List.of(Map.of(), Map.of(), Map.of()));
        var object = MemoryBudget.weight(Map.of("name", "x".repeat(1_000)));

        assertThat(text).isGreaterThanOrEqualTo(2_000);
        assertThat(nothings).isGreaterThan(4 * 50);
        assertThat(object).isGreaterThan(text);
        assertThat(MemoryBudget.weight(null)).isPositive();
    }

    private static boolean take(MemoryBudget.Share share, Duration patience) {
        try {
            return share.take(500, patience);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWaitsIsWokenAsSoonAsThereIsRoom() {
        anna.take(500);
        var taken = new CompletableFuture<Boolean>();
        var waiter =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> taken.complete(take(anna, Duration.ofDays(1))));
        await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);

        anna.give(500);

        assertThat(taken).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
    }
}
