package phoneopus.spool;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import phoneopus.run.Outcome;

/** The state of a consult. The last three are final. */
public enum JobStatus {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public static JobStatus of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered _ -> SUCCEEDED;
            case Outcome.Cancelled _ -> CANCELLED;
            case Outcome.Refused _,
                    Outcome.TimedOut _,
                    Outcome.Stalled _,
                    Outcome.Interrupted _,
                    Outcome.NotStarted _ ->
                    FAILED;
        };
    }

    public boolean done() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
