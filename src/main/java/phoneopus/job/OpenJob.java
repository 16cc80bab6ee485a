package phoneopus.job;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ServerIdentity;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;

/**
 * A job that is not over, or not yet in the index, as far as the order of starts needs it.
 *
 * @param original whether the original program ran it: it was over before it came here
 */
record OpenJob(
        JobId id,
        long createdUnixMs,
        @Nullable String principal,
        @Nullable UUID session,
        @Nullable ServerIdentity starter,
        boolean original,
        Stage stage) {
    /** How long it waits for a server that cannot be seen. */
    private static final Duration UNSEEN_GOES_FIRST = Duration.ofMinutes(10);

    enum Stage {
        WAITING,
        LIVE,
        OVER
    }

    static OpenJob of(JobRequest request) {
        return new OpenJob(
                request.jobId(),
                request.createdUnixMs(),
                request.principal(),
                request.sessionId(),
                request.starter(),
                request.ofTheOriginal(),
                Stage.WAITING);
    }

    /** Whether that server may start it, on its own account. */
    boolean startableBy(ServerIdentity server, long nowUnixMs) {
        return starter == null
                || switch (server.leaveOf(starter)) {
                    case GIVEN -> true;
                    case LATER -> nowUnixMs - createdUnixMs > UNSEEN_GOES_FIRST.toMillis();
                    case REFUSED -> false;
                };
    }

    OpenJob in(Stage now) {
        return new OpenJob(id, createdUnixMs, principal, session, starter, original, now);
    }
}
