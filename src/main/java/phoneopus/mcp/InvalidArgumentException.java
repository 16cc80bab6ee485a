package phoneopus.mcp;

/**
 * An invalid argument of a tool. The message is for the caller: it names the argument and the value
 * received.
 */
public final class InvalidArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_QUOTE = 100;

    public InvalidArgumentException(String message) {
        super(message);
    }

    /** The value as shown in a message: on one line and shortened. */
    public static String quote(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
        if (text.codePointCount(0, text.length()) <= LONGEST_QUOTE) {
            return "`" + text + "`";
        }
        return "`" + text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE)) + "…`";
    }
}
