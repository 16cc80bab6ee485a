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

    /**
     * From the offset on, cut at the last line end in the last tenth of what may be returned, else
     * at the limit.
     */
    static Excerpt of(String answer, int offset, int mostChars) {
        int chars = answer.codePointCount(0, answer.length());
        int first = Math.min(offset, chars);
        int start = answer.offsetByCodePoints(0, first);
        if (chars - first <= mostChars) {
            return new Excerpt(answer.substring(start), chars, null);
        }
        int limit = answer.offsetByCodePoints(start, mostChars);
        int lastTenth = answer.offsetByCodePoints(start, mostChars - mostChars / 10);
        int lineEnd = answer.lastIndexOf('\n', limit - 1);
        int end = lineEnd >= lastTenth ? lineEnd + 1 : limit;
        return new Excerpt(
                answer.substring(start, end), chars, first + answer.codePointCount(start, end));
    }

    boolean cut() {
        return nextOffset != null;
    }
}
