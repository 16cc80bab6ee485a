package phoneopus.stdio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Splits bytes into lines. A line that is too long is skipped without being stored. */
final class LineReader {
    private static final int CHUNK = 64 * 1024;

    /** The kinds of input. */
    sealed interface Line {
        /** A line without its line end, which may include a carriage return. */
        record Text(ByteBuffer bytes) implements Line {}

        record TooLong() implements Line {}

        record End() implements Line {}
    }

    private final InputStream in;
    private final int longest;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int filled;

    /**
     * @param longest the bytes of the longest accepted line
     */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    Line next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean started = false;
        while (true) {
            if (position == filled && !fill()) {
                return started ? lineOf(line, tooLong) : new Line.End();
            }
            started = true;
            int start = position;
            while (position < filled && chunk[position] != '\n') {
                position++;
            }
            tooLong |= line.size() + position - start > longest;
            if (!tooLong) {
                line.write(chunk, start, position - start);
            }
            if (position < filled) {
                position++;
                return lineOf(line, tooLong);
            }
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(chunk));
        return filled > 0;
    }

    private static Line lineOf(ByteArrayOutputStream line, boolean tooLong) {
        if (tooLong) {
            return new Line.TooLong();
        }
        byte[] bytes = line.toByteArray();
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        return new Line.Text(ByteBuffer.wrap(bytes, 0, length));
    }
}
