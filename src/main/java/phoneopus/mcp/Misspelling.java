package phoneopus.mcp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Finds the known names that a misspelt one may mean. */
public final class Misspelling {
    private Misspelling() {}

    /**
     * The known names that are closest, in their order; empty if none is close.
     *
     * @param mostWrong the largest edit distance, by the length of the known name
     */
    public static List<String> nearest(
            String name, Collection<String> known, IntUnaryOperator mostWrong) {
        String letters = letters(name);
        List<String> nearest = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            String right = letters(candidate);
            int most = Math.min(least, mostWrong.applyAsInt(right.length()));
            // A long name is not worth the comparison.
            if (Math.abs(letters.length() - right.length()) > most) {
                continue;
            }
            int distance = distance(letters, right);
            if (distance < least && distance <= most) {
                least = distance;
                nearest.clear();
            }
            if (distance <= most) {
                nearest.add(candidate);
            }
        }
        return nearest;
    }

    /** Lower-case letters and digits alone: notations such as {@code sessionId} are equal then. */
    public static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** How many letters to change, insert, delete, or swap with the next. */
    private static int distance(String one, String other) {
        int[][] least = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                least[i][j] =
                        Math.min(
                                least[i - 1][j - 1] + changed,
                                1 + Math.min(least[i - 1][j], least[i][j - 1]));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
                }
            }
        }
        return least[one.length()][other.length()];
    }
}
