package phoneopus.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.JobList;
import phoneopus.job.JobLists;
import phoneopus.job.JobRetention;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobStatus;
import phoneopus.tool.ConsultInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that look at many consults. */
final class ListCommands {
    private static final int MOST = 1_000;

    private ListCommands() {}

    /**
     * Checks a {@code --limit}.
     *
     * @throws InvalidArgumentException if it is out of range
     */
    static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidArgumentException(
                    "--limit must be 1 to %d, got `%d`".formatted(MOST, limit));
        }
    }

    /** The directory of a {@code --cwd}, as jobs have it; null for any. */
    static @Nullable String directory(BeanFactory beans, @Nullable Path cwd) {
        return cwd == null
                ? null
                : beans.getBean(ConsultInput.class).directoryOfJobs(cwd.toString()).toString();
    }

    /** The states, for {@code --status}. */
    static final class States implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(JobStatus.values()).map(JobStatus::word).iterator();
        }
    }

    /** {@code phone-opus jobs}: lists consults. */
    @Command(name = "jobs", header = "Lists consults, newest first.")
    static final class Listing extends ConsultsCommand {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "10",
                description = "Maximum number to list; default: 10.")
        private int limit;

        @Option(
                names = "--status",
                paramLabel = "S",
                description = "Only this state: ${COMPLETION-CANDIDATES}.",
                completionCandidates = States.class)
        private @Nullable JobStatus status;

        @Option(names = "--cwd", paramLabel = "D", description = "Only those of this directory.")
        private @Nullable Path cwd;

        @Option(
                names = "--background",
                description = "Only those that nobody waits for, or that outlived their caller.")
        private boolean background;

        @Option(names = "--all", hidden = true, description = "The default.")
        private boolean all;

        Listing(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        void check() {
            checkLimit(limit);
        }

        @Override
        int run(BeanFactory beans) throws InterruptedException {
            JobFilter filter =
                    new JobFilter(
                            null,
                            status,
                            background && !all ? JobMode.BACKGROUND : null,
                            directory(beans, cwd),
                            limit + 1);
            JobList found = beans.getBean(JobLists.class).list(filter);
            List<Job> shown = found.jobs().subList(0, Math.min(limit, found.jobs().size()));
            return printer.list(shown, found.jobs().size() > limit, found.note(), json);
        }
    }

    /** {@code phone-opus prune}: deletes old consults. */
    @Command(
            name = "prune",
            header = "Deletes consults that finished some time ago.",
            description = "As rm does. phone-opus.jobs.keep does it by itself.")
    static final class Prune extends ConsultsCommand {
        @Option(
                names = "--older-than",
                paramLabel = "AGE",
                required = true,
                description = "The time since their end, such as 12h or 30d.")
        private Duration age = Duration.ZERO;

        @Option(names = "--dry-run", description = "Only list them.")
        private boolean dryRun;

        Prune(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(BeanFactory beans) throws InterruptedException {
            Instant before = Instant.now().minus(age);
            Stream<Job> old =
                    beans.getBean(JobLists.class)
                            .stored(null)
                            .filter(job ->
                                    job.finished() != null && job.finished().isBefore(before));
            if (dryRun) {
                return printer.list(old.toList(), false, Optional.empty(), json);
            }
            JobRetention retention = beans.getBean(JobRetention.class);
            boolean none = true;
            for (Iterator<JobId> ids = old.map(Job::id).iterator(); ids.hasNext(); none = false) {
                JobId id = ids.next();
                printer.deleted(id, retention.delete(id));
            }
            if (none) {
                printer.err().println("nothing to delete");
            }
            return ExitCode.ANSWERED;
        }
    }
}
