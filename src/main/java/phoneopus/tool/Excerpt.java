package phoneopus.tool;

import org.jspecify.annotations.Nullable;

/**
 * The part of an answer that is returned at once, so that a long answer does not flood a client.
 * Offsets and counts are in code points of the whole answer.
 *
 * @param chars the length of the whole answer
 * @param nextOffset the first code point after the text; null if nothing follows
 */
record Excerpt(String text, int chars, @Nullable Integer nextOffset) {
    /** The result size of a tool beyond which known clients cut it or move it to a file. */
    private static final int MOST_TOKENS = 25_000;

    /**
     * The number of characters of plain English text or code that surely fit in that many tokens.
     */
    private static final int ENGLISH_IN_MOST_TOKENS = 40_000;

    /**
     * The answer from the offset, cut at the last line end in the last tenth of the limit or,
     * without one, at the limit. In some scripts few characters are many tokens, so their estimated
     * number is limited, too.
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

    /** The answer from the offset to its end. */
    static Excerpt whole(String answer, int offset) {
        int chars = answer.codePointCount(0, answer.length());
        int start = answer.offsetByCodePoints(0, Math.min(offset, chars));
        return new Excerpt(answer.substring(start), chars, null);
    }

    /** The length of the whole answer; null if nothing was cut. */
    @Nullable Integer charsWhereCut() {
        return cut() ? (Integer) chars : null;
    }

    boolean cut() {
        return nextOffset != null;
    }

    /** If the settings allow more characters than usual, allows more tokens in proportion. */
    private static double mostTokens(int mostChars) {
        return MOST_TOKENS * Math.max(1.0, (double) mostChars / ENGLISH_IN_MOST_TOKENS);
    }

    /** The number of code points after the start that fit in that many tokens. */
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
     * A cautious estimate by the length of the character in UTF-8, since tokens are made of bytes:
     * a character of English text is a quarter of a token, of dense code half a token, a Cyrillic
     * character somewhat more, a Chinese one up to two tokens, a rare one up to three.
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
