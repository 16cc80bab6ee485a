package phoneopus.cli;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.Jobs;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about one consult. */
final class JobCommands {
    private JobCommands() {}

    /** A command about the consult with that id. */
    abstract static class OfOne extends ConsultsCommand {
        @Parameters(paramLabel = "ID", description = "Its id, or the first characters of it.")
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
            try (LiveLine line = printer.liveLine()) {
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
}
