package phoneopus.job;

import java.util.List;
import java.util.Optional;
import phoneopus.spool.Job;

/** Jobs, newest update first, and where they were looked for. */
public record JobList(List<Job> jobs, Source source) {
    /** So many directories are read in a moment. */
    public static final int MOST_SEARCHED = 2_000;

    /** Where the list comes from. */
    public enum Source {
        INDEX,
        DIRECTORIES,
        NEWEST_DIRECTORIES
    }

    /** What a reader should know about the list; empty as a rule. */
    public Optional<String> note() {
        String directories =
                "The index of jobs is still filling or does not answer; this list was read from the job directories";
        return switch (source) {
            case INDEX -> Optional.empty();
            case DIRECTORIES -> Optional.of(directories + ".");
            case NEWEST_DIRECTORIES ->
                    Optional.of(
                            directories
                                    + ", of which only the newest %,d were searched. Try again in a minute."
                                            .formatted(MOST_SEARCHED));
        };
    }
}
