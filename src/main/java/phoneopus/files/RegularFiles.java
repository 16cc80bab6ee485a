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
 * Reads regular files, the only kind written here. A link in the place of one leads to a file that
 * is not ours, a pipe blocks its reader forever, a device never ends. This class treats them as
 * missing and neither follows nor opens them; {@link DurableFiles} sets them aside before it
 * writes.
 */
public final class RegularFiles {
    private RegularFiles() {}

    /** Whether it is a regular file. */
    public static boolean exists(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether anything exists there, of any kind, including a broken link. */
    public static boolean taken(Path place) {
        return Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether something other than a regular file is there. Checks once: another server could
     * create or delete the file between two checks.
     */
    public static boolean otherKind(Path place) {
        try {
            return !attributes(place).isRegularFile();
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether something other than a directory is there; checks once. */
    public static boolean noDirectory(Path place) {
        try {
            return !attributes(place).isDirectory();
        } catch (IOException _) {
            return false;
        }
    }

    /** Its size in bytes; 0 if there is none. */
    public static long size(Path file) {
        try {
            BasicFileAttributes there = attributes(file);
            return there.isRegularFile() ? there.size() : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    /**
     * Opens it for reading.
     *
     * @throws NoSuchFileException also if it is not a regular file
     */
    public static FileChannel open(Path file) throws IOException {
        if (!attributes(file).isRegularFile()) {
            throw new NoSuchFileException(file.toString(), null, "it is not a regular file");
        }
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Its content.
     *
     * @throws NoSuchFileException also if it is not a regular file
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
