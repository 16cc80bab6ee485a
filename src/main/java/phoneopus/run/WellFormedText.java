package phoneopus.run;

/** Makes the command's text valid for every reader. */
public final class WellFormedText {
    private WellFormedText() {}

    /**
     * Replaces each unpaired surrogate, which no encoding can represent, by a replacement
     * character.
     */
    public static String whole(String text) {
        StringBuilder whole = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired =
                    Character.isHighSurrogate(c)
                            ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                            : Character.isLowSurrogate(c)
                                    && i > 0
                                    && Character.isHighSurrogate(text.charAt(i - 1));
            if (Character.isSurrogate(c) && !paired) {
                if (whole == null) {
                    whole = new StringBuilder(text);
                }
                whole.setCharAt(i, '\ufffd');
            }
        }
        return whole == null ? text : whole.toString();
    }
}
