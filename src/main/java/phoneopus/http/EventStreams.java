package phoneopus.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/** All that are open. They are closed before the web server ends, which else waits for them. */
@Component
@ConditionalOnWebApplication
class EventStreams implements SmartLifecycle {
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final Duration LAST_WRITES = Duration.ofSeconds(1);

    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final TaskScheduler scheduler;
    private final Duration beat;
    private @Nullable ScheduledFuture<?> beats;
    private volatile boolean running;

    EventStreams(TaskScheduler scheduler, HttpProperties properties) {
        this.scheduler = scheduler;
        // It keeps its session in use, so that the two of them are forgotten in the same time.
        Duration idle = properties.sessionIdle().dividedBy(2);
        this.beat = idle.compareTo(BEAT) < 0 ? idle : BEAT;
    }

    /**
     * Opens one more.
     *
     * @throws HttpRefusal where the server is about to end
     */
    EventStream open() {
        if (!running) {
            throw HttpRefusal.ending();
        }
        EventStream stream = new EventStream();
        open.add(stream);
        stream.onClose(() -> open.remove(stream));
        // Sends the head of the response too.
        stream.beat();
        return stream;
    }

    /** Each on a thread of its own: one that reads slowly is not to hold up the others. */
    private void beat() {
        open.forEach(stream -> Thread.startVirtualThread(stream::beat));
    }

    @Override
    public void start() {
        running = true;
        beats = scheduler.scheduleWithFixedDelay(this::beat, beat);
    }

    @Override
    public void stop() {
        running = false;
        if (beats != null) {
            beats.cancel(false);
        }
        List<Thread> ending = List.copyOf(open).stream().map(EventStream::close).toList();
        long deadline = System.nanoTime() + LAST_WRITES.toNanos();
        try {
            for (Thread each : ending) {
                // Who reads slowly is cut off.
                each.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
