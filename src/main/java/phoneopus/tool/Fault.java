package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import phoneopus.run.FaultCode;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;

/**
 * A fault, described so that a model can act on it.
 *
 * @param message a plain sentence, or Claude's own message
 * @param next what to do now
 * @param job the failed consult, with the session to resume; null if there is none
 */
public record Fault(
        FaultCode code, String message, String next, boolean retryable, @Nullable Failed job) {
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?…][\"')\\]`”’]*\\s*$");

    /** A fault that is retryable if its code is. */
    Fault(FaultCode code, String message, String next, @Nullable Failed job) {
        this(code, message, next, code.retryable(), job);
    }

    /**
     * A failed consult.
     *
     * @param sessionId the session to resume; null if there is none or resuming it would fail again
     * @param resetsAt when the limit it reached resets; null if unknown
     */
    public record Failed(JobId jobId, @Nullable UUID sessionId, @Nullable Instant resetsAt) {
        private static final DateTimeFormatter TODAY =
                DateTimeFormatter.ofPattern("HH:mm z", Locale.ENGLISH);
        private static final DateTimeFormatter ANOTHER_DAY =
                DateTimeFormatter.ofPattern("HH:mm z 'on' MMM d", Locale.ENGLISH);

        private static final Pattern ACCOUNT_LIMIT =
                Pattern.compile("(?i)hit your|(usage|session|weekly) limit");

        static Failed of(JobRequest request, Completion ended) {
            return new Failed(
                    request.jobId(),
                    resumable(request, ended) ? request.sessionId() : null,
                    ended.outcome() instanceof Outcome.Refused refused ? refused.resetsAt() : null);
        }

        /** Whether the consult's session exists and resuming it may succeed. */
        private static boolean resumable(JobRequest request, Completion ended) {
            boolean there = request.resumed() || !Boolean.FALSE.equals(ended.sessionBegun());
            return there
                    && switch (ended.outcome()) {
                        case Outcome.Refused refused ->
                                switch (refused.refusal()) {
                                    case SESSION_NOT_FOUND,
                                            INVALID_REQUEST,
                                            OUT_OF_CREDIT,
                                            CLAUDE_TOO_OLD ->
                                            false;
                                    case NOT_AUTHENTICATED,
                                            RATE_LIMITED,
                                            OVERLOADED,
                                            MAX_TURNS,
                                            BUDGET_EXCEEDED,
                                            CLAUDE_ERROR,
                                            BAD_OUTPUT ->
                                            true;
                                };
                        case Outcome.NotStarted _ -> request.resumed();
                        case Outcome.Answered _,
                                Outcome.TimedOut _,
                                Outcome.Stalled _,
                                Outcome.Cancelled _,
                                Outcome.Interrupted _ ->
                                true;
                    };
        }

        /** The seconds until the limit resets; null if unknown. */
        @Nullable Long retryAfterS() {
            return resetsAt == null
                    ? null
                    : (Long)
                            Math.max(
                                    0,
                                    Math.ceilDiv(
                                            resetsAt.toEpochMilli() - System.currentTimeMillis(),
                                            1000));
        }

        /**
         * The first step after a limit: one on requests per minute resets soon, an account's not.
         */
        String waitForLimit(String words) {
            if (resetsAt != null) {
                return "The limit resets at %s; retrying earlier does not help. Wait"
                        .formatted(at(resetsAt));
            }
            return ACCOUNT_LIMIT.matcher(words).find()
                    ? "Wait until the limit of this account resets"
                    : "Wait a few minutes";
        }

        private static String at(Instant time) {
            ZonedDateTime when = time.atZone(ZoneId.systemDefault());
            boolean today =
                    when.toLocalDate().equals(ZonedDateTime.now(when.getZone()).toLocalDate());
            return (today ? TODAY : ANOTHER_DAY).format(when);
        }
    }

    /** {@code class/code}, as shown in a head line. */
    public String name() {
        return code.kind().word() + "/" + code.word();
    }

    /** The session to resume; null if there is none. */
    public @Nullable UUID session() {
        return job == null ? null : job.sessionId();
    }

    public String sentence() {
        // The message about an invalid argument already says what would be valid.
        boolean complete = next.isEmpty() || code == FaultCode.INVALID_INPUT;
        if (complete) {
            return message;
        }
        // Claude's words often end without a full stop, and would run into ours.
        return message + (SENTENCE_END.matcher(message).find() ? " " : ". ") + next;
    }

    /** The wire record of a fault. */
    record FaultView(
            Inner fault,
            String operation,
            boolean retryable,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JobId jobId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID sessionId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterS) {

        record Inner(
                @JsonProperty("class") String kind, String code, String message, String next) {}

        static FaultView of(Fault fault, String operation) {
            Fault.Failed job = fault.job();
            return new FaultView(
                    new Inner(
                            fault.code().kind().word(),
                            fault.code().word(),
                            fault.message(),
                            fault.next()),
                    operation,
                    fault.retryable(),
                    job == null ? null : job.jobId(),
                    job == null ? null : job.sessionId(),
                    job == null ? null : job.retryAfterS());
        }
    }
}
