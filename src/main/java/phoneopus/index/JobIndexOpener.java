package phoneopus.index;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
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
 * Opens the index: creates the table in a new file, fills an incomplete one from the spool, and
 * rebuilds a damaged one. One server at a time.
 */
@Component
public class JobIndexOpener {
    private static final Logger log = LoggerFactory.getLogger(JobIndexOpener.class);

    /** Names the last finished job in the index; the file exists once there was one. */
    static final String LAST = "books.last";

    private static final int AT_ONCE = 500;

    /**
     * The size of H2's page cache, by default up to a sixteenth of the heap. A list needs few
     * pages, and a server should be as small with many jobs as with none.
     */
    private static final DataSize CACHE = DataSize.ofMegabytes(1);

    private final StateDirectory state;
    private final Spool spool;
    private final Clock clock;
    private final SharedLock lock = new SharedLock();

    private volatile @Nullable Object distrusted;

    /**
     * Compact only at the first opening: later this server may hold the file, and would close it
     * for all others.
     */
    private boolean first = true;

    public JobIndexOpener(StateDirectory state, Spool spool, Clock clock) {
        this.state = state;
        this.spool = spool;
        this.clock = clock;
    }

    /** Enters jobs into the table. */
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
     * Records the last finished job in the index: a truncated file opens without an error but lacks
     * that job.
     */
    public void remember(JobId id) throws IOException {
        DurableFiles.writeLightly(last(), id.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Marks the current file as damaged: the next opening sets it aside. */
    void distrust() {
        try {
            distrusted = new JobIndexFile(state.path()).key();
        } catch (IOException e) {
            log.info("could not look at the index: {}", e.getMessage());
        }
    }

    /** Closes the file in the process that has it open, which would otherwise keep using it. */
    private void replace(JobIndexFile file) throws IOException {
        try (Connection connection = DriverManager.getConnection(file.url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown immediately");
        } catch (SQLException e) {
            log.info("index closed: {}", e.getMessage());
        }
        file.putAside(clock.millis());
    }

    private boolean whole(JobIndexFile file) throws IOException, SQLException {
        // Unless another server has rebuilt it since.
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
                || some(connection, "select 1 from job where job_id = ?", id.get().value());
    }

    private static boolean some(Connection connection, String query, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void fill(JobIndexFile file, Saving saving) throws IOException, SQLException {
        List<JobId> all = spool.lastChangedFirst();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            saving.save(all.subList(from, Math.min(from + AT_ONCE, all.size())));
        }
        try (Connection connection = DriverManager.getConnection(file.url(), "sa", "");
                PreparedStatement statement =
                        connection.prepareStatement("insert into filled (at_unix_ms) values (?)")) {
            statement.setLong(1, clock.millis());
            statement.executeUpdate();
        }
        if (!all.isEmpty()) {
            log.info("index filled with {} jobs from the spool", all.size());
        }
    }

    private Path last() throws IOException {
        return state.path().resolve(LAST);
    }
}
