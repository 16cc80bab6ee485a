package phoneopus.setup;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A result of a check.
 *
 * @param subject what was checked, in a word or two
 * @param fix a shell command if one helps, else an instruction; null if nothing is wrong
 */
public record Finding(String subject, Severity severity, String text, @Nullable String fix) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** How serious the finding is. */
    public enum Severity {
        OK("ok"),
        /** It works, but not as well or as safely as it could. */
        WARN("warn"),
        /** Consults fail, or answers get lost. */
        ERROR("ERROR");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** The printed form. */
        public String word() {
            return word;
        }
    }

    /** Collects the findings of one check. */
    static final class Collector {
        private final String subject;
        private final List<Finding> all = new ArrayList<>();

        Collector(String subject) {
            this.subject = subject;
        }

        void ok(String text) {
            all.add(new Finding(subject, Severity.OK, text, null));
        }

        void warn(String text, String fix) {
            all.add(new Finding(subject, Severity.WARN, text, fix));
        }

        void error(String text, String fix) {
            all.add(new Finding(subject, Severity.ERROR, text, fix));
        }

        List<Finding> all() {
            return all;
        }
    }

    /** A command line that a shell splits into these words. */
    public static String command(Object... words) {
        return Arrays.stream(words)
                .map(Object::toString)
                .map(word ->
                        PLAIN.matcher(word).matches()
                                ? word
                                : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** Why a file could not be read or written, briefly and without Java class names. */
    static String reason(Exception failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case FileSystemException e -> "something is in the way at " + e.getFile();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
