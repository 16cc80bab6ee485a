package phoneopus.spool;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a caller waits for the job. */
public enum JobMode {
    SYNC,
    BACKGROUND;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
