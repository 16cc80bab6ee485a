package phoneopus.claude;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a running Claude was last seen doing.
 *
 * @param turns turns of the main agent so far
 * @param last the last thing it did, such as {@code Read src/Main.java}; null before the first
 * @param costUsd what it cost so far; null while the command has not said
 */
public record Activity(int turns, @Nullable String last, @Nullable Double costUsd) {
    static final Activity NONE = new Activity(0, null, null);

    /** One line for a person: {@code turn 3: Read src/Main.java, $0.04}. */
    public String line() {
        String doing =
                turns == 0
                        ? (last == null ? "starting" : last)
                        : "turn " + turns + (last == null ? "" : ": " + last);
        return costUsd == null ? doing : doing + String.format(Locale.ROOT, ", $%.2f", costUsd);
    }
}
