package phoneopus.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.files.DurableFiles;
import phoneopus.spool.DamagedException;
import phoneopus.spool.JobFiles;

/**
 * The time that retention goes by. A clock may be weeks ahead, after a dead battery or a resumed
 * machine, and what is dropped is gone. So a time counts only once a later look, a day after it,
 * has not found it to lie in the future. The looks of all servers are kept in one file.
 */
final class RetentionClock {
    private static final Logger log = LoggerFactory.getLogger(RetentionClock.class);

    private static final Duration LONGEST_DOUBT = Duration.ofDays(1);

    private final Path file;
    private final Clock clock;
    private final Duration doubt;

    /**
     * @param keep the keep time: where it is shorter than a day, so is the doubt
     */
    RetentionClock(Path file, Clock clock, Duration keep) {
        this.file = file;
        this.clock = clock;
        this.doubt = keep.compareTo(LONGEST_DOUBT) < 0 ? keep : LONGEST_DOUBT;
    }

    /**
     * What is known of the time.
     *
     * @param confirmedUnixMs the time to go by; null before there is one
     * @param seenUnixMs the time of a look that a later one is to confirm
     */
    record Known(@Nullable Long confirmedUnixMs, long seenUnixMs) {}

    /** The last time that is beyond doubt; empty before there is one. */
    Optional<Instant> look() throws IOException {
        Known before = known().orElse(null);
        Known now = after(before);
        if (!now.equals(before)) {
            DurableFiles.writeLightly(file, JobFiles.bytes(now));
        }
        return Optional.ofNullable(now.confirmedUnixMs()).map(Instant::ofEpochMilli);
    }

    private Known after(@Nullable Known before) {
        long now = clock.millis();
        if (before == null) {
            return new Known(null, now);
        }
        if (before.seenUnixMs() > now) {
            log.warn("an earlier look was in the future: the clock was wrong then, or is now");
            Long confirmed = before.confirmedUnixMs();
            return new Known(confirmed == null || confirmed > now ? null : confirmed, now);
        }
        return now - before.seenUnixMs() < doubt.toMillis()
                ? before
                : new Known(before.seenUnixMs(), now);
    }

    private Optional<Known> known() throws IOException {
        try {
            return JobFiles.read(file, Known.class, known -> known.seenUnixMs() > 0);
        } catch (DamagedException e) {
            log.warn("begun anew: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
