package phoneopus.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.LineSafeJson;

/** The way to the client of a stdio server: one message a line, and whether it takes them. */
final class StdioOutput {
    /** Bytes at once: of a longer message a slow client would seem to take nothing for long. */
    private static final int PIECE = 8 * 1024;

    private final OutputStream out;

    /**
     * The reading of the clock since which a piece has waited to be taken, null while none does.
     */
    private volatile @Nullable Long waiting;

    StdioOutput(OutputStream out) {
        this.out = out;
    }

    /** Brings a message to the client; waits for it to take what came before. */
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

    /** Whether something has waited so long for the client, which took none of it. */
    boolean stuck(Duration howLong) {
        Long since = waiting;
        return since != null && System.nanoTime() - since >= howLong.toNanos();
    }
}
