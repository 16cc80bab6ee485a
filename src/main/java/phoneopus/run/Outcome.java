package phoneopus.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a run ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "ending")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Outcome.TimedOut.class, name = "timed_out"),
    @JsonSubTypes.Type(value = Outcome.Stalled.class, name = "stalled"),
    @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled"),
    @JsonSubTypes.Type(value = Outcome.Interrupted.class, name = "interrupted"),
    @JsonSubTypes.Type(value = Outcome.NotStarted.class, name = "not_started"),
})
public sealed interface Outcome {
    /** Whether it was read completely: a field missing in the file is null. */
    default boolean whole() {
        return switch (this) {
            case Answered(Answer answer) -> answer != null && answer.response() != null;
            case Refused refused -> refused.refusal() != null && refused.words() != null;
            case TimedOut(Duration limit) -> limit != null;
            case Stalled(Duration limit) -> limit != null;
            case Cancelled _ -> true;
            case Interrupted(String how) -> how != null;
            case NotStarted(String words) -> words != null;
        };
    }

    /** The cost in US dollars as the command reports it; null if it reports none. */
    default @Nullable Double totalCostUsd() {
        return this instanceof Answered(Answer answer) ? answer.totalCostUsd() : null;
    }

    record Answered(Answer answer) implements Outcome {}

    /** An outcome without an answer. */
    sealed interface Failure extends Outcome {
        default FaultCode code() {
            return switch (this) {
                case Refused refused -> refused.refusal().code();
                case TimedOut _ -> FaultCode.TIMED_OUT;
                case Stalled _ -> FaultCode.STALLED;
                case Cancelled _, Interrupted _ -> FaultCode.INTERRUPTED;
                case NotStarted _ -> FaultCode.SPAWN_FAILED;
            };
        }
    }

    /**
     * Claude or its service refused.
     *
     * @param words its message
     * @param totalCostUsd what it cost anyway; null if not reported
     * @param resetsAt when the exceeded limit is lifted; null if unknown
     */
    record Refused(
            Refusal refusal,
            String words,
            boolean retryable,
            @Nullable Double totalCostUsd,
            @JsonProperty("resets_at_unix_ms") @Nullable Instant resetsAt)
            implements Failure {

        /** A refusal without such a time. */
        public Refused(
                Refusal refusal, String words, boolean retryable, @Nullable Double totalCostUsd) {
            this(refusal, words, retryable, totalCostUsd, null);
        }
    }

    record TimedOut(Duration limit) implements Failure {}

    record Stalled(Duration limit) implements Failure {}

    record Cancelled() implements Failure {}

    /** It ended without a result: it was killed, or the machine went down. */
    record Interrupted(String how) implements Failure {}

    record NotStarted(String words) implements Failure {}
}
