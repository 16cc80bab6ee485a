package phoneopus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.index.JobIndexInspection.State;
import phoneopus.spool.StateDirectory;

class JobIndexInspectionTests {

    @TempDir Path state;

    @Test
    void thoseThatACommandBeganToMakeAndDidNotFinishAreNoneYet() throws Exception {
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isInstanceOf(State.None.class);
        assertThat(look()).isInstanceOf(State.None.class);
    }

    @Test
    void thoseThatHadAJobAndAreEmptyAreDamaged() throws Exception {
        Files.createFile(state.resolve("books.last"));
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isEqualTo(new State.Damaged(file()));
        assertThat(look()).isEqualTo(new State.Damaged(file()));
    }

    @Test
    void thoseThatAreNoDatabaseAreDamaged() throws IOException {
        Files.writeString(file(), "no database".repeat(10_000));

        assertThat(look()).isEqualTo(new State.Damaged(file()));
    }

    private State look() {
        return new JobIndexInspection(state).look();
    }

    private Path file() {
        return database().file();
    }

    private JobIndexDatabase database() {
        return new JobIndexDatabase(new StateDirectory(state));
    }

    private void makeWithoutTables() throws SQLException {
        DriverManager.getConnection(database().url(), "sa", "").close();
    }
}
