package phoneopus.disk;

import java.nio.file.Path;

/** One step of what is written. Paths are relative to the root of the {@link Recording}. */
public sealed interface Operation {

    /** A new, empty file. */
    record Create(Path file) implements Operation {}

    /** Bytes of a file, from that position on. */
    record Write(Path file, int at, byte[] bytes) implements Operation {
        @Override
        public String toString() {
            return "Write[file=%s, at=%d, bytes=%d]".formatted(file, at, bytes.length);
        }
    }

    record Truncate(Path file) implements Operation {}

    record MakeDirectory(Path directory) implements Operation {}

    record Link(Path file, Path link) implements Operation {}

    record Rename(Path from, Path to) implements Operation {}

    /** A file or an empty directory goes. */
    record Remove(Path path) implements Operation {}

    /** The content of a file, or the entries of a directory, are on the disk. */
    record Sync(Path path) implements Operation {}

    /**
     * A commit of the database.
     *
     * @param content the whole file, which only grows
     */
    record Commit(Path file, byte[] content) implements Operation {
        @Override
        public String toString() {
            return "Commit[file=%s, bytes=%d]".formatted(file, content.length);
        }
    }

    /** Nothing is written, but somebody was told something that is to stay true. */
    record Told(Object fact) implements Operation {}
}
