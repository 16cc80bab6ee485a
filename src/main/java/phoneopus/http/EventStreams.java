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
import phoneopus.time.Deadline;

/**
 * All open streams. They are closed before the web server stops, which would otherwise wait for
 * them.
 */
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
        // A beat keeps the session in use, so half the idle time drops both within that time.
        Duration idle = properties.sessionIdle().dividedBy(2);
        this.beat = idle.compareTo(BEAT) < 0 ? idle : BEAT;
    }

    /**
     * Opens a stream.
     *
     * @throws HttpRefusal if the server is shutting down
     */
    EventStream open() {
        if (!running) {
            throw HttpRefusal.ending();
        }
        EventStream stream = new EventStream();
        open.add(stream);
        stream.onClose(() -> open.remove(stream));
        // Also sends the response's headers.
        stream.beat();
        return stream;
    }

    /** Beats each on its own thread, so that a slow reader does not delay the others. */
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
        Deadline deadline = Deadline.in(LAST_WRITES);
        try {
            for (Thread each : ending) {
                // Slow readers are cut off.
                each.join(deadline.left());
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
