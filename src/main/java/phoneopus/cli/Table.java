package phoneopus.cli;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns. No line is wider than the terminal: the last column is cut. */
final class Table {
    private static final String GAP = "  ";

    private final int width;
    private final List<String[]> rows = new ArrayList<>();

    Table(int width, String... headers) {
        this.width = width;
        rows.add(headers);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        int last = rows.getFirst().length - 1;
        int[] widths = new int[last];
        for (String[] row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], columns(row[i]));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(row[i]).repeat(' ', widths[i] - columns(row[i])).append(GAP);
            }
            line.append(row[last]);
            text.append(cut(line.toString().stripTrailing(), width)).append('\n');
        }
        return text.toString();
    }

    /** The text on one line, cut at the end to that many columns. */
    static String cut(String text, int most) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        if (columns(line) <= most) {
            return line;
        }
        StringBuilder cut = new StringBuilder();
        int left = most - 1;
        for (int i = 0; i < line.length(); i = line.offsetByCodePoints(i, 1)) {
            left -= columns(line.codePointAt(i));
            if (left < 0) {
                break;
            }
            cut.appendCodePoint(line.codePointAt(i));
        }
        return cut.append('…').toString();
    }

    private static int columns(String text) {
        return text.codePoints().map(Table::columns).sum();
    }

    /** Terminals show Chinese, Japanese, Korean and pictures two columns wide. */
    private static int columns(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default ->
                    Character.isIdeographic(character)
                                    || (character >= 0x1100 && character <= 0x115f)
                                    || (character >= 0x3000 && character <= 0x30ff)
                                    || (character >= 0xac00 && character <= 0xd7a3)
                                    || (character >= 0xff00 && character <= 0xff60)
                                    || (character >= 0x1f300 && character <= 0x1faff)
                            ? 2
                            : 1;
        };
    }
}
