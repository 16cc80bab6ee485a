package phoneopus.setup;

import java.nio.file.Path;
import java.util.List;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

/**
 * What is set, for commands that start no server. Where a setting is wrong, its default, or those
 * of its group, stand in for it.
 *
 * @param faults those that would stop the start
 * @param unknown those that a start would ignore, since there are none of their names
 */
public record Settings(
        List<Fault> faults,
        List<Fault> unknown,
        ClaudeProperties claude,
        ConsultProperties consult,
        Path stateDirectory) {

    /**
     * A setting that is not as it should be.
     *
     * @param sentence as the start would say it
     * @param mend what to do about it
     */
    public record Fault(String sentence, String mend) {}
}
