package phoneopus.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.h2.engine.Constants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.dialect.JdbcH2Dialect;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.unit.DataSize;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.spool.JobId;
import phoneopus.spool.StateDirectory;

/**
 * The database: one file, shared by all servers of the state directory. Its name contains the
 * versions of the schema and of H2: it is never migrated; a file with a new name is filled from the
 * spool.
 */
final class JobIndexDatabase {
    static final String USER = "sa";
    static final String PASSWORD = "";
    static final JdbcDialect DIALECT = JdbcH2Dialect.INSTANCE;

    private static final Logger log = LoggerFactory.getLogger(JobIndexDatabase.class);

    private static final int SCHEMA_VERSION = 3;

    /** The file grows with every commit, and a plain close does not shrink it. */
    private static final DataSize WORTH_COMPACTING = DataSize.ofMegabytes(32);

    /**
     * The size of H2's page cache, by default up to a sixteenth of the heap. A list needs few
     * pages, and a server should be as small with many jobs as with none.
     */
    private static final DataSize CACHE = DataSize.ofMegabytes(1);

    private final Path base;

    JobIndexDatabase(StateDirectory state) {
        base = state.location().resolve("books-" + SCHEMA_VERSION + "-" + Constants.VERSION);
    }

    Path file() {
        return base.resolveSibling(base.getFileName() + ".mv.db");
    }

    private Path lock() {
        return base.resolveSibling(base.getFileName() + ".lock.db");
    }

    /** Names the last finished job in the index; the file exists once there was one. */
    Path last() {
        return base.resolveSibling("books.last");
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
    private String readOnlyUrl() {
        return "jdbc:h2:file:" + base + ";ACCESS_MODE_DATA=r;FILE_LOCK=NO;TRACE_LEVEL_FILE=0";
    }

    /** A connection of its own, opened by its first statement. */
    private static SingleConnectionDataSource connection(String url) {
        return new SingleConnectionDataSource(url, USER, PASSWORD, false);
    }

    private static void execute(String url, String statement, Object... values) {
        try (SingleConnectionDataSource connection = connection(url)) {
            JdbcClient.create(connection).sql(statement).params(values).update();
        }
    }

    /**
     * Opens the database and creates the tables it lacks.
     *
     * @param last a job that a complete table contains; null if there is none
     * @return whether the table is complete
     */
    boolean open(@Nullable JobId last) throws IOException {
        try (SingleConnectionDataSource connection = connection(url())) {
            JdbcClient sql = JdbcClient.create(connection);
            sql.sql("set cache_size " + CACHE.toKilobytes()).update();
            makePrivate();
            new ResourceDatabasePopulator(new ClassPathResource("schema.sql")).execute(connection);
            return sql.sql("select exists (select 1 from filled)").query(Boolean.class).single()
                    && (last == null
                            || sql.sql("select exists (select 1 from job where job_id = ?)")
                                    .param(last.value())
                                    .query(Boolean.class)
                                    .single());
        }
    }

    /** Makes the files private, whatever the umask was when H2 created them. */
    private void makePrivate() throws IOException {
        for (Path made : List.of(file(), lock())) {
            if (Files.exists(made)) {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    /** Records that every job of the spool has been indexed. */
    void markFilled(long now) {
        execute(url(), "insert into filled (at_unix_ms) values (?)", now);
    }

    /**
     * Counts the jobs.
     *
     * @param shared whether a process has it open; otherwise it is only read
     */
    long count(boolean shared) {
        try (SingleConnectionDataSource connection = connection(shared ? url() : readOnlyUrl())) {
            return JdbcClient.create(connection)
                    .sql("select count(*) from job")
                    .query(Long.class)
                    .single();
        }
    }

    /** Whether a process has it open or died with it open. */
    boolean inUse() {
        return Files.exists(lock());
    }

    /**
     * Compacts the file if that is worthwhile and no process has it open. This process must not
     * have it open either: H2 would join that database and close it.
     */
    void compact() throws IOException {
        if (RegularFiles.size(file()) < WORTH_COMPACTING.toBytes()) {
            return;
        }
        try {
            execute("jdbc:h2:file:" + base + ";FILE_LOCK=SOCKET", "shutdown compact");
        } catch (DataAccessException e) {
            log.info(
                    "index not compacted, it is in use: {}", e.getMostSpecificCause().getMessage());
        }
    }

    /**
     * What is in the place of one of its files but is not a regular file. H2 would follow a link,
     * and a folder or a pipe would block the index for everybody.
     */
    List<Path> otherKinds() {
        return Stream.of(file(), lock()).filter(RegularFiles::otherKind).toList();
    }

    /**
     * Makes room for a new file. The process that has the damaged one open would keep using it, so
     * it is closed there first.
     */
    void replace(long now) throws IOException {
        try {
            execute(url(), "shutdown immediately");
        } catch (DataAccessException e) {
            log.info("index closed: {}", e.getMostSpecificCause().getMessage());
        }
        putAside(file(), now);
    }

    /** Sets a file aside for inspection. Nothing is lost: the spool has everything. */
    static void putAside(Path file, long now) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path aside = file.resolveSibling(name.replace(".mv.db", "") + ".corrupt-" + now);
        DurableFiles.move(file, aside);
        log.warn(
                "index unreadable, set aside as {} and rebuilt from the spool",
                aside.getFileName());
    }

    /** Identifies this file among others of its name; null if there is none. */
    @Nullable Object key() throws IOException {
        return Files.exists(file())
                ? Files.readAttributes(file(), BasicFileAttributes.class).fileKey()
                : null;
    }
}
