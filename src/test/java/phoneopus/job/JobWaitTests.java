package phoneopus.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;

/** What it costs that many wait for consults that wait for their turn. */
@Timeout(90)
class JobWaitTests {

    static final int WAITERS = 100;
    static final int LOOKS = 5;

    @TempDir Path temporary;
    WiredServer server;
    final AtomicInteger rounds = new AtomicInteger();
    final AtomicInteger outcomes = new AtomicInteger();

    @BeforeEach
    void makeServer() throws IOException {
        var folder = temporary.toRealPath();
        server =
                new WiredServer(
                                folder.resolve("state"),
                                new FakeClaude(folder.resolve("fake")).command(),
                                Map.of())
                        .start();
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @Test
    void howeverManyWaitOneRoundIsMadeForAllAndNoOutcomeIsRead() throws Exception {
        var requests = new ArrayList<JobRequest>();
        for (int i = 0; i < WAITERS; i++) {
            var request = server.request(temporary, "Question " + i);
            server.spool.accept(request, () -> {});
            requests.add(request);
        }
        var supervisor = supervisor();
        var store = store();

        long started = System.nanoTime();
        var looks = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (JobRequest request : requests) {
                looks.add(
                        threads.submit(() -> {
                            var wait = new JobWait(request, supervisor, store, null);
                            for (int i = 0; i < LOOKS; i++) {
                                assertThat(wait.look(_ -> {})).isEmpty();
                            }
                            return 0;
                        }));
            }
        }
        for (Future<?> look : looks) {
            look.get(30, SECONDS);
        }
        long intervals = Duration.ofNanos(System.nanoTime() - started).toMillis() / 200 + 1;

        assertThat(rounds.get()).isPositive().isLessThanOrEqualTo(Math.toIntExact(intervals));
        assertThat(outcomes).hasValue(0);
    }

    /** Its dispatch starts nothing, and counts how often it takes the lock. */
    private JobSupervisor supervisor() {
        var counted =
                new Dispatch(server.spool, server.claude, server.open, null, null) {
                    @Override
                    List<Started> round() {
                        rounds.incrementAndGet();
                        return List.of();
                    }
                };
        var watch = new JobWatch(server.finalizer);
        return new JobSupervisor(
                server.spool, counted, watch, server.locks, server.metrics, server.reader);
    }

    private JobStore store() {
        return new JobStore(
                server.spool, server.reader, server.open, server.index, server.original) {
            @Override
            Optional<Completion> settled(JobRequest request) throws IOException {
                outcomes.incrementAndGet();
                return super.settled(request);
            }
        };
    }
}
