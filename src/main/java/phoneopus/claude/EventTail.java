package phoneopus.claude;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Follows a growing event file: each read takes up where the last one ended, and half a line waits
 * for its rest.
 */
final class EventTail {
    private static final int CHUNK = 64 * 1024;

    /** Bytes of one look, lest a command that writes faster than it is read keeps its reader. */
    private static final long AT_ONCE = 4 * 1024 * 1024;

    /** Bytes of the longest line that is read; what is longer is no event of the command. */
    private static final int LONGEST_LINE = 32 * 1024 * 1024;

    private final Path file;
    private final EventReader events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean overlong;
    private long position;

    EventTail(Path file, EventReader events) {
        this.file = file;
        this.events = events;
    }

    /** Reads what is new, and leaves what is too much for one look to the next. */
    void read() throws IOException {
        read(AT_ONCE);
    }

    private void read(long most) throws IOException {
        long end = position + most;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            while (position < end && channel.read(chunk, position) > 0) {
                position += chunk.position();
                take(chunk.array(), chunk.position());
                chunk.clear();
            }
        } catch (NoSuchFileException _) {
            // The command has not started to write.
        }
    }

    /** Reads the rest, a last line without its line end included. */
    void readToEnd() throws IOException {
        read(Long.MAX_VALUE - position);
        endLine();
    }

    private void take(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, start, i - start);
                endLine();
                start = i + 1;
            }
        }
        append(bytes, start, length - start);
    }

    private void append(byte[] bytes, int start, int length) {
        overlong |= line.size() + length > LONGEST_LINE;
        if (!overlong) {
            line.write(bytes, start, length);
        }
    }

    private void endLine() {
        if (!overlong && line.size() > 0) {
            events.line(line.toByteArray());
        }
        line.reset();
        overlong = false;
    }
}
