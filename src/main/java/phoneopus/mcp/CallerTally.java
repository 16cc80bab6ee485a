package phoneopus.mcp;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one caller called since the start of the server.
 *
 * @param tools those that it called, by name
 * @param lastFault null where no call of its failed
 */
public record CallerTally(
        ToolTally total, SortedMap<String, ToolTally> tools, @Nullable LastFault lastFault) {
    static final CallerTally NONE = new CallerTally(ToolTally.NONE, new TreeMap<>(), null);

    /** Why its last call that failed did. */
    public record LastFault(String kind, String code, String tool, long atUnixMs) {}

    CallerTally plus(String tool, Duration took, @Nullable LastFault fault) {
        boolean failed = fault != null;
        SortedMap<String, ToolTally> more = new TreeMap<>(tools);
        more.put(tool, more.getOrDefault(tool, ToolTally.NONE).plus(took, failed));
        return new CallerTally(total.plus(took, failed), more, failed ? fault : lastFault);
    }
}
