package phoneopus.files;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Files of the kind that is written here: regular ones. A link in the place of one leads to what is
 * not ours, a pipe keeps its reader for ever, a device never ends. Whoever reads by this class
 * finds no file there, and neither follows nor opens it; {@link DurableFiles} puts it aside before
 * it writes.
 */
public final class RegularFiles {
    private RegularFiles() {}

    /** Whether there is one. */
    public static boolean exists(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether there is anything, of whatever kind: also a link that leads nowhere. */
    public static boolean taken(Path place) {
        return Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether something other than a regular file is there. By one look: another server may make
     * the file, or remove it, between two.
     */
    public static boolean otherKind(Path place) {
        try {
            return !attributes(place).isRegularFile();
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether something other than a directory is there, by one look. */
    public static boolean noDirectory(Path place) {
        try {
            return !attributes(place).isDirectory();
        } catch (IOException _) {
            return false;
        }
    }

    /** Bytes of it; 0 where there is none. */
    public static long size(Path file) {
        try {
            BasicFileAttributes there = attributes(file);
            return there.isRegularFile() ? there.size() : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    /**
     * Opens it to be read.
     *
     * @throws NoSuchFileException also where something of another kind is there
     */
    public static FileChannel open(Path file) throws IOException {
        if (!attributes(file).isRegularFile()) {
            throw new NoSuchFileException(file.toString(), null, "it is no regular file");
        }
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * All that is in it.
     *
     * @throws NoSuchFileException also where something of another kind is there
     */
    public static byte[] read(Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            return Channels.newInputStream(channel).readAllBytes();
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
