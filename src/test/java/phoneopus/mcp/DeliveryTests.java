package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeliveryTests {

    private final Delivery delivery = new Delivery();
    private final List<String> heard = new ArrayList<>();

    @Test
    void theActionGetsTheReason() {
        delivery.onCancel(heard::add);

        delivery.cancel("the user stopped");

        assertThat(heard).containsExactly("the user stopped");
        assertThat(delivery.cancelled()).isTrue();
    }

    @Test
    void anActionThatComesAfterTheCancelRunsAtOnce() {
        delivery.cancel("too slow");

        delivery.onCancel(heard::add);

        assertThat(heard).containsExactly("too slow");
    }

    @Test
    void onlyTheFirstCancelCounts() {
        delivery.onCancel(heard::add);

        delivery.cancel("first");
        delivery.cancel("second");

        assertThat(heard).containsExactly("first");
    }

    @Test
    void everyActionRuns() {
        delivery.onCancel(heard::add);
        delivery.onCancel(heard::add);

        delivery.cancel("why");

        assertThat(heard).containsExactly("why", "why");
    }

    @Test
    void itTravelsInTheTransportContext() {
        var found = Delivery.of(delivery.context());

        assertThat(found).isSameAs(delivery);
    }

    @Test
    void aContextWithoutOneIsNeverCancelled() {
        var found = Delivery.of(McpTransportContext.EMPTY);

        found.onCancel(heard::add);

        assertThat(found.cancelled()).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void anActionRegisteredDuringTheCancelRunsExactlyOnce() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var raced = new Delivery();
            var ran = new AtomicInteger();
            var together = new CyclicBarrier(2);
            var cancel =
                    CompletableFuture.runAsync(
                            () -> {
                                meet(together);
                                raced.cancel("now");
                            },
                            task -> Thread.ofVirtual().start(task));

            meet(together);
            raced.onCancel(_ -> ran.incrementAndGet());
            cancel.get();

            assertThat(ran.get()).isEqualTo(1);
        }
    }

    @Test
    void whatIsToHappenOnDeliveryHappensThenAndNotBefore() {
        delivery.onDelivered(() -> heard.add("delivered"));
        var before = List.copyOf(heard);

        delivery.delivered();

        assertThat(before).isEmpty();
        assertThat(heard).containsExactly("delivered");
    }

    @Test
    void aDeliveryThatNobodyAskedAboutIsNothing() {
        delivery.delivered();

        assertThat(heard).isEmpty();
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
