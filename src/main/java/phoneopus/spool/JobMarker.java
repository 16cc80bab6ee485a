package phoneopus.spool;

import java.util.Locale;

/**
 * An event of a job outside its run, recorded as an empty file in its directory, so that a rebuild
 * of the index keeps it.
 */
public enum JobMarker {
    /** Its caller stopped waiting. */
    PROMOTED,
    /** Another caller waits for it too, possibly at another server. */
    JOINED,
    /** Its answer reached a caller. */
    DELIVERED,
    /** It was stopped while it ran under the original program. */
    STOPPED;

    String file() {
        return name().toLowerCase(Locale.ROOT);
    }
}
