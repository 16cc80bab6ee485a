package phoneopus.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import phoneopus.job.Jobs;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.setup.Finding;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.tool.Fault;
import phoneopus.tool.Faults;
import phoneopus.tool.JobPorcelain;
import phoneopus.tool.Porcelain;
import phoneopus.tool.TerminalJson;
import phoneopus.tool.Wording;

/**
 * Prints the result to stdout and everything about it to stderr. Each method returns the exit code.
 */
final class Printer {
    private final PrintStream out;
    private final PrintStream err;

    Printer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** For notes about what a command does. */
    PrintStream err() {
        return err;
    }

    /**
     * A line that shows what a consult does.
     *
     * @param keys what keys do
     */
    LiveLine liveLine(JobRequest request, String keys) {
        return new LiveLine(err, request.created(), keys);
    }

    LiveLine.Steps steps(JobRequest request) {
        return new LiveLine.Steps(err, request.created());
    }

    int ended(Jobs jobs, JobRequest request, Completion ended, boolean joined, boolean json) {
        if (!(ended.outcome() instanceof Outcome.Answered(Answer answer))) {
            Fault fault = Faults.of(request, ended, Wording.TERMINAL).orElseThrow();
            if (!json) {
                return fault("consult", fault, false);
            }
            out.println(TerminalJson.job(jobs.now(request), joined));
            return fault.code().exitCode();
        }
        err.println(
                PlainText.of(Porcelain.head(request, ended, answer)) + (joined ? " joined" : ""));
        err.print(PlainText.of(Porcelain.denied(answer)));
        out.println(
                json
                        ? TerminalJson.job(jobs.now(request), joined)
                        : PlainText.of(answer.response()));
        UUID session = request.sessionAfter(answer);
        if (session != null) {
            err.println("follow up: " + followUp(request, session));
        }
        handedOver(jobs, request);
        return ExitCode.ANSWERED;
    }

    /** A command that works as it is printed, in this directory. */
    private static String followUp(JobRequest request, UUID session) {
        boolean here = request.consult().cwd().equals(System.getProperty("user.dir"));
        return ProgramName.get()
                + " ask"
                + (request.ofTheDemo() ? " --demo" : "")
                + (here ? "" : " " + Finding.command("--cwd", request.consult().cwd()))
                + " --session "
                + session
                + " \"…\"";
    }

    void continues(Job last) {
        err.println(
                PlainText.of(
                        "continues %s, %s ago: %s"
                                .formatted(
                                        JobTable.shortId(last.id()),
                                        JobTable.age(last, Instant.now()),
                                        JobTable.firstLine(last.request().consult().prompt()))));
    }

    int submitted(Job job, boolean joined, boolean json) {
        out.println(json ? TerminalJson.job(job, joined) : job.id());
        err.println(
                "background consult "
                        + (joined ? "joined" : "submitted")
                        + ", status="
                        + job.status().word());
        err.println("next: " + ProgramName.get() + " wait " + job.id());
        return ExitCode.ANSWERED;
    }

    int job(Jobs jobs, Job job, @Nullable Activity activity, boolean json) {
        out.println(
                json
                        ? TerminalJson.job(job, false)
                        : PlainText.of(JobPorcelain.whole(job, activity)));
        if (job.status().done()) {
            handedOver(jobs, job.request());
        }
        return ExitCode.ANSWERED;
    }

    /**
     * Prints a list.
     *
     * @param more whether it was cut
     * @param note what it may lack
     */
    int list(List<Job> jobs, boolean more, Optional<String> note, boolean json) {
        list(jobs, () -> JobTable.of(jobs, Instant.now(), Keyboard.width()), json);
        if (more) {
            err.println("There are more: use --limit.");
        }
        note.ifPresent(err::println);
        return ExitCode.ANSWERED;
    }

    /** Prints the consults that were found, each with the text around a match. */
    int found(List<Job> jobs, Function<Job, String> text, boolean json) {
        list(jobs, () -> JobTable.found(jobs, text, Instant.now(), Keyboard.width()), json);
        return ExitCode.ANSWERED;
    }

    private void list(List<Job> jobs, Supplier<String> table, boolean json) {
        if (json) {
            jobs.forEach(job -> out.println(TerminalJson.job(job, false)));
        } else if (jobs.isEmpty()) {
            err.println("no consults");
        } else {
            text(table.get());
        }
    }

    void json(Object line) {
        out.println(TerminalJson.line(line));
    }

    void text(String text) {
        out.print(PlainText.of(text));
    }

    /**
     * Tells that a consult was deleted.
     *
     * @param wholly whether all of it is gone
     */
    void deleted(JobId id, boolean wholly) {
        out.println("deleted " + id);
        if (!wholly) {
            err.println(
                    "The index of jobs does not answer: a server deletes the files of "
                            + JobTable.shortId(id)
                            + " from the trash later.");
        }
    }

    /** Tells how to come back to a consult that was left running. */
    int left(Job job) {
        err.println("left running; for its answer: " + ProgramName.get() + " wait " + job.id());
        return ExitCode.STILL_RUNNING;
    }

    int stillRunning(Job job, boolean json) {
        if (json) {
            out.println(TerminalJson.job(job, false));
        }
        err.println("job=" + job.id() + " status=" + job.status().word() + ", not done yet");
        return ExitCode.STILL_RUNNING;
    }

    void serving(String address, int port) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        err.printf(
                "phone-opus serves MCP clients on http://%s:%d/mcp, older ones on /sse; Ctrl-C stops it.%n",
                host, port);
    }

    /**
     * Records the delivery. If nobody reads stdout, the consult is listed and its answer kept for
     * the next caller who asks the same question.
     */
    private void handedOver(Jobs jobs, JobRequest request) {
        if (out.checkError()) {
            jobs.promote(request);
        } else {
            jobs.delivered(request);
        }
    }

    int fault(String operation, Fault fault, boolean json) {
        if (json) {
            out.println(TerminalJson.fault(operation, fault));
        } else {
            err.println(PlainText.of(Porcelain.fault(fault)));
        }
        return fault.code().exitCode();
    }
}
