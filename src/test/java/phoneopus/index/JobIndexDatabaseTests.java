package phoneopus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.h2.engine.Constants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.job.OtherJvm;
import phoneopus.job.WiredServer;
import phoneopus.spool.StateDirectory;

@Timeout(60)
class JobIndexDatabaseTests {

    private static final long WORTH_IT = 32 * 1024 * 1024;

    @TempDir Path folder;
    JobIndexDatabase index;
    Path file;

    @BeforeEach
    void name() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        index = new JobIndexDatabase(new StateDirectory(folder));
        file = folder.resolve("books-3-" + Constants.VERSION + ".mv.db");
    }

    @Test
    void aLargeFileIsShrunkAndKeepsItsRows() throws Exception {
        fill();
        long before = Files.size(file);

        index.compact();

        assertThat(before).isGreaterThan(WORTH_IT);
        assertThat(Files.size(file)).isLessThan(before / 10);
        assertThat(kept()).isEqualTo(7);
    }

    @Test
    void aLargeFileThatAnotherProcessUsesIsLeftAsItIs() throws Exception {
        fill();
        var ready = folder.resolve("ready");
        var release = folder.resolve("release");
        var other =
                OtherJvm.start(
                        folder.resolve("output"),
                        "occupy",
                        index.url(),
                        ready.toString(),
                        release.toString());
        try {
            await().atMost(WiredServer.LONG).until(() -> Files.exists(ready));

            index.compact();

            assertThat(Files.size(file)).isGreaterThan(WORTH_IT);
            assertThat(kept()).isEqualTo(7);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void onlyTheFirstOpeningOfAServerShrinksThem() throws Exception {
        var server = new WiredServer(folder, Path.of("/bin/true"), Map.of());
        server.opening.open(server.indexer::enterAll);
        try (var user = open()) {
            fill();

            server.opening.open(server.indexer::enterAll);

            assertThat(user.isValid(5)).isTrue();
            assertThat(Files.size(file)).isGreaterThan(WORTH_IT);
        } finally {
            server.connections.close();
        }
    }

    @Test
    void aSmallFileIsLeftAsItIsAndNoneIsMade() throws Exception {
        index.compact();
        assertThat(file).doesNotExist();
        Files.writeString(file, "no database");

        index.compact();

        assertThat(file).hasContent("no database");
    }

    /** Much that is no longer there, as after many commits, and one row. */
    private void fill() throws SQLException {
        try (var connection = open();
                var statement = connection.createStatement()) {
            statement.execute("create table kept as select 7 as number");
            for (int i = 0; i < 5; i++) {
                statement.execute(
                        "create table gone as select secure_rand(1000000) as noise from"
                                + " system_range(1, 8)");
                statement.execute("drop table gone");
            }
        }
    }

    private int kept() throws SQLException, IOException {
        try (var connection = open();
                var rows = connection.createStatement().executeQuery("select number from kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection(index.url(), "sa", "");
    }
}
