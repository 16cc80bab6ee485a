package phoneopus.setup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.files.DurableFiles;

/**
 * A client's configuration file. The client and other phone-opus processes may write it at the same
 * time. It is replaced atomically, and keeps its owner, its permissions and the links to it.
 */
public final class ConfigurationFile {
    /** The file may contain keys. */
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    private static final int ATTEMPTS = 20;
    private static final String BACKUP = ".before-phone-opus";

    private final Path path;

    /**
     * The file cannot be parsed or cannot be edited safely. The message is a predicate: the caller
     * puts the file's path before it.
     */
    public static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String why) {
            super(why);
        }
    }

    ConfigurationFile(Path path) {
        this.path = path;
    }

    /** A change to the file. */
    @FunctionalInterface
    interface Change {
        /**
         * Returns the new content.
         *
         * @param text the current content; null if there is no file
         */
        Next of(@Nullable String text) throws IOException;
    }

    /**
     * The result of a change.
     *
     * @param text the new content; null deletes the file
     * @param keepOld whether to keep a copy of the old content
     */
    record Next(@Nullable String text, boolean keepOld) {}

    /** Returns empty if there is no file. */
    Optional<String> read() throws IOException {
        Path real = real();
        return Files.exists(real) ? Optional.of(text(Files.readAllBytes(real))) : Optional.empty();
    }

    /** The content from before our entry was added; empty if there is no backup. */
    Optional<String> readBackup() throws IOException {
        return Files.isRegularFile(backup())
                ? Optional.of(text(Files.readAllBytes(backup())))
                : Optional.empty();
    }

    Path backup() throws IOException {
        Path real = real();
        return real.resolveSibling(real.getFileName() + BACKUP);
    }

    void forgetBackup() throws IOException {
        Files.deleteIfExists(backup());
    }

    /** Applies the change once, to the current content. */
    void change(Change change) throws IOException {
        synchronized (ConfigurationFile.class) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (changed(change)) {
                    return;
                }
            }
        }
        throw new IOException("another program keeps changing it");
    }

    private boolean changed(Change change) throws IOException {
        Path real = real();
        if (!Files.exists(real)) {
            String wanted = change.of(null).text();
            return wanted == null || created(real, bytes(wanted));
        }
        if (!Files.isRegularFile(real)) {
            throw new IOException("it is not a file");
        }
        try {
            return changed(real, change);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private boolean changed(Path real, Change change) throws IOException {
        Object file = identity(real);
        // The lock excludes other phone-opus processes; clients do not take it. It is released as
        // soon as this process closes the file anywhere, so everything is read through this
        // channel.
        try (FileChannel channel =
                        FileChannel.open(real, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            byte[] old = content(channel);
            if (!file.equals(identity(real))) {
                return false;
            }
            Next next = change.of(text(old));
            byte[] wanted = next.text() == null ? null : bytes(next.text());
            if (Arrays.equals(wanted, old)) {
                return true;
            }
            if (next.keepOld()) {
                replace(backup(), written(real, old));
            }
            Path fresh = wanted == null ? null : written(real, wanted);
            try {
                if (!file.equals(identity(real)) || !Arrays.equals(old, content(channel))) {
                    return false;
                }
                if (fresh == null) {
                    Files.delete(real);
                } else {
                    replace(real, fresh);
                }
                return true;
            } finally {
                if (fresh != null) {
                    Files.deleteIfExists(fresh);
                }
            }
        }
    }

    private static boolean created(Path real, byte[] content) throws IOException {
        Path parent = real.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        return DurableFiles.writeFirst(real, content);
    }

    private static void replace(Path file, Path temporary) throws IOException {
        try {
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    private static byte[] content(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (content.hasRemaining() && channel.read(content, content.position()) > 0) {
            // Read to the end.
        }
        return Arrays.copyOf(content.array(), content.position());
    }

    /** Writes and syncs a file beside the given one, with the same owner and permissions. */
    private static Path written(Path beside, byte[] content) throws IOException {
        Path temporary =
                beside.resolveSibling("." + beside.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PRIVATE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            likeThat(beside, temporary);
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    private static void likeThat(Path model, Path file) throws IOException {
        PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView made =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes is = made.readAttributes();
        if (!is.owner().equals(wanted.owner())) {
            made.setOwner(wanted.owner());
        }
        if (!is.group().equals(wanted.group())) {
            made.setGroup(wanted.group());
        }
        made.setPermissions(wanted.permissions());
    }

    /** The target of the links, which need not exist. */
    private Path real() throws IOException {
        Path real = path.toAbsolutePath();
        for (int hops = 0; Files.isSymbolicLink(real); hops++) {
            if (hops == ATTEMPTS) {
                throw new IOException("its links form a loop");
            }
            real = real.resolveSibling(Files.readSymbolicLink(real));
        }
        return real;
    }

    private static String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException _) {
            throw new MalformedException("is not UTF-8 text");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
