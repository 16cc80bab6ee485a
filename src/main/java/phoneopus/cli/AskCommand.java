package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.claude.Answer;
import phoneopus.claude.Effort;
import phoneopus.claude.Outcome;
import phoneopus.job.Consult;
import phoneopus.job.Ended;
import phoneopus.job.JobRequest;
import phoneopus.job.Jobs;
import phoneopus.tool.ConsultInput;
import phoneopus.tool.Fault;
import phoneopus.tool.Faults;
import phoneopus.tool.Porcelain;
import phoneopus.tool.Presentation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code phone-opus ask}: one consult, waited for. The answer goes to stdout, everything about it
 * to stderr.
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
            "  3:set-up: no claude command, no login, no state directory",
            "  5:worth a retry: rate limit, overload, queue full",
            "124:timed out",
            "130:interrupted"
        })
final class AskCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;
    private final Terminal.Application application;

    @Parameters(paramLabel = "PROMPT|-", description = "The question; - reads it from stdin.")
    private String prompt = "";

    @Option(
            names = "--cwd",
            paramLabel = "D",
            description = "Repository to consult about; default: this directory.")
    private @Nullable String cwd;

    @Option(names = "--session", paramLabel = "U", description = "Claude session to go on with.")
    private @Nullable UUID session;

    @Option(names = "--model", paramLabel = "M", description = "Claude model; default: opus.")
    private @Nullable String model;

    @Option(
            names = "--effort",
            paramLabel = "E",
            description = "${COMPLETION-CANDIDATES}; default: max.")
    private @Nullable Effort effort;

    @Option(names = "--max-turns", paramLabel = "N", description = "Bound on agentic turns.")
    private @Nullable Integer maxTurns;

    @Option(names = "--json", description = "Print the whole record as JSON instead of the answer.")
    private boolean json;

    @Option(
            names = "--demo",
            description = "Answer from a bundled stand-in for Claude: no account, no cost.")
    private boolean demo;

    AskCommand(PrintStream out, PrintStream err, Terminal.Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    @Override
    public Integer call() {
        String question = prompt.equals("-") ? fromStdin() : prompt;
        try (ConfigurableApplicationContext context = application.start(demo)) {
            return ask(context, question);
        }
    }

    private int ask(ConfigurableApplicationContext context, String question) {
        Presentation presentation = context.getBean(Presentation.class);
        Jobs jobs = context.getBean(Jobs.class);
        try {
            if (maxTurns != null && maxTurns < 1) {
                err.println("max_turns must be at least 1, got `" + maxTurns + "`");
                return ExitCode.WRONG_USAGE;
            }
            String directory = cwd == null ? System.getProperty("user.dir") : cwd;
            Consult consult =
                    context.getBean(ConsultInput.class)
                            .read(
                                    question,
                                    directory,
                                    maxTurns,
                                    session,
                                    model,
                                    effort,
                                    Optional.empty());
            Interrupt interrupt = Interrupt.install();
            JobRequest request = jobs.submit(consult);
            interrupt.onInterrupt(() -> cancel(jobs, request));
            Ended ended = await(jobs, request);
            if (ended.outcome() instanceof Outcome.Answered(Answer answer)) {
                return answered(presentation, request, ended, answer);
            }
            Fault fault = Faults.of(request, ended).orElseThrow();
            int code = failed(presentation, fault);
            return interrupt.happened() ? ExitCode.INTERRUPTED : code;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        } catch (RuntimeException e) {
            return failed(presentation, Faults.of(e));
        }
    }

    private Ended await(Jobs jobs, JobRequest request) throws InterruptedException {
        try (LiveLine line = new LiveLine(err)) {
            return jobs.await(
                    request,
                    activity ->
                            line.show(activity == null ? "waits for its turn" : activity.line()));
        }
    }

    private int answered(
            Presentation presentation, JobRequest request, Ended ended, Answer answer) {
        err.println(Porcelain.head(request, ended, answer));
        out.println(
                json ? presentation.json(request, ended, answer) : PlainText.of(answer.response()));
        UUID to = answer.sessionId() == null ? request.sessionId() : answer.sessionId();
        err.println("follow up: phone-opus ask --session " + to + " \"…\"");
        return ExitCode.ANSWERED;
    }

    private int failed(Presentation presentation, Fault fault) {
        if (json) {
            out.println(presentation.json("ask", fault));
        } else {
            err.println(PlainText.of(Porcelain.fault(fault)));
        }
        return ExitCode.of(fault);
    }

    private static void cancel(Jobs jobs, JobRequest request) {
        try {
            jobs.cancel(request);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
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
