package phoneopus.time;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Points in time as files, the table and clients have them: milliseconds since 1970. */
public final class UnixMs {
    private UnixMs() {}

    public static @Nullable Long of(@Nullable Instant time) {
        return time == null ? null : (Long) time.toEpochMilli();
    }

    public static @Nullable Instant read(@Nullable Long unixMs) {
        return unixMs == null ? null : Instant.ofEpochMilli(unixMs);
    }
}
