package phoneopus.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ServerIdentity;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;

/**
 * The parts of an open job that determine the order of starts.
 *
 * @param original whether the original program ran it, so that it was over when it was imported
 */
record OpenJob(
        JobId id,
        Instant created,
        @Nullable String principal,
        @Nullable UUID session,
        @Nullable ServerIdentity starter,
        boolean original,
        Stage stage) {
    /** How long a job waits for its server if that is not visible from here. */
    private static final Duration UNSEEN_GOES_FIRST = Duration.ofMinutes(10);

    enum Stage {
        WAITING,
        LIVE,
        OVER
    }

    static OpenJob of(JobRequest request) {
        return new OpenJob(
                request.jobId(),
                request.created(),
                request.consult().principal(),
                request.sessionId(),
                request.starter(),
                request.ofTheOriginal(),
                Stage.WAITING);
    }

    /** Whether that server may start it with its own account. */
    boolean startableBy(ServerIdentity server, Instant now) {
        return starter == null
                || switch (server.leaveOf(starter)) {
                    case GIVEN -> true;
                    case LATER -> created.plus(UNSEEN_GOES_FIRST).isBefore(now);
                    case REFUSED -> false;
                };
    }

    OpenJob in(Stage now) {
        return new OpenJob(id, created, principal, session, starter, original, now);
    }
}
