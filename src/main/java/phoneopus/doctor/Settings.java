package phoneopus.doctor;

import java.nio.file.Path;
import java.util.List;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

/**
 * What is set, for commands that start no server. Where a setting is wrong, the defaults of its
 * group stand in for it.
 */
public record Settings(
        List<Fault> faults,
        ClaudeProperties claude,
        ConsultProperties consult,
        Path stateDirectory) {

    /**
     * A setting that would stop the start.
     *
     * @param sentence as the start would say it
     * @param mend what to do about it
     */
    public record Fault(String sentence, String mend) {}
}
