package phoneopus.mcp;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of an argument as a client sent it. The schema says what to send; other notations that
 * can mean only one value are understood, too.
 *
 * @param bare the text without the blanks and quotes around it; empty if it is not a string
 */
public record GivenValue(Object value, String bare) {
    /** With braces or a prefix, and with or without hyphens. */
    private static final Pattern UUID_FORM =
            Pattern.compile(
                    "(?i)(?:urn:uuid:)?\\{?([0-9a-f]{8})(-?)([0-9a-f]{4})\\2([0-9a-f]{4})\\2([0-9a-f]{4})\\2([0-9a-f]{12})}?");

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?");

    /** Matches a character that is not blank by the rules of JSON schemas. */
    private static final Pattern NON_BLANK =
            Pattern.compile(
                    "[^\\x00-\\x20\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]");

    private static final String QUOTES = "\"'`";

    /** A value in quotes in quotes is the most that was seen. */
    private static final int MOST_QUOTES = 2;

    static GivenValue of(Object value) {
        return new GivenValue(value, value instanceof String text ? bare(text) : "");
    }

    /** Whether the value is that word of a choice, in any notation. */
    public static boolean means(@Nullable Object value, String word) {
        return value != null && of(value).word().equals(word);
    }

    private static String bare(String text) {
        String bare = text.strip();
        for (int i = 0; i < MOST_QUOTES; i++) {
            int last = bare.length() - 1;
            if (last < 1
                    || QUOTES.indexOf(bare.charAt(0)) < 0
                    || bare.charAt(0) != bare.charAt(last)) {
                break;
            }
            bare = bare.substring(1, last).strip();
        }
        return bare;
    }

    /** Whether it has only blanks by the rules of JSON schemas. */
    boolean isBlank() {
        return !NON_BLANK.matcher(value.toString()).find();
    }

    /** Whether it is a string that stands for nothing. */
    boolean isNone() {
        return value instanceof String && (bare.isEmpty() || bare.equalsIgnoreCase("null"));
    }

    /** The word in lower case. */
    String word() {
        return bare.toLowerCase(Locale.ROOT);
    }

    /** NaN if it is no number. */
    double number() {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        return NUMBER.matcher(bare).matches() ? Double.parseDouble(bare) : Double.NaN;
    }

    /** Null if it is neither true nor false. */
    @Nullable Boolean flag() {
        return switch (word()) {
            case "true" -> true;
            case "false" -> false;
            default -> value instanceof Boolean flag ? flag : null;
        };
    }

    /** In the usual form; null if it is no UUID. */
    @Nullable String uuid() {
        Matcher form = UUID_FORM.matcher(word());
        return form.matches() ? form.replaceFirst("$1-$3-$4-$5-$6") : null;
    }

    /** The value and its type in JSON, since {@code "5"} and {@code 5} look the same in quotes. */
    String described() {
        String type =
                switch (value) {
                    case String _ -> "string";
                    case Number _ -> "number";
                    case Boolean _ -> "boolean";
                    case Iterable<?> _ -> "array";
                    default -> "object";
                };
        return InvalidArgumentException.quote(value) + " (" + type + ")";
    }
}
