package phoneopus.job;

import java.util.List;
import java.util.Optional;
import phoneopus.spool.Job;

/** Jobs, newest update first, and the source of the list. */
public record JobList(List<Job> jobs, Source source) {
    /** The number of directories that can be read quickly. */
    public static final int MOST_SEARCHED = 2_000;

    /** The source of the list. */
    public enum Source {
        INDEX,
        DIRECTORIES,
        NEWEST_DIRECTORIES
    }

    /** A note about the list for its reader; usually empty. */
    public Optional<String> note() {
        String directories =
                "The index of jobs is being filled or does not answer; this list was read from the job directories";
        return switch (source) {
            case INDEX -> Optional.empty();
            case DIRECTORIES -> Optional.of(directories + ".");
            case NEWEST_DIRECTORIES ->
                    Optional.of(
                            directories
                                    + ", but only the newest %,d were searched. Try again in a minute."
                                            .formatted(MOST_SEARCHED));
        };
    }
}
