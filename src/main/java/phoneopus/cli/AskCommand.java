package phoneopus.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.cli.JobName.OfSession;
import phoneopus.cli.Keyboard.Interrupt;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.tool.ConsultInput;
import phoneopus.tool.Faults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code phone-opus ask}: starts a consult and waits for it. The answer goes to stdout, everything
 * else to stderr.
 */
@Command(
        name = "ask",
        header = "Asks Claude and prints the answer.",
        description = "Ctrl-C cancels the consult; Ctrl-Z, at a terminal, leaves it running.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:answered",
            "  1:the consult failed",
            "  2:wrong usage",
            "  3:set-up problem: no claude command, no login, no state directory",
            "  4:still running",
            "  5:retry may help: rate limit, overload, queue full",
            "124:timed out",
            "130:interrupted"
        })
final class AskCommand extends ConsultsCommand {
    private static final String KEYS = "^C cancel, ^Z detach";

    private volatile boolean stopped;
    private volatile boolean left;

    @Mixin private final Question question;

    @Option(
            names = "--cwd",
            paramLabel = "D",
            description = "Repository to consult about; default: this directory.")
    private @Nullable Path cwd;

    @Option(
            names = "--session",
            paramLabel = "U",
            completionCandidates = JobName.Ids.class,
            description = "Resume this Claude session, or that of this job.")
    private @Nullable OfSession session;

    @Option(
            names = {"-c", "--continue", "--last"},
            description = "Resume the session of this directory's last consult.")
    private boolean resumesLast;

    @Option(
            names = "--model",
            paramLabel = "M",
            completionCandidates = Models.class,
            description = "Claude model; default: opus.")
    private @Nullable String model;

    @Option(
            names = "--effort",
            paramLabel = "E",
            completionCandidates = Efforts.class,
            description = "${COMPLETION-CANDIDATES}; default: max.")
    private @Nullable Effort effort;

    @Option(names = "--max-turns", paramLabel = "N", description = "Maximum agentic turns.")
    private @Nullable Integer maxTurns;

    @Option(names = "--background", description = "Print a job id at once; see wait, job, cancel.")
    private boolean background;

    @Option(
            names = "--fresh",
            description = "Ask again even if the same question is already running.")
    private boolean fresh;

    @Option(
            names = "--demo",
            description = "Answer from a bundled stand-in for Claude: no account, no cost.")
    private boolean demo;

    AskCommand(PipedInput stdin, Printer printer, Application application) {
        super(printer, application);
        this.question = new Question(stdin);
    }

    @Override
    void check() {
        if (maxTurns != null && maxTurns < 1) {
            throw new InvalidArgumentException(
                    "--max-turns must be at least 1, got `" + maxTurns + "`");
        }
        if (resumesLast && session != null) {
            throw new InvalidArgumentException("--continue and --session exclude each other");
        }
        question.begin(printer.err());
    }

    @Override
    boolean demo() {
        return demo;
    }

    @Override
    int run(BeanFactory beans) throws InterruptedException {
        Jobs jobs = beans.getBean(Jobs.class);
        ConsultInput input = beans.getBean(ConsultInput.class);
        String directory = cwd == null ? System.getProperty("user.dir") : cwd.toString();
        UUID resumed = session(beans.getBean(JobLists.class), input.directoryOfJobs(directory));
        Consult consult =
                new Consult(
                        question.text(printer.err()),
                        input.directory(directory, null),
                        maxTurns,
                        resumed,
                        input.model(model),
                        effort,
                        null);
        input.check(consult);
        if (background) {
            Submission submission = jobs.submit(consult, JobMode.BACKGROUND, fresh);
            return printer.submitted(jobs.now(submission.request()), submission.joined(), json);
        }
        Interrupt interrupt = Interrupt.install();
        if (Keyboard.isTerminal(Keyboard.STDERR)) {
            // Stopped, as it would be, this process could keep others waiting for its locks.
            Keyboard.onCtrlZ(() -> left = true);
        }
        Submission submission = jobs.submit(consult, JobMode.SYNC, fresh);
        interrupt.onInterrupt(() -> stop(jobs, submission.request()));
        return awaited(jobs, submission, interrupt);
    }

    private @Nullable UUID session(JobLists lists, Path directory) {
        if (!resumesLast) {
            return session == null ? null : session.find(lists);
        }
        Job last =
                OfSession.last(lists, directory.toString(), demo)
                        .orElseThrow(() ->
                                new InvalidArgumentException(
                                        "There is no consult of %s to continue."
                                                .formatted(directory)));
        printer.continues(last);
        return Objects.requireNonNull(Faults.session(last));
    }

    private int awaited(Jobs jobs, Submission submission, Interrupt interrupt)
            throws InterruptedException {
        Optional<Completion> ended;
        try (LiveLine line = printer.liveLine(submission.request(), KEYS)) {
            ended =
                    jobs.await(
                            submission.request(),
                            null,
                            () -> left || (interrupt.happened() && stopped),
                            line::show);
        }
        if (ended.isEmpty() && !interrupt.happened()) {
            jobs.promote(submission.request());
            return printer.left(jobs.now(submission.request()));
        }
        // The command may end before all processes that it started: wait for those too.
        while (interrupt.happened() && !stopped) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        if (ended.isEmpty()) {
            return ExitCode.INTERRUPTED;
        }
        int code =
                printer.ended(jobs, submission.request(), ended.get(), submission.joined(), json);
        return code != ExitCode.ANSWERED && interrupt.happened() ? ExitCode.INTERRUPTED : code;
    }

    private void stop(Jobs jobs, JobRequest request) {
        try {
            jobs.stop(request);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            stopped = true;
        }
    }

    /** The models of the default settings, for a shell to complete. */
    static final class Models implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("opus", "sonnet", "haiku", "fable").iterator();
        }
    }

    /** The values of {@code --effort}. */
    static final class Efforts implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Effort.values()).map(Effort::word).iterator();
        }
    }
}
