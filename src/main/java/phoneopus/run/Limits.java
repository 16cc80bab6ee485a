package phoneopus.run;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * The time limits of a run.
 *
 * @param timeout from its start to its end
 * @param stallTimeout without activity
 * @param resultGrace from its result or a later event to its exit
 */
public record Limits(Duration timeout, Duration stallTimeout, Duration resultGrace) {
    /** The default of {@code resultGrace}. */
    public static final Duration USUAL_GRACE = Duration.ofSeconds(5);

    public Limits(Duration timeout, Duration stallTimeout) {
        this(timeout, stallTimeout, USUAL_GRACE);
    }

    /** The output at which a run is stopped: no answer is that long. */
    public static final DataSize MOST_OUTPUT = DataSize.ofMegabytes(256);
}
