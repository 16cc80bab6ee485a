package phoneopus.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import phoneopus.job.JobLists;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Job;
import phoneopus.tool.Faults;
import phoneopus.tool.Wording;
import picocli.CommandLine.TypeConversionException;

/**
 * A session as a person names it: by its id, by that of a consult in it, or by the beginning of
 * either.
 */
record SessionName(String text) {
    static SessionName parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (!JobName.isBeginning(name)) {
            throw new TypeConversionException(
                    "must be the id of a session or a job, or at least its first 4 characters, got `"
                            + text
                            + "`");
        }
        return new SessionName(name);
    }

    /**
     * The session.
     *
     * @throws InvalidArgumentException if it names none or several
     */
    UUID find(JobLists lists) {
        List<UUID> found =
                lists.startingWith(text, null).stream()
                        .flatMap(SessionName::of)
                        .distinct()
                        .toList();
        if (found.isEmpty() && JobName.isWhole(text)) {
            return UUID.fromString(text);
        }
        if (found.isEmpty()) {
            found =
                    lists.stored(null)
                            .flatMap(SessionName::of)
                            .filter(session -> session.toString().startsWith(text))
                            .distinct()
                            .toList();
        }
        if (found.size() != 1) {
            throw new InvalidArgumentException(
                    found.isEmpty()
                            ? "No session and no job begins with `%s`.".formatted(text)
                            : "`%s` is ambiguous: %s".formatted(text, found));
        }
        return found.getFirst();
    }

    /** The last consult of that directory whose session can be resumed. */
    static Optional<Job> last(JobLists lists, String cwd, boolean demo) {
        return lists.stored(null)
                .filter(job -> job.request().consult().cwd().equals(cwd))
                .filter(job -> job.request().ofTheDemo() == demo)
                .filter(job -> of(job).findAny().isPresent())
                .findFirst();
    }

    /** The session that a consult of that job would resume; empty if it cannot be. */
    static Stream<UUID> of(Job job) {
        if (job.ended() == null) {
            return Stream.ofNullable(job.request().sessionId());
        }
        return Stream.ofNullable(
                job.answer() == null
                        ? Faults.of(job.request(), job.ended(), Wording.TERMINAL)
                                .orElseThrow()
                                .session()
                        : job.request().sessionAfter(job.answer()));
    }
}
