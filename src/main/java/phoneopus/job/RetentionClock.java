package phoneopus.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.files.DurableFiles;
import phoneopus.spool.DamagedException;
import phoneopus.spool.JobFiles;

/**
 * The clock that retention uses. A system clock may be weeks ahead, after a dead battery or on a
 * resumed machine, and a dropped consult is lost. So a reading counts only once a second reading,
 * at least a day later, confirms that it was not in the future. All servers keep their readings in
 * one file.
 */
final class RetentionClock {
    private static final Logger log = LoggerFactory.getLogger(RetentionClock.class);

    private static final Duration LONGEST_DOUBT = Duration.ofDays(1);

    private final Path file;
    private final Clock clock;
    private final Duration doubt;

    /**
     * @param keep the keep time; if it is shorter than a day, so is the time to confirm
     */
    RetentionClock(Path file, Clock clock, Duration keep) {
        this.file = file;
        this.clock = clock;
        this.doubt = keep.compareTo(LONGEST_DOUBT) < 0 ? keep : LONGEST_DOUBT;
    }

    /**
     * The stored readings.
     *
     * @param confirmed the confirmed time; null if there is none yet
     * @param seen the reading to be confirmed by a later one
     */
    record Known(
            @JsonProperty("confirmed_unix_ms") @Nullable Instant confirmed,
            @JsonProperty("seen_unix_ms") Instant seen) {
        /** A field missing in the file is null. */
        boolean whole() {
            return seen != null && seen.isAfter(Instant.EPOCH);
        }
    }

    /** Reads the clock and returns the last confirmed time; empty if there is none yet. */
    Optional<Instant> look() throws IOException {
        Known before = known().orElse(null);
        Known now = after(before);
        if (!now.equals(before)) {
            DurableFiles.writeLightly(file, JobFiles.bytes(now));
        }
        return Optional.ofNullable(now.confirmed());
    }

    private Known after(@Nullable Known before) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (before == null) {
            return new Known(null, now);
        }
        if (before.seen().isAfter(now)) {
            log.warn("an earlier reading is in the future: the clock was wrong then, or is now");
            Instant confirmed = before.confirmed();
            return new Known(confirmed == null || confirmed.isAfter(now) ? null : confirmed, now);
        }
        return Duration.between(before.seen(), now).compareTo(doubt) < 0
                ? before
                : new Known(before.seen(), now);
    }

    private Optional<Known> known() throws IOException {
        try {
            return JobFiles.read(file, Known.class, Known::whole);
        } catch (DamagedException e) {
            log.warn("restarted: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
