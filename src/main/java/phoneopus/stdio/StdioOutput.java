package phoneopus.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.LineSafeJson;
import phoneopus.time.Stopwatch;

/** Writes to a stdio server's client, one message per line, and tells whether the client reads. */
final class StdioOutput {
    /**
     * The bytes written at once: with larger pieces, a slow client would seem to read nothing for
     * long.
     */
    private static final int PIECE = 8 * 1024;

    private final OutputStream out;

    private final LongSupplier nanoTime;

    /** How long a piece has been waiting; null if none is. */
    private volatile @Nullable Stopwatch waiting;

    StdioOutput(OutputStream out) {
        this(out, System::nanoTime);
    }

    StdioOutput(OutputStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    /** Sends a message to the client; waits until it has read the ones before. */
    synchronized void send(String message) throws IOException {
        byte[] line = LineSafeJson.of(message).concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            for (int from = 0; from < line.length; from += PIECE) {
                waiting = new Stopwatch(nanoTime);
                out.write(line, from, Math.min(PIECE, line.length - from));
            }
            out.flush();
        } finally {
            waiting = null;
        }
    }

    /** Whether the client has read nothing for that long although something is waiting. */
    boolean stuck(Duration howLong) {
        Stopwatch since = waiting;
        return since != null && since.elapsed().compareTo(howLong) >= 0;
    }
}
