package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import phoneopus.mcp.InFlightRequests.Running;

@Timeout(30)
class InFlightRequestsTests {

    private final InFlightRequests running =
            new InFlightRequests(new MemoryBudget(1_000).of(Caller.UNNAMED));

    @Test
    void anIdIsTakenUntilItsRequestEnds() {
        var first = begin(1L, "tools/call", "consult");
        var second = begin(1L, "ping", null);
        running.end(1L);
        var third = begin(1L, "ping", null);

        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        assertThat(third).isPresent();
    }

    @Test
    void aNumberAndItsDigitsAreTwoIds() {
        var number = begin(1L, "ping", null);
        var text = begin("1", "ping", null);

        assertThat(number).isPresent();
        assertThat(text).isPresent();
    }

    @Test
    void anEndedRequestIsKnownNoMore() {
        begin(1L, "tools/call", "consult");

        var before = running.find(1L);
        running.end(1L);
        running.end(1L);

        assertThat(before.orElseThrow().tool()).isEqualTo("consult");
        assertThat(running.find(1L)).isEmpty();
    }

    @Test
    void cancellingReachesTheRequestOfThatIdAlone() {
        var one = begin(1L, "tools/call", "consult").orElseThrow().delivery();
        var two = begin(2L, "tools/call", "consult").orElseThrow().delivery();

        running.cancel(2L, "no longer wanted");
        running.cancel(3L, "nobody");

        assertThat(one.cancelled()).isFalse();
        assertThat(two.cancelled()).isTrue();
    }

    @Test
    void cancellingAnEndedRequestChangesNothing() {
        var cancellation = begin(1L, "tools/call", "consult").orElseThrow().delivery();
        running.end(1L);

        running.cancel(1L, "too late");

        assertThat(cancellation.cancelled()).isFalse();
    }

    @Test
    void nothingRunningNeedsNoWait() throws InterruptedException {
        var before = System.nanoTime();

        running.awaitNone(Duration.ofSeconds(20));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatDoesNotEndIsWaitedForNoLongerThanAsked() throws InterruptedException {
        begin(1L, "tools/call", "consult");
        var before = System.nanoTime();

        running.awaitNone(Duration.ofMillis(150));

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(149), Duration.ofSeconds(5));
    }

    @RepeatedTest(20)
    void theLastEndEndsTheWait() throws InterruptedException {
        begin(1L, "tools/call", "consult");
        begin(2L, "tools/call", "consult");
        var before = System.nanoTime();

        Thread.startVirtualThread(() -> running.end(1L));
        Thread.startVirtualThread(() -> running.end(2L));
        running.awaitNone(Duration.ofSeconds(20));

        assertThat(running.find(1L)).isEmpty();
        assertThat(running.find(2L)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void cancellingAndEndingAtOnceEitherReachesTheToolOrNobody() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var request = begin(1L, "tools/call", "consult").orElseThrow();
            var reached = new AtomicInteger();
            request.delivery().onStop(_ -> reached.incrementAndGet());
            var together = new CyclicBarrier(2);
            var cancel =
                    CompletableFuture.runAsync(
                            () -> {
                                meet(together);
                                running.cancel(1L, "now");
                            },
                            task -> Thread.ofVirtual().start(task));

            meet(together);
            running.end(1L);
            cancel.get();

            assertThat(running.find(1L)).isEmpty();
            assertThat(reached.get()).isEqualTo(request.delivery().cancelled() ? 1 : 0);
            assertThat(begin(1L, "ping", null)).isPresent();
            running.end(1L);
        }
    }

    @Test
    void whatDoesNotFitBesideTheOthersIsRefusedUntilTheyAreOver() {
        var many = new InFlightRequests(new MemoryBudget(1_000).of(Caller.UNNAMED));
        var large = new JSONRPCRequest("tools/call", 2L, Map.of("name", "x".repeat(400)));

        var first = many.begin(new JSONRPCRequest("tools/call", 1L, Map.of("name", "consult")));
        var second = many.begin(large);
        var refusal = many.refusal(large);
        many.end(1L);
        var again = many.begin(large);

        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        assertThat(refusal.id()).isEqualTo(2L);
        assertThat(refusal.message()).contains("too much at once");
        assertThat(again).isPresent();
    }

    private Optional<Running> begin(Object id, String method, @Nullable String tool) {
        return running.begin(
                new JSONRPCRequest(method, id, tool == null ? null : Map.of("name", tool)));
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
