package phoneopus.mcp;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Adds the request's id and session to its log lines, if logs are structured. */
public final class RequestLog {
    private static final String REQUEST = "request_id";
    private static final String SESSION = "client_session";

    /** Clients choose ids freely, so they may be long. */
    private static final int LONGEST_ID = 64;

    /** Enough to tell sessions apart; the whole id grants access to the session. */
    private static final int SESSION_PREFIX = 8;

    private RequestLog() {}

    public static <T> T naming(Object id, String session, Supplier<T> work) {
        return with(
                Map.of(
                        REQUEST,
                        start(id.toString(), LONGEST_ID),
                        SESSION,
                        start(session, SESSION_PREFIX)),
                work);
    }

    /**
     * Wraps the action so that its log lines name this thread's request, even on another thread.
     */
    public static <T> Consumer<T> naming(Consumer<T> action) {
        Map<String, String> fields = MDC.getCopyOfContextMap();
        return value ->
                with(
                        fields,
                        () -> {
                            action.accept(value);
                            return value;
                        });
    }

    private static <T> T with(@Nullable Map<String, String> fields, Supplier<T> work) {
        Map<String, String> former = MDC.getCopyOfContextMap();
        set(fields);
        try {
            return work.get();
        } finally {
            set(former);
        }
    }

    private static void set(@Nullable Map<String, String> fields) {
        if (fields == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(fields);
        }
    }

    private static String start(String text, int most) {
        return text.substring(0, Math.min(most, text.length()));
    }
}
