package phoneopus.tool;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;
import phoneopus.job.JobQueue.QueueFullException;
import phoneopus.job.JobQueue.TooManyRequestsException;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.original.OriginalUnavailableException;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Sessions.SessionNotFoundException;
import phoneopus.spool.StateUnavailableException;
import phoneopus.tool.Fault.Failed;
import phoneopus.tool.Fault.Kind;

/** Exceptions and endings → faults: the only place where one becomes the other. */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private static final int MOST_WORDS = 2_000;
    private static final String AGAIN = "Try again";

    private Faults() {}

    /** Of a call that failed before there was a consult. */
    public static Fault of(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError) {
                return replaced();
            }
        }
        return switch (problem) {
            case InvalidArgumentException e ->
                    new Fault(
                            Kind.PROTOCOL,
                            "invalid_input",
                            message(e),
                            "Correct that argument and call again.",
                            false,
                            null);
            case ClaudeTooOldException e ->
                    advised(Kind.PROCESS, "claude_too_old", e, "Update", false, null);
            case ClaudeNotFoundException e ->
                    advised(Kind.PROCESS, "claude_not_found", e, "Install it", false, null);
            case JobNotFoundException e ->
                    advised(Kind.PROTOCOL, "not_found", e, "List jobs", false, null);
            case SessionNotFoundException e ->
                    advised(
                            Kind.DOWNSTREAM,
                            "session_not_found",
                            e,
                            "Omit session_id",
                            false,
                            null);
            case OriginalUnavailableException e ->
                    new Fault(
                            Kind.RESOURCE, "store_unavailable", message(e), "", e.passing(), null);
            case QueueFullException e -> advised(Kind.RESOURCE, "queue_full", e, AGAIN, true, null);
            case TooManyRequestsException e ->
                    advised(Kind.RESOURCE, "too_many_requests", e, AGAIN, true, null);
            case StateUnavailableException e -> {
                log.warn("store unavailable: {}", String.valueOf(e.getCause()));
                Failed consult =
                        e.consult()
                                .map(request ->
                                        new Failed(request.jobId(), request.sessionId(), null))
                                .orElse(null);
                yield advised(Kind.RESOURCE, "store_unavailable", e, "Make sure", true, consult);
            }
            case OutOfMemoryError e when String.valueOf(e.getMessage()).contains("thread") -> {
                log.warn("no thread could be started");
                yield new Fault(
                        Kind.PROCESS,
                        "spawn_failed",
                        "phone-opus cannot start more threads or processes on this machine.",
                        "End some, or raise the limit (ulimit -u), then ask again.",
                        true,
                        null);
            }
            default -> internal(problem);
        };
    }

    /** Of a consult that ended without an answer; empty where it was answered. */
    public static Optional<Fault> of(JobRequest request, Completion ended) {
        Failed failed =
                new Failed(
                        request.jobId(),
                        Resumption.possible(request, ended) ? request.sessionId() : null,
                        ended.outcome() instanceof Outcome.Refused refused
                                ? refused.resetsAtUnixMs()
                                : null);
        String resume = Resumption.advice(failed.sessionId());
        return switch (ended.outcome()) {
            case Outcome.Answered _ -> Optional.empty();
            case Outcome.Refused refused -> Optional.of(refused(refused, failed, resume));
            case Outcome.TimedOut(Duration limit) ->
                    Optional.of(
                            new Fault(
                                    Kind.TIMEOUT,
                                    "timed_out",
                                    limit.toSeconds() == 0
                                            ? "The consult was stopped because it took too long."
                                            : "The consult was stopped after "
                                                    + words(limit)
                                                    + ", its time limit.",
                                    resume + " Ask for less at once, or raise consult.timeout.",
                                    false,
                                    failed));
            case Outcome.Stalled(Duration limit) ->
                    Optional.of(
                            new Fault(
                                    Kind.TIMEOUT,
                                    "stalled",
                                    "Claude showed no activity "
                                            + (limit.toSeconds() == 0
                                                    ? ""
                                                    : "for " + words(limit) + " ")
                                            + "and was stopped.",
                                    resume,
                                    true,
                                    failed));
            case Outcome.Cancelled _ ->
                    Optional.of(
                            new Fault(
                                    Kind.PROCESS,
                                    "interrupted",
                                    "The consult was cancelled.",
                                    resume,
                                    false,
                                    failed));
            case Outcome.Interrupted(String how) ->
                    Optional.of(
                            new Fault(
                                    Kind.PROCESS,
                                    "interrupted",
                                    "Claude ended without a result: " + how + ".",
                                    resume,
                                    true,
                                    failed));
            case Outcome.NotStarted(String words) ->
                    Optional.of(
                            new Fault(
                                    Kind.PROCESS,
                                    "spawn_failed",
                                    "Claude could not be started: " + shortened(words) + ".",
                                    "Make sure that the command and the directory exist, then ask again.",
                                    false,
                                    failed));
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
        String code = refused.refusal().name().toLowerCase(Locale.ROOT);
        String words = shortened(refused.words());
        String said = refused.refusal() == Refusal.BAD_OUTPUT ? words : "Claude said: " + words;
        Kind kind = refused.refusal() == Refusal.CLAUDE_TOO_OLD ? Kind.PROCESS : Kind.DOWNSTREAM;
        return new Fault(kind, code, said, next, refused.retryable(), failed);
    }

    /**
     * The advice that the message ends in stands by itself, where it is.
     *
     * @param advice its first words
     */
    private static Fault advised(
            Kind kind,
            String code,
            Throwable problem,
            String advice,
            boolean retryable,
            @Nullable Failed consult) {
        String message = message(problem);
        int start = message.lastIndexOf(" " + advice);
        return start < 0
                ? new Fault(kind, code, message, "", retryable, consult)
                : new Fault(
                        kind,
                        code,
                        message.substring(0, start),
                        message.substring(start + 1),
                        retryable,
                        consult);
    }

    /** Without a word in the log: what that takes may not be there either. */
    private static Fault replaced() {
        return new Fault(
                Kind.INVARIANT,
                "internal",
                "The files of phone-opus were changed while this server ran, so it cannot continue. Accepted consults keep running.",
                "Restart the server, in most clients by reconnecting it, then ask again.",
                false,
                null);
    }

    private static Fault internal(Throwable problem) {
        String id = UUID.randomUUID().toString();
        log.error("fault={} internal", id, problem);
        return new Fault(
                Kind.INVARIANT,
                "internal",
                "This is a bug in phone-opus; its log has the details under " + id + ".",
                "Please report it.",
                false,
                null);
    }

    private static String message(Throwable problem) {
        return String.valueOf(problem.getMessage());
    }

    private static String shortened(String words) {
        return words.codePointCount(0, words.length()) > MOST_WORDS
                ? words.substring(0, words.offsetByCodePoints(0, MOST_WORDS)) + "…"
                : words;
    }

    private static String words(Duration limit) {
        return limit.toSeconds() % 60 == 0 ? limit.toMinutes() + " min" : limit.toSeconds() + " s";
    }
}
