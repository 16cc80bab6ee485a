package phoneopus.mcp;

import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a misspelt one means. */
public final class Misspelling {
    private Misspelling() {}

    /**
     * The known name that is closest; null if none is close.
     *
     * @param mostWrong the largest edit distance, by the length of the known name
     */
    public static @Nullable String nearest(
            String name, Iterable<String> known, IntUnaryOperator mostWrong) {
        String letters = letters(name);
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            String right = letters(candidate);
            int most = mostWrong.applyAsInt(right.length());
            // A long name is not worth the comparison.
            int distance =
                    Math.abs(letters.length() - right.length()) > most
                            ? Integer.MAX_VALUE
                            : distance(letters, right);
            if (distance <= most && distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Lower-case letters and digits alone: notations such as {@code sessionId} are equal then. */
    public static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** The edit distance: letters to change, insert or delete; a swapped pair counts as two. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
