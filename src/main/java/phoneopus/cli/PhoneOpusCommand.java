package phoneopus.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.tool.Faults;
import phoneopus.tool.Wording;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code phone-opus} itself, and its commands for background consults. */
@Command(
        name = "phone-opus",
        mixinStandardHelpOptions = true,
        versionProvider = PhoneOpusCommand.Version.class,
        header = "Lets a coding agent phone Claude Opus for a second opinion.",
        description =
                "With no command it serves MCP on stdin and stdout; clients start it this way.",
        footer = {
            "",
            "Settings are given as --phone-opus.NAME=VALUE, as variables such as PHONE_OPUS_CLAUDE_BINARY, or in",
            "~/.config/phone-opus/application.yaml; docs/configuration.md lists them."
        })
final class PhoneOpusCommand implements Runnable {
    private static final int MOST = 50;

    private final Printer printer;
    private final Application application;

    @Spec private @Nullable CommandSpec spec;

    PhoneOpusCommand(Printer printer, Application application) {
        this.printer = printer;
        this.application = application;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command");
        }
    }

    @Command(
            name = "jobs",
            mixinStandardHelpOptions = true,
            header = "Lists consults, newest first.")
    int jobs(
            @Option(
                            names = "--limit",
                            defaultValue = "10",
                            description = "Maximum number to list, 1 to 50.")
                    int limit,
            @Option(names = "--all", description = "Include foreground consults.") boolean all,
            @Option(names = "--json", description = "Print one record per line.") boolean json) {
        return with(
                JobLists.class,
                "jobs",
                json,
                lists -> {
                    JobFilter filter =
                            new JobFilter(
                                    null,
                                    null,
                                    all ? null : JobMode.BACKGROUND,
                                    null,
                                    Math.clamp(limit, 1, MOST));
                    return printer.list(lists.list(filter), json);
                });
    }

    @Command(
            name = "job",
            mixinStandardHelpOptions = true,
            header = "Shows one consult and, when it is done, its answer.")
    int job(
            @Parameters(paramLabel = "ID") UUID id,
            @Option(names = "--json", description = "Print the whole record.") boolean json) {
        return with(
                Jobs.class,
                "job",
                json,
                jobs -> {
                    Job job = jobs.find(new JobId(id), null);
                    return printer.job(jobs, job, jobs.activity(job).orElse(null), json);
                });
    }

    @Command(
            name = "wait",
            mixinStandardHelpOptions = true,
            header = "Waits for a consult and prints its answer.",
            description = "Exits with 4 if it is not done in time. Ctrl-C stops only the waiting.")
    int await(
            @Parameters(paramLabel = "ID") UUID id,
            @Option(
                            names = "--timeout",
                            paramLabel = "S",
                            description = "Seconds; default: as long as it takes.")
                    @Nullable Integer timeout,
            @Option(names = "--json", description = "Print the whole record.") boolean json) {
        return with(
                Jobs.class,
                "wait",
                json,
                jobs -> {
                    Job job = jobs.find(new JobId(id), null);
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
                });
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            header = "Stops a consult and everything it started.")
    int cancel(
            @Parameters(paramLabel = "ID") UUID id,
            @Option(names = "--json", description = "Print the whole record.") boolean json) {
        return with(
                Jobs.class,
                "cancel",
                json,
                jobs -> {
                    Job job = jobs.find(new JobId(id), null);
                    if (!job.status().done()) {
                        jobs.cancel(job.request());
                    }
                    return printer.job(jobs, jobs.now(job.request()), null, json);
                });
    }

    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            header = "Prints a completion script for bash and zsh.",
            description =
                    "Use it: source <(phone-opus completion), for example in ~/.bashrc or ~/.zshrc.")
    void completion() {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(AutoComplete.bash("phone-opus", spec.commandLine()));
            out.flush();
        }
    }

    /** Prints {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            return new String[] {"phone-opus " + (version == null ? "(not packaged)" : version)};
        }
    }

    /** A command's work on the jobs. */
    @FunctionalInterface
    private interface Work<T> {
        int run(T bean) throws InterruptedException;
    }

    private <T> int with(Class<T> bean, String operation, boolean json, Work<T> work) {
        try (ConfigurableApplicationContext context = application.start(false)) {
            return work.run(context.getBean(bean));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        } catch (RuntimeException e) {
            return printer.fault(operation, Faults.of(e, Wording.TERMINAL), json);
        }
    }
}
