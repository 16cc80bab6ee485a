package phoneopus.claude;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How hard Claude thinks, the values of {@code --effort}. */
public enum Effort {
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    /** The value on the command line and in the tool's schema. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
