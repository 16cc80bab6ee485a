package phoneopus.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job that is not over, or not yet in the books, as far as the order of starts needs it. */
record OpenJob(
        JobId id,
        long createdUnixMs,
        @Nullable String principal,
        @Nullable UUID session,
        Stage stage) {
    enum Stage {
        WAITING,
        LIVE,
        OVER
    }

    OpenJob in(Stage now) {
        return new OpenJob(id, createdUnixMs, principal, session, now);
    }
}
