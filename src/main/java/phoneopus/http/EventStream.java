package phoneopus.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import phoneopus.mcp.LineSafeJson;

/** A stream of server-sent events that a client has open. */
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

    /** What a controller returns. */
    SseEmitter response() {
        return emitter;
    }

    /** Runs the action once it is closed, whoever closes it; at once where it is already. */
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

    /** Says something that means nothing, so that a client that is gone is noticed. */
    void beat() {
        // A slow reader's last one may be on its way still.
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
     * Closes it: nothing is sent any more.
     *
     * @return ends the response, which has to wait for what is on its way to a slow reader
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
            // The web server has let go of it already.
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

    /** Whether it was open until now. */
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
