package phoneopus.tool;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;

/** Tells how to continue after a failed consult. */
final class Resumption {
    private static final DateTimeFormatter TODAY =
            DateTimeFormatter.ofPattern("HH:mm z", Locale.ENGLISH);
    private static final DateTimeFormatter ANOTHER_DAY =
            DateTimeFormatter.ofPattern("HH:mm z 'on' MMM d", Locale.ENGLISH);

    private static final Pattern ACCOUNT_LIMIT =
            Pattern.compile("(?i)hit your|(usage|session|weekly) limit");

    private Resumption() {}

    /** Whether the consult's session exists and resuming it may succeed. */
    static boolean possible(JobRequest request, Completion ended) {
        boolean there = request.resumed() || !Boolean.FALSE.equals(ended.sessionBegun());
        return there
                && switch (ended.outcome()) {
                    case Outcome.Refused refused ->
                            switch (refused.refusal()) {
                                case SESSION_NOT_FOUND,
                                        INVALID_REQUEST,
                                        OUT_OF_CREDIT,
                                        CLAUDE_TOO_OLD ->
                                        false;
                                case NOT_AUTHENTICATED,
                                        RATE_LIMITED,
                                        OVERLOADED,
                                        MAX_TURNS,
                                        BUDGET_EXCEEDED,
                                        CLAUDE_ERROR,
                                        BAD_OUTPUT ->
                                        true;
                            };
                    case Outcome.NotStarted _ -> request.resumed();
                    case Outcome.Answered _,
                            Outcome.TimedOut _,
                            Outcome.Stalled _,
                            Outcome.Cancelled _,
                            Outcome.Interrupted _ ->
                            true;
                };
    }

    /** {@code Resume with session_id ….} or, without a session, {@code Ask again.} */
    static String advice(@Nullable UUID session) {
        return session == null ? "Ask again." : "Resume with session_id " + session + ".";
    }

    /** What has to be done first, then {@link #advice(UUID)}. */
    static String advice(String first, @Nullable UUID session) {
        return first
                + ", then "
                + (session == null ? "ask again." : "resume with session_id " + session + ".");
    }

    /** A limit on requests per minute resets soon, a limit of the account does not. */
    static String afterLimit(Fault.Failed failed, String words) {
        Instant resets = failed.resetsAt();
        return resets == null
                ? advice(
                        ACCOUNT_LIMIT.matcher(words).find()
                                ? "Wait until the limit of this account resets"
                                : "Wait a few minutes",
                        failed.sessionId())
                : advice(
                        "The limit resets at %s; retrying earlier does not help. Wait"
                                .formatted(at(resets)),
                        failed.sessionId());
    }

    private static String at(Instant time) {
        ZonedDateTime when = time.atZone(ZoneId.systemDefault());
        boolean today = when.toLocalDate().equals(ZonedDateTime.now(when.getZone()).toLocalDate());
        return (today ? TODAY : ANOTHER_DAY).format(when);
    }
}
