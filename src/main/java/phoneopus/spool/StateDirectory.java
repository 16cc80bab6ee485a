package phoneopus.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.files.UserHome;

/**
 * The directory of everything that must outlive a server. Several servers share it.
 *
 * @param stateDir if absent, {@code $XDG_STATE_HOME/phone_opus}, else {@code
 *     ~/.local/state/phone_opus}
 */
@ConfigurationProperties("phone-opus")
public record StateDirectory(@Nullable Path stateDir) {
    /** The folders of the jobs and of the open list. */
    private static final Set<String> JOBS = Set.of("spool", "open");

    /**
     * The directory; created if necessary, and private to the user.
     *
     * @throws FileSystemException if it or a link to it belongs to another user
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

    /**
     * A folder in it; created if necessary, and private. Anything else in its place is set aside
     * first.
     *
     * @throws FileSystemException if something is in the place of the jobs' own folders, since
     *     setting it aside might lose them
     */
    public Path folder(String name) throws IOException {
        Path folder = path().resolve(name);
        if (JOBS.contains(name) && RegularFiles.noDirectory(folder)) {
            String what = Files.isSymbolicLink(folder) ? "a symbolic link" : "not a directory";
            throw new FileSystemException(folder.toString(), null, name + " in it is " + what);
        }
        DurableFiles.putAsideUnlessDirectory(folder);
        DurableFiles.createDirectories(folder);
        return folder;
    }

    /** Deletes the files in that folder that were last changed before that time. */
    void deleteUnchangedSince(String name, Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
            for (Path file : files) {
                if (RegularFiles.exists(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    DurableFiles.delete(file);
                }
            }
        }
    }

    private static boolean own(Path path, LinkOption... how) throws IOException {
        return Files.getAttribute(path, "unix:uid", how).equals(User.ID);
    }

    /** The user of this process; looked up once, since the directory is checked often. */
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

    /** Its path, whether it exists or not. */
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
