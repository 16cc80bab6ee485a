package phoneopus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.index.JobIndexInspection.JobIndex;

class JobIndexInspectionTests {

    @TempDir Path state;

    @Test
    void thoseThatACommandBeganToMakeAndDidNotFinishAreNoneYet() throws Exception {
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isInstanceOf(JobIndex.None.class);
        assertThat(look()).isInstanceOf(JobIndex.None.class);
    }

    @Test
    void thoseThatHadAJobAndAreEmptyAreDamaged() throws Exception {
        Files.createFile(state.resolve(JobIndexOpener.LAST));
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isEqualTo(new JobIndex.Damaged(file()));
        assertThat(look()).isEqualTo(new JobIndex.Damaged(file()));
    }

    @Test
    void thoseThatAreNoDatabaseAreDamaged() throws IOException {
        Files.writeString(file(), "no database".repeat(10_000));

        assertThat(look()).isEqualTo(new JobIndex.Damaged(file()));
    }

    private JobIndex look() {
        return new JobIndexInspection(state).look();
    }

    private Path file() {
        return new JobIndexFile(state).file();
    }

    private void makeWithoutTables() throws SQLException {
        DriverManager.getConnection(new JobIndexFile(state).url(), "sa", "").close();
    }
}
