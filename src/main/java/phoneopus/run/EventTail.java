package phoneopus.run;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import phoneopus.files.RegularFiles;

/**
 * Follows a growing event file. Each read continues where the last one ended; an incomplete line
 * waits for its rest. The file stays open, so that it can be read to the end even if the command
 * deletes its directory.
 */
public final class EventTail implements Closeable {
    private static final int CHUNK = 64 * 1024;

    /**
     * The bytes of one read: a command that writes faster than it is read must not hold the reader.
     */
    private static final long AT_ONCE = 4 * 1024 * 1024;

    /** The bytes of an incomplete line that are kept; a longer line is reread when complete. */
    private static final int KEPT = 1024 * 1024;

    /** The bytes of the longest line that is read; a longer line is not an event. */
    private static final int LONGEST_LINE = 32 * 1024 * 1024;

    /** Prefixes of long lines that do not affect the outcome: mostly files and images. */
    private static final byte[][] IGNORED = {
        "{\"type\":\"user\"".getBytes(StandardCharsets.US_ASCII),
        "{\"type\":\"stream_event\"".getBytes(StandardCharsets.US_ASCII)
    };

    /** Reading a long line takes several times its length in memory: one at a time per server. */
    private static final ReentrantLock LONG_LINES = new ReentrantLock();

    private final Path file;
    private final Consumer<byte[]> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private long position;

    /** The position of the start of the current line. */
    private long begun;

    private boolean skipped;

    public EventTail(Path file, Consumer<byte[]> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads what is new, up to the limit of one read. */
    public void read() throws IOException {
        read(AT_ONCE);
    }

    private void read(long most) throws IOException {
        long end = position + most;
        try {
            FileChannel open = channel;
            if (open == null) {
                open = RegularFiles.open(file);
                channel = open;
            }
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            while (position < end && open.read(chunk, position) > 0) {
                take(open, chunk.array(), chunk.position());
                chunk.clear();
            }
        } catch (NoSuchFileException _) {
            // The command has not written anything yet.
        }
    }

    /** Reads the rest, including a last line without a line end. */
    public void readToEnd() throws IOException {
        read(Long.MAX_VALUE - position);
        FileChannel open = channel;
        if (open != null) {
            endLine(open, position);
        }
    }

    /** The bytes read so far. */
    long position() {
        return position;
    }

    /** Closes the file; the next read opens it again and continues. */
    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private void take(FileChannel open, byte[] bytes, int length) throws IOException {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i - start);
                endLine(open, position + i);
                begun = position + i + 1;
                start = i + 1;
            }
        }
        keep(bytes, start, length - start);
        position += length;
    }

    private void keep(byte[] bytes, int start, int length) {
        if (line.size() < KEPT) {
            line.write(bytes, start, length);
            skipped = line.size() >= KEPT && beginsAsIgnored(line.toByteArray());
        }
    }

    private static boolean beginsAsIgnored(byte[] line) {
        for (byte[] prefix : IGNORED) {
            if (Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length)) {
                return true;
            }
        }
        return false;
    }

    private void endLine(FileChannel open, long end) throws IOException {
        long length = end - begun;
        if (line.size() > 0 && line.size() == length) {
            lines.accept(line.toByteArray());
        } else if (length > 0 && length <= LONGEST_LINE && !skipped) {
            readLong(open, (int) length);
        }
        line.reset();
        begun = end;
        skipped = false;
    }

    private void readLong(FileChannel open, int length) throws IOException {
        LONG_LINES.lock();
        try {
            ByteBuffer whole = ByteBuffer.allocate(length);
            while (whole.hasRemaining() && open.read(whole, begun + whole.position()) > 0) {}
            lines.accept(whole.array());
        } finally {
            LONG_LINES.unlock();
        }
    }
}
