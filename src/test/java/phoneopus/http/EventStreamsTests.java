package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.unit.DataSize;

class EventStreamsTests {

    private final EventStreams streams =
            new EventStreams(
                    new SimpleAsyncTaskScheduler(),
                    new HttpProperties(
                            "127.0.0.1",
                            0,
                            List.of(),
                            List.of(),
                            DataSize.ofMegabytes(2),
                            Duration.ofMinutes(30),
                            1,
                            null,
                            false));

    @Test
    void aServerThatEndsClosesItsStreamsAndOpensNoMore() {
        var closed = new AtomicBoolean();
        streams.start();
        streams.open().onClose(() -> closed.set(true));

        streams.stop();

        assertThat(closed).isTrue();
        assertThatExceptionOfType(HttpRefusal.class)
                .isThrownBy(streams::open)
                .satisfies(refusal ->
                        assertThat(refusal.response().getStatusCode().value()).isEqualTo(503));
    }
}
