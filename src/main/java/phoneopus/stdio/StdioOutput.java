package phoneopus.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.LineSafeJson;

/** Writes to a stdio server's client, one message per line, and tells whether the client reads. */
final class StdioOutput {
    /**
     * The bytes written at once: with larger pieces, a slow client would seem to read nothing for
     * long.
     */
    private static final int PIECE = 8 * 1024;

    private final OutputStream out;

    /** The {@code nanoTime} since which a piece has been waiting; null if none is. */
    private volatile @Nullable Long waiting;

    StdioOutput(OutputStream out) {
        this.out = out;
    }

    /** Sends a message to the client; waits until it has read the ones before. */
    synchronized void send(String message) throws IOException {
        byte[] line = LineSafeJson.of(message).concat("\n").getBytes(StandardCharsets.UTF_8);
        try {
            for (int from = 0; from < line.length; from += PIECE) {
                waiting = System.nanoTime();
                out.write(line, from, Math.min(PIECE, line.length - from));
            }
            out.flush();
        } finally {
            waiting = null;
        }
    }

    /** Whether the client has read nothing for that long although something is waiting. */
    boolean stuck(Duration howLong) {
        Long since = waiting;
        return since != null && System.nanoTime() - since >= howLong.toNanos();
    }
}
