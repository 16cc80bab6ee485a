package phoneopus.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Interprets the output of a run's command. */
public interface RunLog {
    /** Reads the next line of output, without its line end. */
    void line(byte[] line);

    Activity activity();

    /** Whether it has printed its result and only has to exit. */
    boolean resultSeen();

    /** A file outside the run's directory that grows while the command works. */
    Optional<Path> transcript() throws IOException;

    /** How the run ended, from the lines so far and the remains. */
    RunReport report(Remains remains);

    /**
     * What a finished run has left besides its output.
     *
     * @param marked why it was stopped early; null if it was not
     * @param exit the command's exit code; null if its runner did not live to write it
     * @param stderr the end of the command's stderr
     * @param lastLine when the last line was written
     */
    record Remains(
            Limits limits,
            @Nullable StopReason marked,
            @Nullable Integer exit,
            String stderr,
            Instant lastLine) {}
}
