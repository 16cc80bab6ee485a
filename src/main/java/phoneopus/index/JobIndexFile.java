package phoneopus.index;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.engine.Constants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;

/**
 * The database file, shared by all servers of the state directory. Its name carries the versions of
 * schema and H2: it is never migrated, a new name is filled from the spool.
 */
final class JobIndexFile {
    private static final Logger log = LoggerFactory.getLogger(JobIndexFile.class);

    private static final int SCHEMA_VERSION = 3;

    /** The file grows with every commit and a plain close does not shrink it. */
    private static final DataSize WORTH_COMPACTING = DataSize.ofMegabytes(32);

    /** The holder is dying, has died, or is just taking over. */
    private static final Set<Integer> PASSING =
            Set.of(
                    ErrorCode.ERROR_OPENING_DATABASE_1,
                    ErrorCode.DATABASE_ALREADY_OPEN_1,
                    ErrorCode.CONNECTION_BROKEN_1,
                    ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
                    ErrorCode.DATABASE_IS_CLOSED);

    private final Path base;

    JobIndexFile(Path stateDirectory) {
        base = stateDirectory.resolve("books-" + SCHEMA_VERSION + "-" + Constants.VERSION);
    }

    /** H2 would follow a link, and a folder or a pipe would keep everybody from the index. */
    void putOtherKindsAside(long now) throws IOException {
        for (Path file : otherKinds()) {
            putAside(file, now);
        }
    }

    /** What is in the place of a file of it, and is none. */
    List<Path> otherKinds() {
        return files().stream().filter(RegularFiles::otherKind).toList();
    }

    private List<Path> files() {
        return List.of(file(), base.resolveSibling(base.getFileName() + ".lock.db"));
    }

    /** Whatever the umask was when H2 made it. */
    void makePrivate() throws IOException {
        for (Path made : files()) {
            if (Files.exists(made)) {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    /**
     * With H2's defaults commits that were acknowledged get lost when the process that holds the
     * file is killed.
     */
    String url() {
        return "jdbc:h2:file:"
                + base
                + ";AUTO_SERVER=TRUE;WRITE_DELAY=0;FILE_LOCK=SOCKET;REUSE_SPACE=FALSE;TRACE_LEVEL_FILE=0";
    }

    /** For a look while nobody has it open: makes no lock, and changes nothing. */
    String readOnlyUrl() {
        return "jdbc:h2:file:" + base + ";ACCESS_MODE_DATA=r;FILE_LOCK=NO;TRACE_LEVEL_FILE=0";
    }

    /** Whether somebody has it open, or has died with it open. */
    boolean inUse() {
        return Files.exists(base.resolveSibling(base.getFileName() + ".lock.db"));
    }

    /**
     * Shrinks it, where that is worth it and no other process has it open. Not where this one has:
     * H2 would let it in, and close it.
     */
    void compact() throws IOException {
        if (RegularFiles.size(file()) < WORTH_COMPACTING.toBytes()) {
            return;
        }
        try (Connection alone =
                        DriverManager.getConnection(
                                "jdbc:h2:file:" + base + ";FILE_LOCK=SOCKET", "sa", "");
                Statement statement = alone.createStatement()) {
            statement.execute("shutdown compact");
        } catch (SQLException e) {
            log.info("books not compacted, somebody uses them: {}", e.getErrorCode());
        }
    }

    /**
     * Puts a file that cannot be read aside, where somebody may look at it. Nothing is lost: the
     * spool has it all.
     */
    void putAside(long now) throws IOException {
        putAside(file(), now);
    }

    private static void putAside(Path file, long now) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path aside = file.resolveSibling(name.replace(".mv.db", "") + ".corrupt-" + now);
        DurableFiles.move(file, aside);
        log.warn(
                "books unreadable, put aside as {} and made anew from the spool",
                aside.getFileName());
    }

    static boolean passing(SQLException e) {
        return PASSING.contains(e.getErrorCode());
    }

    /** A part of the file that is missing or is noise is a general error to H2. */
    static boolean corrupt(SQLException e) {
        return e.getErrorCode() == ErrorCode.FILE_CORRUPTED_1
                || e.getErrorCode() == ErrorCode.GENERAL_ERROR_1
                || (e.getErrorCode() == ErrorCode.IO_EXCEPTION_1 && causedByEnd(e));
    }

    /** What tells it from another of its name; null where there is none. */
    @Nullable Object key() throws IOException {
        return Files.exists(file())
                ? Files.readAttributes(file(), BasicFileAttributes.class).fileKey()
                : null;
    }

    /** Whether it comes from a damaged file, which opens and cannot be read whole. */
    static boolean corrupt(@Nullable Throwable failure) {
        return failure != null
                && ((failure instanceof SQLException sql && corrupt(sql))
                        || corrupt(failure.getCause()));
    }

    private static boolean causedByEnd(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    Path file() {
        return base.resolveSibling(base.getFileName() + ".mv.db");
    }
}
