package phoneopus.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Writes files atomically and durably, private to the user whatever the umask: they are written
 * beside their place, synced, then renamed or linked into it. Everything stored goes through here,
 * so that a test can record it and cut it off anywhere.
 */
public final class DurableFiles {
    private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

    /** The names of temporary files by {@link #writeBeside}. */
    private static final Pattern BESIDE =
            Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DurableFiles() {}

    /** Writes the file and replaces an existing one. */
    public static void write(Path file, byte[] content) throws IOException {
        replace(file, writeBeside(file, content, true));
        sync(parentOf(file));
    }

    /**
     * Writes the file unless it exists: of several writers in any processes, exactly one succeeds.
     *
     * @return whether this call wrote it
     */
    public static boolean writeFirst(Path file, byte[] content) throws IOException {
        Path temporary = writeBeside(file, content, true);
        try {
            putAsideUnlessRegular(file);
            Files.createLink(file, temporary);
            sync(parentOf(file));
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Creates the directory and its parents with mode 0700. An existing one is unchanged. */
    public static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
            sync(parentOf(directory));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Writes a file that a power cut may lose: atomic and private, but not synced. */
    public static void writeLightly(Path file, byte[] content) throws IOException {
        replace(file, writeBeside(file, content, false));
    }

    /**
     * Moves a file or directory, and sets aside what is in its new place. After this returns, a
     * power cut leaves it only in its new place.
     */
    public static void move(Path from, Path to) throws IOException {
        if (RegularFiles.taken(from) && RegularFiles.taken(to)) {
            putAside(to);
        }
        rename(from, to);
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(parentOf(to));
        if (!parentOf(from).equals(parentOf(to))) {
            sync(parentOf(from));
        }
    }

    /**
     * Deletes the file if it exists. Not synced: after a power cut it may exist again, and whoever
     * finds it deletes it again.
     */
    public static void delete(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            putAside(file);
        } else {
            Files.deleteIfExists(file);
        }
    }

    /** Sets aside anything in the place of a directory that is not a directory. */
    public static void putAsideUnlessDirectory(Path place) throws IOException {
        putAsideUnless(place, there -> !RegularFiles.noDirectory(there));
    }

    private static void putAsideUnlessRegular(Path place) throws IOException {
        putAsideUnless(place, there -> !RegularFiles.otherKind(there));
    }

    private static void putAsideUnless(Path place, Predicate<Path> right) throws IOException {
        if (!right.test(place)) {
            Path aside = putAside(place);
            if (RegularFiles.taken(aside) && right.test(aside)) {
                // Another server has fixed it in the meantime.
                putBack(aside, place);
            }
        }
    }

    /** Puts it back unless a third server has written there meanwhile: the newest content stays. */
    private static void putBack(Path aside, Path place) throws IOException {
        if (RegularFiles.noDirectory(aside)) {
            try {
                Files.createLink(place, aside);
                sync(parentOf(place));
            } catch (FileAlreadyExistsException _) {
                log.info("{} was rewritten meanwhile", place);
            }
            Files.deleteIfExists(aside);
        } else {
            // The system refuses to replace a directory that is not empty.
            rename(aside, place);
        }
    }

    /**
     * Renames it to {@code NAME.damaged.NUMBER} for inspection. The target of a link is not
     * touched.
     */
    private static Path putAside(Path place) throws IOException {
        Path aside = place.resolveSibling(place.getFileName() + ".damaged." + System.nanoTime());
        try {
            rename(place, aside);
            log.warn("set aside as {}", aside);
        } catch (NoSuchFileException _) {
            // Another server renamed it first.
        }
        return aside;
    }

    /** Deletes the directory and its content; not synced, like {@link #delete}. */
    public static void deleteTree(Path directory) throws IOException {
        if (RegularFiles.noDirectory(directory)) {
            delete(directory);
            return;
        }
        while (true) {
            try {
                FileSystemUtils.deleteRecursively(directory);
                return;
            } catch (NoSuchFileException _) {
                // Another process is deleting it, too.
            }
        }
    }

    /** Deletes temporary files from before that time, left by processes that were killed. */
    public static void sweep(Path folder, Instant before) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*")) {
            for (Path file : files) {
                if (BESIDE.matcher(String.valueOf(file.getFileName())).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Opens a file that is only locked, never written. */
    public static FileChannel openLock(Path file) throws IOException {
        putAsideUnlessRegular(file);
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PRIVATE_FILE);
    }

    private static void replace(Path file, Path temporary) throws IOException {
        try {
            putAsideUnlessRegular(file);
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path writeBeside(Path file, byte[] content, boolean synced) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PRIVATE_FILE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (synced) {
                channel.force(true);
            }
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parentOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no file: " + file);
        }
        return parent;
    }
}
