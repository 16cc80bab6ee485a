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
import org.slf4j.MDC;
import phoneopus.mcp.RequestContext.Stopped;

@Timeout(30)
class RequestContextTests {

    private final RequestContext delivery = new RequestContext(1L);
    private final List<Object> heard = new ArrayList<>();

    @Test
    void theActionGetsTheReason() {
        delivery.onStop(heard::add);

        delivery.cancel("the user stopped");

        assertThat(heard).containsExactly(new Stopped.Cancelled("the user stopped"));
        assertThat(delivery.cancelled()).isTrue();
    }

    @Test
    void anActionThatComesAfterTheCancelRunsAtOnce() {
        delivery.cancel("too slow");

        delivery.onStop(heard::add);

        assertThat(heard).containsExactly(new Stopped.Cancelled("too slow"));
    }

    @Test
    void aClientThatVanishedHasCancelledNothing() {
        delivery.onStop(heard::add);

        delivery.vanished();
        delivery.cancel("too late");

        assertThat(heard).containsExactly(new Stopped.Vanished());
        assertThat(delivery.cancelled()).isFalse();
    }

    @Test
    void onlyTheFirstCancelCounts() {
        delivery.onStop(heard::add);

        delivery.cancel("first");
        delivery.cancel("second");

        assertThat(heard).containsExactly(new Stopped.Cancelled("first"));
    }

    @Test
    void everyActionRuns() {
        delivery.onStop(heard::add);
        delivery.onStop(heard::add);

        delivery.cancel("why");

        assertThat(heard)
                .containsExactly(new Stopped.Cancelled("why"), new Stopped.Cancelled("why"));
    }

    @Test
    void itTravelsInTheTransportContext() {
        var found = RequestContext.of(Caller.UNNAMED.context(delivery));

        assertThat(found).isSameAs(delivery);
    }

    @Test
    void aContextWithoutOneIsNeverCancelled() {
        var found = RequestContext.of(McpTransportContext.EMPTY);

        found.onStop(heard::add);

        assertThat(found.cancelled()).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void anActionRegisteredDuringTheCancelRunsExactlyOnce() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var raced = new RequestContext(1L);
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
            raced.onStop(_ -> ran.incrementAndGet());
            cancel.get();

            assertThat(ran.get()).isEqualTo(1);
        }
    }

    @Test
    void whatItLogsIsOfTheRequestThatIsStoppedAndNotOfTheOneThatStopsIt() {
        RequestLog.naming("stopped", "session", () -> onStop());
        var named =
                RequestLog.naming(
                        "stopping",
                        "session",
                        () -> {
                            delivery.cancel("why");
                            return MDC.get("request_id");
                        });

        assertThat(heard).containsExactly("stopped");
        assertThat(named).isEqualTo("stopping");
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }

    private RequestContext onStop() {
        delivery.onStop(_ -> heard.add(MDC.get("request_id")));
        return delivery;
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
