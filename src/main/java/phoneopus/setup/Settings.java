package phoneopus.setup;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

/**
 * The settings, for commands that start no server. An invalid setting is replaced by its default
 * or, if necessary, by the defaults of its group.
 *
 * @param faults settings that would stop a start
 * @param unknown settings that a start would ignore because no setting has that name
 * @param keysFile the keys of HTTP callers; null if they have none
 */
public record Settings(
        List<Fault> faults,
        List<Fault> unknown,
        ClaudeProperties claude,
        ConsultProperties consult,
        Path stateDirectory,
        @Nullable Path keysFile) {
    /**
     * An invalid or unknown setting.
     *
     * @param sentence the message of a start
     * @param fix what to do
     */
    public record Fault(String sentence, String fix) {}

    /** Checks that a start would accept all settings and knows them. */
    void check(Finding.Collector found) {
        if (faults.isEmpty() && unknown.isEmpty()) {
            found.ok("all are valid");
        }
        faults.forEach(fault -> found.error(fault.sentence(), fault.fix()));
        unknown.forEach(name -> found.warn(name.sentence(), name.fix()));
    }
}
