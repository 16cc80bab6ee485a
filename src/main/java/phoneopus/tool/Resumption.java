package phoneopus.tool;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How to go on after a consult that failed. */
final class Resumption {
    private static final DateTimeFormatter TODAY =
            DateTimeFormatter.ofPattern("HH:mm z", Locale.ENGLISH);
    private static final DateTimeFormatter ANOTHER_DAY =
            DateTimeFormatter.ofPattern("HH:mm z 'on' MMM d", Locale.ENGLISH);

    private Resumption() {}

    /**
     * {@code Go on with session_id ….}, or to ask again where there is no session to go on with.
     */
    static String advice(@Nullable UUID session) {
        return session == null ? "Ask again." : "Go on with session_id " + session + ".";
    }

    /** What has to happen first, then {@link #advice(UUID)}. */
    static String advice(String first, @Nullable UUID session) {
        return first
                + ", then "
                + (session == null ? "ask again." : "go on with session_id " + session + ".");
    }

    static String afterLimit(Fault.Failed failed) {
        Long resets = failed.resetsAtUnixMs();
        return resets == null
                ? advice("Wait until the limit of this account resets", failed.sessionId())
                : advice(
                        "The limit resets at %s, and retrying before is of no use. Wait"
                                .formatted(at(resets)),
                        failed.sessionId());
    }

    private static String at(long unixMs) {
        ZonedDateTime when = Instant.ofEpochMilli(unixMs).atZone(ZoneId.systemDefault());
        boolean today = when.toLocalDate().equals(ZonedDateTime.now(when.getZone()).toLocalDate());
        return (today ? TODAY : ANOTHER_DAY).format(when);
    }
}
