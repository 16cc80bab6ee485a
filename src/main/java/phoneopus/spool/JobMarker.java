package phoneopus.spool;

import java.util.Locale;

/**
 * What happened to a job beside its run: an empty file in its directory, so that no rebuild forgets
 * it.
 */
public enum JobMarker {
    /** Its caller no longer waits. */
    PROMOTED,
    /** Another caller waits for it too, perhaps at another server. */
    JOINED,
    /** Its answer reached a caller. */
    DELIVERED,
    /** Somebody ended it while it ran under the original program. */
    STOPPED;

    String file() {
        return name().toLowerCase(Locale.ROOT);
    }
}
