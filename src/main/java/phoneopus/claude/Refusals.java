package phoneopus.claude;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Outcome.Refused;
import phoneopus.run.Refusal;

/**
 * Classifies refusals by their message. The wordings are from the recorded runs in {@code
 * src/test/resources/phoneopus/claude/} and from public reports.
 */
final class Refusals {
    private static final Pattern NOT_LOGGED_IN =
            Pattern.compile(
                    "(?i)not logged in|please run /login|oauth token (has )?(expired|been revoked)|invalid api key");

    /** Consults that refresh the same login at once revoke each other's token. */
    private static final Pattern REVOKED = Pattern.compile("(?i)token (has )?been revoked");

    private static final Pattern SESSION_NOT_FOUND =
            Pattern.compile(
                    "(?i)no conversation found with session id|--resume requires a valid session id");

    private static final Pattern LIMIT =
            Pattern.compile(
                    "(?i)hit your\\b.{0,40}\\blimit|\\b(usage|session|weekly|rate) limit (was |has been )?(reached|exceeded)");

    /** Versions before 2.1.248 report no status. */
    private static final Pattern OVERLOADED = Pattern.compile("(?i)\\b529\\b.*overloaded");

    private static final Pattern NO_CREDIT =
            Pattern.compile("(?i)credit balance is too low|insufficient (credit|funds)");

    private static final Pattern TRANSIENT =
            Pattern.compile(
                    "(?i)ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|connection (dropped|refused|error)|timed out|temporary");

    private static final Pattern UNKNOWN_OPTION =
            Pattern.compile("(?i)unknown option '?(--[a-z-]+)");

    /** Such as {@code resets 7pm (Europe/Berlin)} or {@code resets at 19:30}. */
    private static final Pattern RESETS =
            Pattern.compile(
                    "(?i)resets?\\s+(?:at\\s+)?(\\d{1,2})(?::(\\d{2}))?\\s*([ap]m)?(?:\\s*\\(([^)]+)\\))?");

    /** Seconds since 1970 after a bar, as older versions print it. */
    private static final Pattern RESETS_AT_SECONDS = Pattern.compile("limit reached\\|(\\d{9,11})");

    /** When the message was written: the times in Claude's messages have no date. */
    private final Instant said;

    private final @Nullable Instant limitResetsAt;

    Refusals(Instant said, EventReader events) {
        this.said = said;
        this.limitResetsAt = events.limitResetsAt().orElse(null);
    }

    static boolean sessionNotFound(String words) {
        return SESSION_NOT_FOUND.matcher(words).find();
    }

    /**
     * Classifies a request that Claude's service refused.
     *
     * @param status the HTTP status; 0 if there was no response or it is unknown
     */
    Refused byStatus(int status, String words, @Nullable Double cost) {
        if (status == 429
                || (limitResetsAt != null && status < 500)
                || LIMIT.matcher(words).find()) {
            return new Refused(Refusal.RATE_LIMITED, words, true, cost, resetsAt(words));
        }
        if (NO_CREDIT.matcher(words).find()) {
            return new Refused(Refusal.OUT_OF_CREDIT, words, false, cost);
        }
        if (status == 0 && OVERLOADED.matcher(words).find()) {
            return new Refused(Refusal.OVERLOADED, words, true, cost);
        }
        return switch (status) {
            case 401, 403 -> notAuthenticated(words, cost);
            case 529 -> new Refused(Refusal.OVERLOADED, words, true, cost);
            case 400, 404, 413, 422 -> new Refused(Refusal.INVALID_REQUEST, words, false, cost);
            default ->
                    status == 0 && NOT_LOGGED_IN.matcher(words).find()
                            ? notAuthenticated(words, cost)
                            : new Refused(
                                    Refusal.CLAUDE_ERROR,
                                    words,
                                    status >= 500
                                            || (status == 0 && TRANSIENT.matcher(words).find()),
                                    cost);
        };
    }

    /** Classifies a command that exited without a result. */
    Refused byLastWords(int exit, String words) {
        if (words.isBlank()) {
            return new Refused(
                    Refusal.CLAUDE_ERROR,
                    "Claude ended with exit code " + exit + " and no message.",
                    false,
                    null);
        }
        if (sessionNotFound(words)) {
            return new Refused(Refusal.SESSION_NOT_FOUND, words, false, null);
        }
        Matcher option = UNKNOWN_OPTION.matcher(words);
        if (option.find() && Arguments.passes(option.group(1))) {
            return new Refused(Refusal.CLAUDE_TOO_OLD, words, false, null);
        }
        if (LIMIT.matcher(words).find()) {
            return new Refused(Refusal.RATE_LIMITED, words, true, null, resetsAt(words));
        }
        if (NOT_LOGGED_IN.matcher(words).find()) {
            return notAuthenticated(words, null);
        }
        return new Refused(Refusal.CLAUDE_ERROR, words, false, null);
    }

    private static Refused notAuthenticated(String words, @Nullable Double cost) {
        return new Refused(Refusal.NOT_AUTHENTICATED, words, REVOKED.matcher(words).find(), cost);
    }

    private @Nullable Instant resetsAt(String words) {
        return limitResetsAt != null ? limitResetsAt : inWords(words).orElse(null);
    }

    private Optional<Instant> inWords(String words) {
        Matcher seconds = RESETS_AT_SECONDS.matcher(words);
        if (seconds.find()) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds.group(1))));
        }
        Matcher clock = RESETS.matcher(words);
        if (!clock.find() || (clock.group(2) == null && clock.group(3) == null)) {
            return Optional.empty();
        }
        try {
            ZoneId zone =
                    clock.group(4) == null
                            ? ZoneId.systemDefault()
                            : ZoneId.of(clock.group(4).strip());
            ZonedDateTime when = said.atZone(zone).with(time(clock));
            return Optional.of(
                    (when.toInstant().isBefore(said) ? when.plusDays(1) : when).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static LocalTime time(Matcher clock) {
        int hour = Integer.parseInt(clock.group(1));
        int minute = clock.group(2) == null ? 0 : Integer.parseInt(clock.group(2));
        String half = clock.group(3);
        if (half != null && hour > 12) {
            throw new DateTimeException("not an hour from 1 to 12: " + hour);
        }
        return half == null
                ? LocalTime.of(hour, minute)
                : LocalTime.of(hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0), minute);
    }
}
