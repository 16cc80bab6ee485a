package phoneopus.claude;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How hard Claude thinks, as in {@code --effort}. */
public enum Effort {
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    /** The word of the command line and of the tool's schema. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
