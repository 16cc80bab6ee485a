package phoneopus.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import picocli.CommandLine.TypeConversionException;

/** A job as a person names it: by its id, or by enough of its first characters. */
record JobName(String text) {
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{4}[0-9a-f-]*");
    private static final int WHOLE = 36;

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
}
