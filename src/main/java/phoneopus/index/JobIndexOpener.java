package phoneopus.index;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.files.SharedLock;
import phoneopus.spool.JobId;
import phoneopus.spool.Spool;
import phoneopus.spool.StateDirectory;

/**
 * Opens the index: makes the table where it is new, fills it from the spool where it is not whole,
 * and makes it anew where the file is damaged. One server at a time.
 */
@Component
public class JobIndexOpener {
    private static final Logger log = LoggerFactory.getLogger(JobIndexOpener.class);

    /** The job that was finished in the index last: there once a job was. */
    static final String LAST = "books.last";

    private static final int AT_ONCE = 500;

    /**
     * Of H2's pages, which it would otherwise keep up to a sixteenth of the heap: a list needs few,
     * and a server is to be as small with many jobs as with none.
     */
    private static final DataSize CACHE = DataSize.ofMegabytes(1);

    private final StateDirectory state;
    private final Spool spool;
    private final Clock clock;
    private final SharedLock lock = new SharedLock();

    private volatile @Nullable Object distrusted;

    /** Later this server may hold the file itself, and would close it under all others. */
    private boolean first = true;

    public JobIndexOpener(StateDirectory state, Spool spool, Clock clock) {
        this.state = state;
        this.spool = spool;
        this.clock = clock;
    }

    /** How jobs get into the table. */
    @FunctionalInterface
    public interface Saving {
        void save(List<JobId> ids) throws IOException;
    }

    public void open(Saving saving) throws IOException, InterruptedException {
        JobIndexFile file = new JobIndexFile(state.path());
        lock.hold(
                state.path().resolve("books.lock"),
                () -> {
                    try {
                        file.putOtherKindsAside(clock.millis());
                        if (first) {
                            file.compact();
                            first = false;
                        }
                        if (!whole(file)) {
                            fill(file, saving);
                        }
                        return true;
                    } catch (SQLException e) {
                        throw new IOException(e.getMessage(), e);
                    }
                });
    }

    /**
     * The last job that was finished in the index: a truncated file opens without an error, but
     * without it too.
     */
    public void remember(JobId id) throws IOException {
        DurableFiles.writeLightly(last(), id.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The file that is there is damaged: it is put aside at the next opening. */
    void distrust() {
        try {
            distrusted = new JobIndexFile(state.path()).key();
        } catch (IOException e) {
            log.info("books not looked at: {}", e.getMessage());
        }
    }

    /** Whoever has it open would go on with it. */
    private void replace(JobIndexFile file) throws IOException {
        try (Connection connection = DriverManager.getConnection(file.url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown immediately");
        } catch (SQLException e) {
            log.info("books closed: {}", e.getMessage());
        }
        file.putAside(clock.millis());
    }

    private boolean whole(JobIndexFile file) throws IOException, SQLException {
        // Not one that another server has made anew since.
        if (distrusted != null && distrusted.equals(file.key())) {
            replace(file);
        }
        distrusted = null;
        try {
            return check(file);
        } catch (SQLException e) {
            if (!JobIndexFile.corrupt(e)) {
                throw e;
            }
        }
        try {
            return check(file);
        } catch (SQLException e) {
            if (!JobIndexFile.corrupt(e)) {
                throw e;
            }
            file.putAside(clock.millis());
            return check(file);
        }
    }

    private boolean check(JobIndexFile file) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection(file.url(), "sa", "")) {
            file.makePrivate();
            try (Statement statement = connection.createStatement()) {
                statement.execute("set cache_size " + CACHE.toKilobytes());
            }
            ScriptUtils.executeSqlScript(connection, new ClassPathResource("schema.sql"));
            return some(connection, "select 1 from filled") && hasLast(connection);
        }
    }

    private boolean hasLast(Connection connection) throws IOException, SQLException {
        Optional<JobId> id =
                RegularFiles.exists(last())
                        ? JobId.parse(
                                new String(RegularFiles.read(last()), StandardCharsets.UTF_8)
                                        .strip())
                        : Optional.empty();
        return id.isEmpty()
                || !Files.exists(spool.directory(id.get()))
                || some(connection, "select 1 from job where job_id = '" + id.get() + "'");
    }

    private static boolean some(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private void fill(JobIndexFile file, Saving saving) throws IOException, SQLException {
        List<JobId> all = spool.lastChangedFirst();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            saving.save(all.subList(from, Math.min(from + AT_ONCE, all.size())));
        }
        try (Connection connection = DriverManager.getConnection(file.url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("insert into filled (at_unix_ms) values (" + clock.millis() + ")");
        }
        if (!all.isEmpty()) {
            log.info("books filled with {} jobs from the spool", all.size());
        }
    }

    private Path last() throws IOException {
        return state.path().resolve(LAST);
    }
}
