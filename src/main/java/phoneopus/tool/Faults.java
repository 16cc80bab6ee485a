package phoneopus.tool;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.spool.StateUnavailableException;
import phoneopus.tool.Fault.Failed;

/** Turns exceptions and outcomes into faults; no other class does. */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private static final int MOST_CHARS = 2_000;

    private Faults() {}

    /** The fault of a call that failed with an exception. */
    public static Fault of(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError) {
                return replaced();
            }
        }
        return switch (problem) {
            case InvalidArgumentException e ->
                    new Fault(
                            FaultCode.INVALID_INPUT,
                            String.valueOf(e.getMessage()),
                            "Correct that argument and call again.",
                            null);
            case StateUnavailableException e -> {
                log.warn("store unavailable: {}", String.valueOf(e.getCause()));
                yield of(
                        e,
                        e.consult()
                                .map(request ->
                                        new Failed(request.jobId(), request.sessionId(), null))
                                .orElse(null));
            }
            case FaultException e -> of(e, null);
            case OutOfMemoryError e when String.valueOf(e.getMessage()).contains("thread") -> {
                log.warn("no thread could be started");
                yield new Fault(
                        FaultCode.SPAWN_FAILED,
                        "phone-opus cannot start more threads or processes on this machine.",
                        "End some, or raise the limit (ulimit -u), then ask again.",
                        true,
                        null);
            }
            default -> internal(problem);
        };
    }

    private static Fault of(FaultException problem, @Nullable Failed consult) {
        return new Fault(
                problem.code(), problem.problem(), problem.advice(), problem.retryable(), consult);
    }

    /** The fault of a finished consult; empty if it was answered. */
    public static Optional<Fault> of(JobRequest request, Completion ended) {
        return ended.outcome() instanceof Outcome.Failure failure
                ? Optional.of(of(request, ended, failure))
                : Optional.empty();
    }

    /** The fault of a job; empty if it was answered or is not over. */
    static Optional<Fault> of(Job job) {
        return job.ended() == null ? Optional.empty() : of(job.request(), job.ended());
    }

    private static Fault of(JobRequest request, Completion ended, Outcome.Failure failure) {
        Failed failed =
                new Failed(
                        request.jobId(),
                        Resumption.possible(request, ended) ? request.sessionId() : null,
                        failure instanceof Outcome.Refused refused ? refused.resetsAt() : null);
        String resume = Resumption.advice(failed.sessionId());
        FaultCode code = failure.code();
        return switch (failure) {
            case Outcome.Refused refused -> refused(refused, failed, resume);
            case Outcome.TimedOut(Duration limit) ->
                    new Fault(
                            code,
                            limit.toSeconds() == 0
                                    ? "The consult was stopped because it took too long."
                                    : "The consult was stopped after "
                                            + words(limit)
                                            + ", its time limit.",
                            resume + " Ask for less at once, or raise consult.timeout.",
                            failed);
            case Outcome.Stalled(Duration limit) ->
                    new Fault(
                            code,
                            "Claude showed no activity "
                                    + (limit.toSeconds() == 0 ? "" : "for " + words(limit) + " ")
                                    + "and was stopped.",
                            resume,
                            failed);
            case Outcome.Cancelled _ ->
                    new Fault(code, "The consult was cancelled.", resume, false, failed);
            case Outcome.Interrupted(String how) ->
                    new Fault(code, "Claude ended without a result: " + how + ".", resume, failed);
            case Outcome.NotStarted(String words) ->
                    new Fault(
                            code,
                            "Claude could not be started: " + shortened(words) + ".",
                            "Make sure that the command and the directory exist, then ask again.",
                            failed);
        };
    }

    private static Fault refused(Outcome.Refused refused, Failed failed, String resume) {
        UUID session = failed.sessionId();
        String next =
                switch (refused.refusal()) {
                    case NOT_AUTHENTICATED ->
                            refused.retryable()
                                    ? "Two consults may have renewed one login at the same time: wait half a minute, then ask again. If that does not help, run `claude` in a terminal and log in."
                                    : "Run `claude` in a terminal and log in, or set ANTHROPIC_API_KEY for the server. Do not retry until then.";
                    case RATE_LIMITED -> Resumption.afterLimit(failed, refused.words());
                    case OVERLOADED -> Resumption.advice("Wait a minute", session);
                    case MAX_TURNS ->
                            Resumption.advice(session) + " Use a larger max_turns, or omit it.";
                    case BUDGET_EXCEEDED ->
                            Resumption.advice("Raise the budget in the settings", session);
                    case SESSION_NOT_FOUND ->
                            "Omit session_id for a new session, or use one that Claude still has on this machine.";
                    case OUT_OF_CREDIT ->
                            "Add credit to the account of this API key, or log in with a subscription (`claude auth login`) and unset the key; then ask again. Do not retry until then.";
                    case INVALID_REQUEST ->
                            "The same request would be refused again, also in this session: remove or change what Claude complains about, then ask again without session_id.";
                    case CLAUDE_TOO_OLD ->
                            "Update Claude Code with `claude update`, or the way it was installed, then ask again. Do not retry until then.";
                    case CLAUDE_ERROR, BAD_OUTPUT -> resume;
                };
        String words = shortened(refused.words());
        String said = refused.refusal() == Refusal.BAD_OUTPUT ? words : "Claude said: " + words;
        return new Fault(refused.code(), said, next, refused.retryable(), failed);
    }

    /** Logs nothing, since the classes to log with may be missing, too. */
    private static Fault replaced() {
        return new Fault(
                FaultCode.INTERNAL,
                "The files of phone-opus were changed while this server ran, so it cannot continue. Accepted consults keep running.",
                "Restart the server, in most clients by reconnecting it, then ask again.",
                null);
    }

    private static Fault internal(Throwable problem) {
        String id = UUID.randomUUID().toString();
        log.error("fault={} internal", id, problem);
        return new Fault(
                FaultCode.INTERNAL,
                "This is a bug in phone-opus; its log has the details under " + id + ".",
                "Please report it.",
                null);
    }

    private static String shortened(String words) {
        return words.codePointCount(0, words.length()) > MOST_CHARS
                ? words.substring(0, words.offsetByCodePoints(0, MOST_CHARS)) + "…"
                : words;
    }

    private static String words(Duration limit) {
        return limit.toSeconds() % 60 == 0 ? limit.toMinutes() + " min" : limit.toSeconds() + " s";
    }
}
