package phoneopus.mcp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** All that are open. They are closed before the web server ends, which else waits for them. */
@Component
@ConditionalOnWebApplication
class EventStreams implements SmartLifecycle {
    private static final long BEAT_S = 15;

    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

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
    @Scheduled(fixedDelay = BEAT_S, timeUnit = TimeUnit.SECONDS)
    void beat() {
        open.forEach(stream -> Thread.startVirtualThread(stream::beat));
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        List.copyOf(open).forEach(EventStream::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
