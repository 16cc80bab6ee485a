package phoneopus.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What the command of a run prints, as its own program understands it. */
public interface RunLog {
    /** Takes the next line of its output, without the line end. */
    void line(byte[] line);

    Activity activity();

    /** Whether it has printed its result, so that it has only to exit. */
    boolean resultSeen();

    /** A file outside the run's directory that grows while the command works. */
    Optional<Path> transcript() throws IOException;

    /** How the run ended, from the lines so far and what else is left of it. */
    RunReport report(Remains remains);

    /**
     * What a run that is over has left beside its output.
     *
     * @param marked why it was ended early
     * @param exit the command's exit code; empty where nobody lived to write it
     * @param stderr the end of what the command wrote there
     * @param lastLine when the last line was written
     */
    record Remains(
            Limits limits,
            Optional<StopReason> marked,
            Optional<Integer> exit,
            String stderr,
            Instant lastLine) {}
}
