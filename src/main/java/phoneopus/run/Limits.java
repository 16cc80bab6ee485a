package phoneopus.run;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * How long a run may take.
 *
 * @param timeout from start to end
 * @param stallTimeout without a sign of life
 * @param resultGrace from its result, or a later event, to its exit
 */
public record Limits(Duration timeout, Duration stallTimeout, Duration resultGrace) {
    /** What a run has whose request names no other. */
    public static final Duration USUAL_GRACE = Duration.ofSeconds(5);

    public Limits(Duration timeout, Duration stallTimeout) {
        this(timeout, stallTimeout, USUAL_GRACE);
    }

    /** What a run may write before it is ended: no answer is that long. */
    public static final DataSize MOST_OUTPUT = DataSize.ofMegabytes(256);
}
