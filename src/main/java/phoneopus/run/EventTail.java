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
 * Follows a growing event file: each read takes up where the last one ended, and half a line waits
 * for its rest. It keeps the file open, so that a command that deletes its directory is read to its
 * end.
 */
public final class EventTail implements Closeable {
    private static final int CHUNK = 64 * 1024;

    /** Bytes of one look, lest a command that writes faster than it is read keeps its reader. */
    private static final long AT_ONCE = 4 * 1024 * 1024;

    /** Bytes of a line that are kept while it grows; a longer one is read anew at its end. */
    private static final int KEPT = 1024 * 1024;

    /** Bytes of the longest line that is read; what is longer is no event of the command. */
    private static final int LONGEST_LINE = 32 * 1024 * 1024;

    /** How long lines begin that say nothing of what came of the run: files and images, mostly. */
    private static final byte[][] PASSED_OVER = {
        "{\"type\":\"user\"".getBytes(StandardCharsets.US_ASCII),
        "{\"type\":\"stream_event\"".getBytes(StandardCharsets.US_ASCII)
    };

    /** Each long line takes several times its length: one at a time in the whole server. */
    private static final ReentrantLock LONG_LINES = new ReentrantLock();

    private final Path file;
    private final Consumer<byte[]> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private long position;

    /** Where the line begins that is being read. */
    private long begun;

    private boolean passedOver;

    public EventTail(Path file, Consumer<byte[]> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads what is new, and leaves what is too much for one look to the next. */
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
            // The command has not started to write.
        }
    }

    /** Reads the rest, a last line without its line end included. */
    public void readToEnd() throws IOException {
        read(Long.MAX_VALUE - position);
        FileChannel open = channel;
        if (open != null) {
            endLine(open, position);
        }
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
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
            passedOver = line.size() >= KEPT && beginsAsPassedOver(line.toByteArray());
        }
    }

    private static boolean beginsAsPassedOver(byte[] line) {
        for (byte[] prefix : PASSED_OVER) {
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
        } else if (length > 0 && length <= LONGEST_LINE && !passedOver) {
            readLong(open, (int) length);
        }
        line.reset();
        begun = end;
        passedOver = false;
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
