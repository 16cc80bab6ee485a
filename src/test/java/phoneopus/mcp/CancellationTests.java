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
class CancellationTests {

    private final Cancellation cancellation = new Cancellation();
    private final List<String> heard = new ArrayList<>();

    @Test
    void theActionGetsTheReason() {
        cancellation.onCancel(heard::add);

        cancellation.cancel("the user stopped");

        assertThat(heard).containsExactly("the user stopped");
        assertThat(cancellation.requested()).isTrue();
    }

    @Test
    void anActionThatComesAfterTheCancelRunsAtOnce() {
        cancellation.cancel("too slow");

        cancellation.onCancel(heard::add);

        assertThat(heard).containsExactly("too slow");
    }

    @Test
    void onlyTheFirstCancelCounts() {
        cancellation.onCancel(heard::add);

        cancellation.cancel("first");
        cancellation.cancel("second");

        assertThat(heard).containsExactly("first");
    }

    @Test
    void everyActionRuns() {
        cancellation.onCancel(heard::add);
        cancellation.onCancel(heard::add);

        cancellation.cancel("why");

        assertThat(heard).containsExactly("why", "why");
    }

    @Test
    void itTravelsInTheTransportContext() {
        var found = Cancellation.of(cancellation.context());

        assertThat(found).isSameAs(cancellation);
    }

    @Test
    void aContextWithoutOneIsNeverCancelled() {
        var found = Cancellation.of(McpTransportContext.EMPTY);

        found.onCancel(heard::add);

        assertThat(found.requested()).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void anActionRegisteredDuringTheCancelRunsExactlyOnce() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var raced = new Cancellation();
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

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
