package phoneopus.setup;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

/**
 * What is set, for commands that start no server. Where a setting is wrong, its default, or those
 * of its group, stand in for it.
 *
 * @param faults those that would stop the start
 * @param unknown those that a start would ignore, since there are none of their names
 * @param keysFile of the callers over HTTP; null where they have no keys
 */
public record Settings(
        List<Fault> faults,
        List<Fault> unknown,
        ClaudeProperties claude,
        ConsultProperties consult,
        Path stateDirectory,
        @Nullable Path keysFile) {
    /**
     * A setting that is not as it should be.
     *
     * @param sentence as the start would say it
     * @param fix what to do about it
     */
    public record Fault(String sentence, String fix) {}

    /** Whether a start would accept the settings, and knows them all. */
    void check(Finding.Collector found) {
        if (faults.isEmpty() && unknown.isEmpty()) {
            found.ok("all of them are usable");
        }
        faults.forEach(fault -> found.error(fault.sentence(), fault.fix()));
        unknown.forEach(name -> found.warn(name.sentence(), name.fix()));
    }
}
