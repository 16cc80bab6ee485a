package phoneopus.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;

/** Names one consult, for ever and everywhere: its directory, its row, its handle. */
public record JobId(@JsonValue UUID value) {
    @JsonCreator
    public JobId {}

    static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** Empty where the text is no UUID. */
    static Optional<JobId> parse(String text) {
        try {
            return Optional.of(new JobId(UUID.fromString(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
