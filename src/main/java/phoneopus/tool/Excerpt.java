package phoneopus.tool;

import org.jspecify.annotations.Nullable;

/**
 * As much of an answer as is returned at once, so that a long one never floods a client. Offsets
 * and counts are in code points of the whole answer.
 *
 * @param chars of the whole answer
 * @param nextOffset first one after the text; null where nothing follows
 */
record Excerpt(String text, int chars, @Nullable Integer nextOffset) {
    /** What clients are known to take of a tool's result before they cut it or put it aside. */
    private static final int MOST_TOKENS = 25_000;

    /** The most characters of plain English text or code that are surely not more tokens. */
    private static final int ENGLISH_IN_MOST_TOKENS = 40_000;

    /**
     * From the offset on, cut at the last line end in the last tenth of what may be returned, else
     * at the limit. Few characters of some scripts are many tokens, so an estimate of those is a
     * limit, too.
     */
    static Excerpt of(String answer, int offset, int mostChars) {
        int chars = answer.codePointCount(0, answer.length());
        int first = Math.min(offset, chars);
        int start = answer.offsetByCodePoints(0, first);
        int most = Math.min(mostChars, within(answer, start, mostTokens(mostChars)));
        if (chars - first <= most) {
            return new Excerpt(answer.substring(start), chars, null);
        }
        int limit = answer.offsetByCodePoints(start, most);
        int lastTenth = answer.offsetByCodePoints(start, most - most / 10);
        int lineEnd = answer.lastIndexOf('\n', limit - 1);
        int end = lineEnd >= lastTenth ? lineEnd + 1 : limit;
        return new Excerpt(
                answer.substring(start, end), chars, first + answer.codePointCount(start, end));
    }

    /** From the offset on, however long. */
    static Excerpt whole(String answer, int offset) {
        int chars = answer.codePointCount(0, answer.length());
        int start = answer.offsetByCodePoints(0, Math.min(offset, chars));
        return new Excerpt(answer.substring(start), chars, null);
    }

    /** How long the whole is; null where that is all. */
    @Nullable Integer charsWhereCut() {
        return cut() ? (Integer) chars : null;
    }

    boolean cut() {
        return nextOffset != null;
    }

    /** Whoever allows more characters than usual allows more tokens in proportion. */
    private static double mostTokens(int mostChars) {
        return MOST_TOKENS * Math.max(1.0, (double) mostChars / ENGLISH_IN_MOST_TOKENS);
    }

    /** How many code points from there on are at most so many tokens. */
    private static int within(String answer, int start, double mostTokens) {
        double tokens = 0;
        int codePoints = 0;
        for (int i = start; i < answer.length(); i = answer.offsetByCodePoints(i, 1)) {
            tokens += tokens(answer.codePointAt(i));
            if (tokens > mostTokens) {
                break;
            }
            codePoints++;
        }
        return codePoints;
    }

    /**
     * A guess on the safe side, by how long the character is in UTF-8, which is what tokens are
     * made of: one of English text is a quarter of a token, of dense code half of one, a Cyrillic
     * one somewhat more, a Chinese one up to two, a rare one up to three.
     */
    private static double tokens(int codePoint) {
        if (codePoint < 0x80) {
            return 0.6;
        }
        if (codePoint < 0x800) {
            return 1;
        }
        return codePoint < 0x10000 ? 2 : 3;
    }
}
