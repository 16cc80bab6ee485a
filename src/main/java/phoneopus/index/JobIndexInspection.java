package phoneopus.index;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.h2.api.ErrorCode;

/** Inspects the index without changing it. */
public final class JobIndexInspection {
    private final Path stateDirectory;

    public JobIndexInspection(Path stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    /** The state of the index. */
    public sealed interface JobIndex {
        /** There is none yet, or a process ended before it had created it. */
        record None() implements JobIndex {}

        /**
         * It can be read.
         *
         * @param shared whether a server has it open
         */
        record Sound(long consults, boolean shared) implements JobIndex {}

        /** It cannot be read; the next start rebuilds it. */
        record Damaged(Path file) implements JobIndex {}

        /**
         * It does not answer.
         *
         * @param why H2's message
         */
        record Silent(String why) implements JobIndex {}
    }

    /** Inspects it. */
    public JobIndex look() {
        JobIndexFile file = new JobIndexFile(stateDirectory);
        List<Path> otherKinds = file.otherKinds();
        if (!otherKinds.isEmpty()) {
            return new JobIndex.Damaged(otherKinds.getFirst());
        }
        if (!Files.exists(file.file())) {
            return new JobIndex.None();
        }
        if (file.file().toFile().length() == 0) {
            return emptied(file);
        }
        boolean shared = file.inUse();
        try {
            return new JobIndex.Sound(consults(shared ? file.url() : file.readOnlyUrl()), shared);
        } catch (SQLException e) {
            if (JobIndexFile.corrupt(e)) {
                return new JobIndex.Damaged(file.file());
            }
            return empty(e)
                    ? emptied(file)
                    : new JobIndex.Silent(
                            Optional.ofNullable(e.getMessage())
                                    .map(text -> text.lines().findFirst().orElse(""))
                                    .orElse("no reason given"));
        }
    }

    /** Tells a truncated file from a new one by whether it ever contained a job. */
    private JobIndex emptied(JobIndexFile file) {
        return Files.exists(stateDirectory.resolve(JobIndexOpener.LAST))
                ? new JobIndex.Damaged(file.file())
                : new JobIndex.None();
    }

    /** A truncated file gives the same error. */
    private static boolean empty(SQLException e) {
        return e.getErrorCode() == ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1
                || e.getErrorCode() == ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1;
    }

    private static long consults(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from job")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
