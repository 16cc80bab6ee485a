package phoneopus.index;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import phoneopus.spool.StateDirectory;

/** Inspects the index without changing it. */
public final class JobIndexInspection {
    private final JobIndexDatabase database;

    public JobIndexInspection(Path stateDirectory) {
        database = new JobIndexDatabase(new StateDirectory(stateDirectory));
    }

    /** The state of the index. */
    public sealed interface State {
        /** There is none yet, or a process ended before it had created it. */
        record None() implements State {}

        /**
         * It can be read.
         *
         * @param shared whether a server has it open
         */
        record Sound(long consults, boolean shared) implements State {}

        /** It cannot be read; the next start rebuilds it. */
        record Damaged(Path file) implements State {}

        /**
         * It does not answer.
         *
         * @param why H2's message
         */
        record Silent(String why) implements State {}
    }

    /** Inspects it. */
    public State look() {
        List<Path> otherKinds = database.otherKinds();
        if (!otherKinds.isEmpty()) {
            return new State.Damaged(otherKinds.getFirst());
        }
        if (!Files.exists(database.file())) {
            return new State.None();
        }
        if (database.file().toFile().length() == 0) {
            return empty();
        }
        boolean shared = database.inUse();
        try {
            return new State.Sound(database.count(shared), shared);
        } catch (DataAccessException e) {
            if (DatabaseFailure.isCorrupt(e)) {
                return new State.Damaged(database.file());
            }
            return DatabaseFailure.isEmpty(e) ? empty() : new State.Silent(why(e));
        }
    }

    /** Tells a truncated file from a new one by whether it ever contained a job. */
    private State empty() {
        return Files.exists(database.last())
                ? new State.Damaged(database.file())
                : new State.None();
    }

    private static String why(DataAccessException e) {
        return Optional.ofNullable(Objects.requireNonNullElse(e.getCause(), e).getMessage())
                .flatMap(text -> text.lines().findFirst())
                .orElse("no reason given");
    }
}
