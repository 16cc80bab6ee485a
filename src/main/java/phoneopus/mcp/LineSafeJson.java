package phoneopus.mcp;

/**
 * Escapes JSON so that every client reads it as one line: some clients also end a line at U+0085,
 * U+2028 and U+2029, which JSON allows unescaped in strings.
 */
public final class LineSafeJson {
    private LineSafeJson() {}

    /**
     * Escapes those characters and the other control characters that JSON allows.
     *
     * @param json JSON with these characters only in strings
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
