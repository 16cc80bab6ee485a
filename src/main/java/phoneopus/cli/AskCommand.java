package phoneopus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.claude.Effort;
import phoneopus.job.Consult;
import phoneopus.job.Dispatch.Submission;
import phoneopus.job.Jobs;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.spool.Completion;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.tool.ConsultInput;
import phoneopus.tool.Faults;
import phoneopus.tool.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code phone-opus ask}: starts a consult and waits for it. The answer goes to stdout, everything
 * else to stderr.
 */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        header = "Asks Claude and prints the answer.",
        description = "Ctrl-C cancels the consult.",
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
final class AskCommand implements Callable<Integer> {
    private final Printer printer;
    private final Application application;
    private volatile boolean stopped;

    @Parameters(paramLabel = "PROMPT|-", description = "The question; - reads it from stdin.")
    private String prompt = "";

    @Option(
            names = "--cwd",
            paramLabel = "D",
            description = "Repository to consult about; default: this directory.")
    private @Nullable String cwd;

    @Option(names = "--session", paramLabel = "U", description = "Claude session to resume.")
    private @Nullable UUID session;

    @Option(names = "--model", paramLabel = "M", description = "Claude model; default: opus.")
    private @Nullable String model;

    @Option(
            names = "--effort",
            paramLabel = "E",
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

    @Option(names = "--json", description = "Print the whole record as JSON instead of the answer.")
    private boolean json;

    @Option(
            names = "--demo",
            description = "Answer from a bundled stand-in for Claude: no account, no cost.")
    private boolean demo;

    AskCommand(Printer printer, Application application) {
        this.printer = printer;
        this.application = application;
    }

    @Override
    public Integer call() {
        String question = prompt.equals("-") ? fromStdin() : prompt;
        try (ConfigurableApplicationContext context = application.start(demo)) {
            return ask(context.getBean(Jobs.class), context.getBean(ConsultInput.class), question);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    private int ask(Jobs jobs, ConsultInput input, String question) throws InterruptedException {
        try {
            if (maxTurns != null && maxTurns < 1) {
                throw new InvalidArgumentException(
                        "max_turns must be at least 1, got `" + maxTurns + "`");
            }
            String directory = cwd == null ? System.getProperty("user.dir") : cwd;
            Consult consult =
                    input.read(question, directory, maxTurns, session, model, effort, null);
            if (background) {
                Submission submission = jobs.submit(consult, JobMode.BACKGROUND, fresh);
                return printer.submitted(jobs.now(submission.request()), submission.joined(), json);
            }
            Interrupt interrupt = Interrupt.install();
            Submission submission = jobs.submit(consult, JobMode.SYNC, fresh);
            interrupt.onInterrupt(() -> stop(jobs, submission.request()));
            return awaited(jobs, submission, interrupt);
        } catch (RuntimeException e) {
            return printer.fault("ask", Faults.of(e, Wording.TERMINAL), json);
        }
    }

    private int awaited(Jobs jobs, Submission submission, Interrupt interrupt)
            throws InterruptedException {
        Optional<Completion> ended;
        try (LiveLine line = printer.liveLine()) {
            ended =
                    jobs.await(
                            submission.request(),
                            null,
                            () -> interrupt.happened() && stopped,
                            line::show);
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

    private static String fromStdin() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
