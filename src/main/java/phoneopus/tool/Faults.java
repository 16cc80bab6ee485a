package phoneopus.tool;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.run.Answer;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Sessions.SessionNotFoundException;
import phoneopus.spool.StateUnavailableException;
import phoneopus.tool.Fault.Failed;

/** Turns exceptions and outcomes into faults; no other class does. */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private static final int MOST_CHARS = 2_000;

    private Faults() {}

    /** The fault of a call that failed with an exception, in words for a model. */
    public static Fault of(Throwable problem) {
        return of(problem, Wording.MCP);
    }

    /** The fault of a call that failed with an exception. */
    public static Fault of(Throwable problem, Wording wording) {
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
                yield new Fault(
                        e.code(),
                        e.problem() + e.file().map(wording::file).orElse(""),
                        e.advice(),
                        e.consult()
                                .map(request ->
                                        new Failed(request.jobId(), request.sessionId(), null))
                                .orElse(null));
            }
            case FaultException e -> of(e, wording);
            case OutOfMemoryError e when String.valueOf(e.getMessage()).contains("thread") -> {
                log.warn("no thread could be started");
                yield new Fault(
                        FaultCode.SPAWN_FAILED,
                        "phone-opus cannot start more threads or processes on this machine.",
                        wording.user("end some or raise the limit of processes", "ulimit -u"),
                        true,
                        null);
            }
            default -> internal(problem);
        };
    }

    private static Fault of(FaultException problem, Wording wording) {
        String advice =
                switch (problem) {
                    case JobNotFoundException _ -> "List all jobs with " + wording.list() + ".";
                    case SessionNotFoundException _ ->
                            "Omit " + wording.argument("session_id") + " for a new one.";
                    case ClaudeNotFoundException _ ->
                            wording.user("run `phone-opus doctor`, which prints the fix", "");
                    case ClaudeTooOldException e ->
                            wording.user(
                                    "update Claude Code (`phone-opus doctor` prints the command)",
                                    e.update());
                    default -> problem.advice();
                };
        return new Fault(problem.code(), problem.problem(), advice, problem.retryable(), null);
    }

    /** The fault of a finished consult, in words for a model; empty if it was answered. */
    public static Optional<Fault> of(JobRequest request, Completion ended) {
        return of(request, ended, Wording.MCP);
    }

    /** The fault of a finished consult; empty if it was answered. */
    public static Optional<Fault> of(JobRequest request, Completion ended, Wording wording) {
        return ended.outcome() instanceof Outcome.Failure failure
                ? Optional.of(of(request, ended, failure, wording))
                : Optional.empty();
    }

    /** The session that the job uses or that can be resumed after it; null if there is none. */
    public static @Nullable UUID session(Job job) {
        Completion ended = job.ended();
        if (ended == null) {
            return job.request().sessionId();
        }
        Answer answer = job.answer();
        return answer == null
                ? Failed.of(job.request(), ended).sessionId()
                : job.request().sessionAfter(answer);
    }

    /** The fault of a job; empty if it was answered or is not over. */
    static Optional<Fault> of(Job job, Wording wording) {
        return job.ended() == null ? Optional.empty() : of(job.request(), job.ended(), wording);
    }

    private static Fault of(
            JobRequest request, Completion ended, Outcome.Failure failure, Wording wording) {
        Failed failed = Failed.of(request, ended);
        UUID session = failed.sessionId();
        String resume = wording.goOn("", session);
        FaultCode code = failure.code();
        return switch (failure) {
            case Outcome.Refused refused -> refused(refused, failed, wording);
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
                    new Fault(
                            code,
                            "The consult was cancelled.",
                            // Somebody did not want it, so nobody is told to repeat it.
                            wording.goOn("If its answer is wanted after all, ", session),
                            false,
                            failed);
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

    private static Fault refused(Outcome.Refused refused, Failed failed, Wording wording) {
        UUID session = failed.sessionId();
        String resume = wording.goOn("", session);
        String sessionId = wording.argument("session_id");
        String maxTurns = wording.argument("max_turns");
        String next =
                switch (refused.refusal()) {
                    case NOT_AUTHENTICATED ->
                            (refused.retryable()
                                            ? "Two consults may have renewed one login at the same time: wait half a minute, then ask again. If that does not help: "
                                            : "")
                                    + wording.user(
                                            "log in to Claude Code again or correct its API key (`phone-opus doctor` shows which is used)",
                                            "claude auth login");
                    case RATE_LIMITED ->
                            wording.goOn(failed.waitForLimit(refused.words()) + ", then ", session);
                    case OVERLOADED -> wording.goOn("Wait a minute, then ", session);
                    case MAX_TURNS -> resume + " Use a larger " + maxTurns + ", or omit it.";
                    case BUDGET_EXCEEDED ->
                            wording.goOn("Raise the budget in the settings, then ", session);
                    case SESSION_NOT_FOUND ->
                            "Omit %s for a new session, or use one that Claude still has on this machine."
                                    .formatted(sessionId);
                    case OUT_OF_CREDIT ->
                            wording.user(
                                    "add credit to the account of this API key, or log in with a subscription and unset the key",
                                    "claude auth login");
                    case INVALID_REQUEST ->
                            "The same request would be refused again, also in this session: remove or change what Claude complains about, then ask again without %s."
                                    .formatted(sessionId);
                    case CLAUDE_TOO_OLD ->
                            wording.user(
                                    "update Claude Code (`phone-opus doctor` prints the command)",
                                    "claude update");
                    case CLAUDE_ERROR ->
                            refused.retryable()
                                    ? resume
                                    : wording.goOn(
                                            "Correct what Claude complains about, then ", session);
                    case BAD_OUTPUT -> resume;
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
