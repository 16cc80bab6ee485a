package phoneopus.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import phoneopus.files.DurableFiles;
import phoneopus.files.UserHome;

/**
 * Where everything is kept that must outlive a server. Several servers share it.
 *
 * @param stateDir absent: {@code $XDG_STATE_HOME/phone_opus}, else {@code
 *     ~/.local/state/phone_opus}
 */
@ConfigurationProperties("phone-opus")
public record StateDirectory(@Nullable Path stateDir) {

    /**
     * The directory, there and private to the user.
     *
     * @throws FileSystemException where somebody else made it, or the link that leads there
     */
    public Path path() throws IOException {
        Path path = location();
        DurableFiles.createDirectories(path);
        if (!own(path, LinkOption.NOFOLLOW_LINKS) || (Files.isSymbolicLink(path) && !own(path))) {
            throw new FileSystemException(path.toString(), null, "it belongs to another user");
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        return path;
    }

    /** A directory in it, there and private. */
    public Path folder(String name) throws IOException {
        Path folder = path().resolve(name);
        DurableFiles.createDirectories(folder);
        refuseLink(folder);
        return folder;
    }

    /** Deletes the files of that directory that were last changed before. */
    void deleteUnchangedSince(String name, long unixMs) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toMillis() < unixMs) {
                    DurableFiles.delete(file);
                }
            }
        }
    }

    /** What somebody planted would lead elsewhere what is to be private here. */
    public static void refuseLink(Path path) throws FileSystemException {
        if (Files.isSymbolicLink(path)) {
            throw new FileSystemException(
                    path.toString(), null, path.getFileName() + " in it is a symbolic link");
        }
    }

    private static boolean own(Path path, LinkOption... how) throws IOException {
        return Files.getAttribute(path, "unix:uid", how).equals(User.ID);
    }

    /** Who this process runs as, asked once: the directory is looked at again and again. */
    private static final class User {
        static final Object ID = id();

        private static Object id() {
            try {
                return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where it is, or will be. */
    public Path location() {
        return located().toAbsolutePath().normalize();
    }

    private Path located() {
        if (stateDir != null) {
            return UserHome.expand(stateDir);
        }
        String state = System.getenv("XDG_STATE_HOME");
        return (state == null || state.isBlank()
                        ? UserHome.path().resolve(".local/state")
                        : Path.of(state))
                .resolve("phone_opus");
    }
}
