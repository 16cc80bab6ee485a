package phoneopus.tool;

import org.jspecify.annotations.Nullable;

/**
 * As much of an answer as is returned at once, so that a long one never floods a client.
 *
 * @param chars code points of the whole answer
 * @param nextOffset first code point that is not in the text; null where all the rest is
 */
record Excerpt(String text, int chars, @Nullable Integer nextOffset) {

    /** Cut at the last line end in the last tenth of what may be returned, else at the limit. */
    static Excerpt of(String answer, int mostChars) {
        int chars = answer.codePointCount(0, answer.length());
        if (chars <= mostChars) {
            return new Excerpt(answer, chars, null);
        }
        int limit = answer.offsetByCodePoints(0, mostChars);
        int lastTenth = answer.offsetByCodePoints(0, mostChars - mostChars / 10);
        int lineEnd = answer.lastIndexOf('\n', limit - 1);
        int end = lineEnd >= lastTenth ? lineEnd + 1 : limit;
        return new Excerpt(answer.substring(0, end), chars, answer.codePointCount(0, end));
    }

    boolean cut() {
        return nextOffset != null;
    }
}
