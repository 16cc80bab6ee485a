package phoneopus.cli;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.JobRetention;
import phoneopus.job.Jobs;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about one consult. */
final class JobCommands {
    private JobCommands() {}

    /** A command about the consult with that id. */
    abstract static class OfOne extends ConsultsCommand {
        @Parameters(
                paramLabel = "ID",
                completionCandidates = JobName.Ids.class,
                description = "Its id, or the first characters of it.")
        private @Nullable JobName id;

        OfOne(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        final int run(BeanFactory beans) throws InterruptedException {
            Jobs jobs = beans.getBean(Jobs.class);
            return run(jobs, Objects.requireNonNull(id, "set by picocli").find(beans));
        }

        abstract int run(Jobs jobs, Job job) throws InterruptedException;
    }

    /** {@code phone-opus job}: shows a consult. */
    @Command(name = "job", header = "Shows one consult and, when it is done, its answer.")
    static final class Show extends OfOne {
        Show(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(Jobs jobs, Job job) {
            return printer.job(jobs, job, jobs.activity(job).orElse(null), json);
        }
    }

    /** {@code phone-opus wait}: waits for a consult. */
    @Command(
            name = "wait",
            header = "Waits for a consult and prints its answer.",
            description = "Exits with 4 if it is not done in time. Ctrl-C stops only the waiting.")
    static final class Wait extends OfOne {
        @Option(
                names = "--timeout",
                paramLabel = "S",
                description = "Seconds; default: as long as it takes.")
        private @Nullable Integer timeout;

        Wait(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(Jobs jobs, Job job) throws InterruptedException {
            Optional<Completion> ended;
            try (LiveLine line = printer.liveLine(job.request(), "^C stops waiting")) {
                ended =
                        jobs.await(
                                job.request(),
                                timeout == null ? null : Duration.ofSeconds(timeout),
                                () -> false,
                                line::show);
            }
            return ended.map(end -> printer.ended(jobs, job.request(), end, false, json))
                    .orElseGet(() -> printer.stillRunning(jobs.now(job.request()), json));
        }
    }

    /** {@code phone-opus cancel}: ends a consult. */
    @Command(name = "cancel", header = "Stops a consult and everything it started.")
    static final class Cancel extends OfOne {
        Cancel(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(Jobs jobs, Job job) throws InterruptedException {
            if (!job.status().done()) {
                jobs.cancel(job.request());
            }
            return printer.job(jobs, jobs.now(job.request()), null, json);
        }
    }

    /** {@code phone-opus tail}: follows a consult. */
    @Command(
            name = "tail",
            header = "Prints what a consult does until it is done, then its answer.",
            description = "Each step is a line on stderr. Ctrl-C stops only the following.")
    static final class Tail extends OfOne {
        Tail(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(Jobs jobs, Job job) throws InterruptedException {
            JobRequest request = job.request();
            Completion ended =
                    jobs.await(request, null, () -> false, printer.steps(request)::show)
                            .orElseThrow();
            return printer.ended(jobs, request, ended, false, json);
        }
    }

    /** {@code phone-opus rm}: deletes consults. */
    @Command(
            name = "rm",
            header = "Deletes finished consults, with question and answer.",
            description =
                    "Claude Code's own transcripts are not deleted; it keeps them in ~/.claude/projects.")
    static final class Remove extends ConsultsCommand {
        @Parameters(
                arity = "1",
                paramLabel = "ID",
                completionCandidates = JobName.Ids.class,
                description = "Its id, or the first characters of it.")
        private List<JobName> ids = List.of();

        Remove(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(BeanFactory beans) throws InterruptedException {
            List<Job> found = ids.stream().map(id -> id.find(beans)).toList();
            for (Job job : found) {
                if (!job.status().done()) {
                    throw new InvalidArgumentException(
                            "%s is %s, so nothing was deleted. Cancel it first, or wait for it."
                                    .formatted(job.id(), job.status().word()));
                }
            }
            JobRetention retention = beans.getBean(JobRetention.class);
            for (Job job : found) {
                printer.deleted(job.id(), retention.delete(job.id()));
            }
            return ExitCode.ANSWERED;
        }
    }
}
