package phoneopus.mcp;

/**
 * JSON that is one line for everybody: some clients also end a line at U+0085, U+2028 and U+2029,
 * which JSON lets stand in a string as they are.
 */
public final class LineSafeJson {
    private LineSafeJson() {}

    /**
     * The same JSON with those characters escaped, and the other control characters that JSON
     * allows.
     *
     * @param json has them nowhere but in strings
     */
    public static String of(String json) {
        int first = 0;
        while (first < json.length() && !unsafe(json.charAt(first))) {
            first++;
        }
        if (first == json.length()) {
            return json;
        }
        StringBuilder safe = new StringBuilder(json.length() + 32).append(json, 0, first);
        for (int i = first; i < json.length(); i++) {
            char character = json.charAt(i);
            if (unsafe(character)) {
                safe.append("\\u%04x".formatted((int) character));
            } else {
                safe.append(character);
            }
        }
        return safe.toString();
    }

    private static boolean unsafe(char character) {
        return (character >= '\u007f' && character <= '\u009f')
                || character == '\u2028'
                || character == '\u2029';
    }
}
