package phoneopus.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StdioOutputTests {

    private static final Duration LONG = Duration.ofSeconds(1);

    /**
     * Takes the first piece only when it is told to, and notes of each whether the output is stuck.
     */
    private static final class SlowReader extends OutputStream {
        private final CountDownLatch reads = new CountDownLatch(1);
        private final List<Boolean> stuck = new ArrayList<>();
        private final AtomicLong now = new AtomicLong();
        private final StdioOutput output = new StdioOutput(this, now::get);

        @Override
        public void write(int one) {
            throw new UnsupportedOperationException("no piece");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            stuck.add(output.stuck(LONG));
            try {
                assertThat(reads.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aLongMessageIsStuckOnlyWhileTheClientTakesNothingOfIt() throws Exception {
        var client = new SlowReader();
        var sent =
                CompletableFuture.runAsync(() -> {
                    try {
                        client.output.send("x".repeat(20_000));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });

        await().until(() -> client.output.stuck(Duration.ZERO));
        client.now.addAndGet(LONG.minusNanos(1).toNanos());
        assertThat(client.output.stuck(LONG)).isFalse();
        client.now.addAndGet(1);
        assertThat(client.output.stuck(LONG)).isTrue();
        client.reads.countDown();
        sent.get(30, TimeUnit.SECONDS);

        assertThat(client.stuck).containsExactly(false, false, false);
        assertThat(client.output.stuck(Duration.ZERO)).isFalse();
    }
}
