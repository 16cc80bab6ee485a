package phoneopus.cli;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.tool.Faults;
import picocli.CommandLine.TypeConversionException;

/** A job as a person names it: by its id, or by enough of its first characters. */
record JobName(String text) {
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{4}[0-9a-f-]*");
    private static final int WHOLE = 36;

    /** The ids of the last jobs, for a shell to complete: it looks them up itself each time. */
    static final class Ids implements Iterable<String> {
        /** What the completion script has in the place of the ids. */
        static final String MARK = "\"JOB-IDS\"";

        /** As the settings' variables have it, but not a settings file. */
        static final String SHELL =
                "$(ls -t -- \"${PHONE_OPUS_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/phone_opus}/spool\" 2>/dev/null | head -n 50 | cut -c 1-8)";

        @Override
        public Iterator<String> iterator() {
            return List.of(MARK.replace("\"", "")).iterator();
        }
    }

    static JobName parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (!isBeginning(name)) {
            throw new TypeConversionException(
                    "must be the id of a job or at least its first 4 characters, got `"
                            + text
                            + "`");
        }
        return new JobName(name);
    }

    /** Whether an id may begin so. */
    static boolean isBeginning(String name) {
        return BEGINNING.matcher(name).matches() && (name.length() < WHOLE || isWhole(name));
    }

    static boolean isWhole(String name) {
        return id(name).isPresent();
    }

    private static Optional<JobId> id(String name) {
        return JobId.parse(name).filter(id -> id.toString().equals(name));
    }

    /**
     * The job in its current state.
     *
     * @throws InvalidArgumentException if it names no job or several
     */
    Job find(BeanFactory beans) {
        Jobs jobs = beans.getBean(Jobs.class);
        Optional<JobId> whole = id(text);
        if (whole.isPresent()) {
            return jobs.find(whole.get(), null);
        }
        List<Job> found = beans.getBean(JobLists.class).startingWith(text, null);
        if (found.size() == 1) {
            return jobs.now(found.getFirst().request());
        }
        throw new InvalidArgumentException(
                found.isEmpty()
                        ? "No job begins with `" + text + "`."
                        : "`%s` is ambiguous:\n%s"
                                .formatted(
                                        text,
                                        JobTable.candidates(found, Instant.now(), Keyboard.width())
                                                .stripTrailing()));
    }

    /**
     * A session as a person names it: by its id, by that of a consult in it, or by the beginning of
     * either.
     */
    record OfSession(String text) {
        static OfSession parse(String text) {
            String name = text.toLowerCase(Locale.ROOT);
            if (!isBeginning(name)) {
                throw new TypeConversionException(
                        "must be the id of a session or a job, or at least its first 4 characters, got `"
                                + text
                                + "`");
            }
            return new OfSession(name);
        }

        /**
         * The session.
         *
         * @throws InvalidArgumentException if it names none or several
         */
        UUID find(JobLists lists) {
            List<UUID> found =
                    lists.startingWith(text, null).stream()
                            .map(Faults::session)
                            .filter(Objects::nonNull)
                            .distinct()
                            .toList();
            if (found.isEmpty() && isWhole(text)) {
                return UUID.fromString(text);
            }
            if (found.isEmpty()) {
                found =
                        lists.stored(null)
                                .map(Faults::session)
                                .filter(Objects::nonNull)
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
                    .filter(job -> Faults.session(job) != null)
                    .findFirst();
        }
    }
}
