package phoneopus.mcp;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Names the request in every line that is logged for it, where logs are structured. */
public final class RequestLog {
    private static final String REQUEST = "request_id";
    private static final String SESSION = "client_session";

    /** Clients choose ids as they like. */
    private static final int MOST_OF_AN_ID = 64;

    /** Enough to tell sessions apart; whoever knows the whole may speak in it. */
    private static final int SOME_OF_A_SESSION = 8;

    private RequestLog() {}

    public static <T> T naming(Object id, String session, Supplier<T> work) {
        return with(
                Map.of(
                        REQUEST,
                        start(id.toString(), MOST_OF_AN_ID),
                        SESSION,
                        start(session, SOME_OF_A_SESSION)),
                work);
    }

    /** The action, which names the request of this thread on whatever thread it is run. */
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
