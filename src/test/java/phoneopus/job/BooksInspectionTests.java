package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.job.BooksInspection.Books;

class BooksInspectionTests {

    @TempDir Path state;

    @Test
    void thoseThatACommandBeganToMakeAndDidNotFinishAreNoneYet() throws Exception {
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isInstanceOf(Books.None.class);
        assertThat(look()).isInstanceOf(Books.None.class);
    }

    @Test
    void thoseThatHadAJobAndAreEmptyAreDamaged() throws Exception {
        Files.createFile(state.resolve(BooksOpening.LAST));
        Files.createFile(file());
        var empty = look();
        Files.delete(file());
        makeWithoutTables();

        assertThat(empty).isEqualTo(new Books.Damaged(file()));
        assertThat(look()).isEqualTo(new Books.Damaged(file()));
    }

    @Test
    void thoseThatAreNoDatabaseAreDamaged() throws IOException {
        Files.writeString(file(), "no database".repeat(10_000));

        assertThat(look()).isEqualTo(new Books.Damaged(file()));
    }

    private Books look() {
        return new BooksInspection(state).look();
    }

    private Path file() {
        return new BooksFile(state).file();
    }

    private void makeWithoutTables() throws SQLException {
        DriverManager.getConnection(new BooksFile(state).url(), "sa", "").close();
    }
}
