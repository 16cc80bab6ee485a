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
 * The database file, shared by all servers of the state directory. Its name contains the versions
 * of the schema and of H2: it is never migrated; a file with a new name is filled from the spool.
 */
final class JobIndexFile {
    private static final Logger log = LoggerFactory.getLogger(JobIndexFile.class);

    private static final int SCHEMA_VERSION = 3;

    /** The file grows with every commit, and a plain close does not shrink it. */
    private static final DataSize WORTH_COMPACTING = DataSize.ofMegabytes(32);

    /** Transient errors: the holder is dying, has died, or is taking over. */
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

    /**
     * Sets other kinds of files aside: H2 would follow a link, and a folder or a pipe would block
     * the index for everybody.
     */
    void putOtherKindsAside(long now) throws IOException {
        for (Path file : otherKinds()) {
            putAside(file, now);
        }
    }

    /** What is in the place of one of its files but is not a regular file. */
    List<Path> otherKinds() {
        return files().stream().filter(RegularFiles::otherKind).toList();
    }

    private List<Path> files() {
        return List.of(file(), base.resolveSibling(base.getFileName() + ".lock.db"));
    }

    /** Makes the files private, whatever the umask was when H2 created them. */
    void makePrivate() throws IOException {
        for (Path made : files()) {
            if (Files.exists(made)) {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    /**
     * The URL. With H2's defaults, acknowledged commits are lost when the process that holds the
     * file is killed.
     */
    String url() {
        return "jdbc:h2:file:"
                + base
                + ";AUTO_SERVER=TRUE;WRITE_DELAY=0;FILE_LOCK=SOCKET;REUSE_SPACE=FALSE;TRACE_LEVEL_FILE=0";
    }

    /** A URL for reading while nobody has the file open: takes no lock and changes nothing. */
    String readOnlyUrl() {
        return "jdbc:h2:file:" + base + ";ACCESS_MODE_DATA=r;FILE_LOCK=NO;TRACE_LEVEL_FILE=0";
    }

    /** Whether a process has it open or died with it open. */
    boolean inUse() {
        return Files.exists(base.resolveSibling(base.getFileName() + ".lock.db"));
    }

    /**
     * Compacts the file if that is worthwhile and no process has it open. This process must not
     * have it open either: H2 would join that database and close it.
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
            log.info("index not compacted, it is in use: {}", e.getErrorCode());
        }
    }

    /** Sets an unreadable file aside for inspection. Nothing is lost: the spool has everything. */
    void putAside(long now) throws IOException {
        putAside(file(), now);
    }

    private static void putAside(Path file, long now) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path aside = file.resolveSibling(name.replace(".mv.db", "") + ".corrupt-" + now);
        DurableFiles.move(file, aside);
        log.warn(
                "index unreadable, set aside as {} and rebuilt from the spool",
                aside.getFileName());
    }

    static boolean passing(SQLException e) {
        return PASSING.contains(e.getErrorCode());
    }

    /** H2 reports a missing or damaged part of the file as a general error. */
    static boolean corrupt(SQLException e) {
        return e.getErrorCode() == ErrorCode.FILE_CORRUPTED_1
                || e.getErrorCode() == ErrorCode.GENERAL_ERROR_1
                || (e.getErrorCode() == ErrorCode.IO_EXCEPTION_1 && causedByEnd(e));
    }

    /** Identifies this file among others of its name; null if there is none. */
    @Nullable Object key() throws IOException {
        return Files.exists(file())
                ? Files.readAttributes(file(), BasicFileAttributes.class).fileKey()
                : null;
    }

    /** Whether the failure is from a damaged file, which opens but cannot be read completely. */
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
