package phoneopus.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.files.UserHome;

/**
 * Where everything is kept that must outlive a server. Several servers share it.
 *
 * @param stateDir absent: {@code $XDG_STATE_HOME/phone_opus}, else {@code
 *     ~/.local/state/phone_opus}
 */
@ConfigurationProperties("phone-opus")
public record StateDirectory(@Nullable Path stateDir) {
    /** The directories of the jobs, and the list of those that are not over. */
    private static final Set<String> JOBS = Set.of("spool", "open");

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

    /**
     * A directory in it, there and private. What is no directory is put aside first.
     *
     * @throws FileSystemException where it is in the place of the jobs themselves, which would be
     *     gone without them: a person is to look at it
     */
    public Path folder(String name) throws IOException {
        Path folder = path().resolve(name);
        if (JOBS.contains(name) && RegularFiles.noDirectory(folder)) {
            String what = Files.isSymbolicLink(folder) ? "a symbolic link" : "no directory";
            throw new FileSystemException(folder.toString(), null, name + " in it is " + what);
        }
        DurableFiles.putAsideUnlessDirectory(folder);
        DurableFiles.createDirectories(folder);
        return folder;
    }

    /** Deletes the files of that directory that were last changed before. */
    void deleteUnchangedSince(String name, long unixMs) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(name))) {
            for (Path file : files) {
                if (RegularFiles.exists(file)
                        && Files.getLastModifiedTime(file).toMillis() < unixMs) {
                    DurableFiles.delete(file);
                }
            }
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
