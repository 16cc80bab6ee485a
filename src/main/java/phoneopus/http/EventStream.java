package phoneopus.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import phoneopus.mcp.LineSafeJson;

/** An open stream of server-sent events to a client. */
final class EventStream {
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final SseEmitter emitter = new SseEmitter(0L);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean beating = new AtomicBoolean();
    private final List<Runnable> whenClosed = new ArrayList<>();

    EventStream() {
        emitter.onCompletion(this::closed);
        emitter.onTimeout(this::closed);
        emitter.onError(_ -> closed());
    }

    /** The return value for a controller. */
    SseEmitter response() {
        return emitter;
    }

    /** Runs the action when the stream is closed by either side; at once if it already is. */
    void onClose(Runnable action) {
        synchronized (whenClosed) {
            if (!closed.get()) {
                whenClosed.add(action);
                return;
            }
        }
        action.run();
    }

    void send(String event, String data) throws IOException {
        send(SseEmitter.event().name(event).data(LineSafeJson.of(data), TEXT));
    }

    /** Sends an empty comment, to notice a client that is gone. */
    void beat() {
        // The last one to a slow reader may still be in progress.
        if (beating.compareAndSet(false, true)) {
            try {
                send(SseEmitter.event().comment(""));
            } catch (IOException _) {
                close();
            } finally {
                beating.set(false);
            }
        }
    }

    /**
     * Closes it: nothing more is sent.
     *
     * @return the thread that ends the response, which may have to wait for a slow reader
     */
    Thread close() {
        boolean wasOpen = closed();
        return Thread.startVirtualThread(() -> {
            if (wasOpen) {
                complete();
            }
        });
    }

    private void complete() {
        try {
            emitter.complete();
        } catch (IllegalStateException _) {
            // The web server has already dropped it.
        }
    }

    private void send(SseEmitter.SseEventBuilder event) throws IOException {
        if (closed.get()) {
            throw new IOException("the stream is closed");
        }
        try {
            emitter.send(event);
        } catch (RuntimeException e) {
            throw new IOException("the stream is closed", e);
        }
    }

    /** Marks it closed; returns whether it was open. */
    private boolean closed() {
        List<Runnable> due;
        synchronized (whenClosed) {
            if (!closed.compareAndSet(false, true)) {
                return false;
            }
            due = List.copyOf(whenClosed);
        }
        due.forEach(Runnable::run);
        return true;
    }
}
