package phoneopus.setup;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a check has found.
 *
 * @param mend a command for a shell where one helps, else what to do; null where all is well
 */
public record Finding(String subject, Severity grade, String text, @Nullable String mend) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    static Finding ok(String subject, String text) {
        return new Finding(subject, Severity.OK, text, null);
    }

    static Finding warn(String subject, String text, String mend) {
        return new Finding(subject, Severity.WARN, text, mend);
    }

    static Finding miss(String subject, String text, String mend) {
        return new Finding(subject, Severity.MISS, text, mend);
    }

    /** A command line that a shell takes apart into these words. */
    static String command(Object... words) {
        return Arrays.stream(words)
                .map(Object::toString)
                .map(word ->
                        PLAIN.matcher(word).matches()
                                ? word
                                : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** A command line of this program, which need not be on the PATH. */
    static String ownCommand(Object... words) {
        List<String> own = Launch.ownCommand();
        return command(own.toArray()) + " " + command(words);
    }
}
