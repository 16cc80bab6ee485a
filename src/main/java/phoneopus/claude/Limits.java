package phoneopus.claude;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * How long a run may take.
 *
 * @param timeout from start to end
 * @param stallTimeout without a new event
 */
public record Limits(Duration timeout, Duration stallTimeout) {
    /** What a run may write before it is ended: no answer is that long. */
    static final DataSize MOST_OUTPUT = DataSize.ofMegabytes(256);
}
