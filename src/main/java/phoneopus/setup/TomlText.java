package phoneopus.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text of TOML and where its statements are. It is read after a parser has accepted it, so what
 * is looked for here is only where strings, comments and brackets end.
 */
record TomlText(String text, List<Statement> statements) {

    /**
     * A table's header, or a key with its value.
     *
     * @param path in full, with the table that it stands in
     * @param start of its line
     * @param end after its line
     * @param valueStart of a header: where it starts, too
     */
    record Statement(
            boolean header, List<String> path, int start, int end, int valueStart, int valueEnd) {
        /** Whether that place is what is said here, or in the inline table that is. */
        boolean leadsTo(List<String> place) {
            return place.size() >= path.size() && place.subList(0, path.size()).equals(path);
        }

        /** The text with another value here. */
        String with(String text, String value) {
            return text.substring(0, valueStart) + value + text.substring(valueEnd);
        }

        boolean within(List<String> place) {
            return path.size() >= place.size() && path.subList(0, place.size()).equals(place);
        }
    }

    static TomlText read(String text) {
        return new TomlText(text, new TomlScanner(text).statements());
    }

    String newline() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** The key with a value that says what is at that place, alone or in an inline table. */
    Optional<Statement> lineOf(List<String> place) {
        return statements.stream()
                .filter(statement -> !statement.header() && statement.leadsTo(place))
                .findFirst();
    }

    /** Where a further key of that table can be put; empty where it has no header. */
    Optional<Integer> endOfTable(List<String> table) {
        int end = -1;
        boolean inside = false;
        for (Statement statement : statements) {
            if (statement.header()) {
                inside = statement.path().equals(table);
            }
            end = inside ? statement.end() : end;
        }
        return end < 0 ? Optional.empty() : Optional.of(end);
    }

    /** Without all that is said of that place, and without the blank line that it leaves over. */
    String without(List<String> place) {
        List<int[]> cuts = new ArrayList<>();
        boolean following = false;
        for (Statement statement : statements) {
            boolean gone = statement.within(place);
            if (gone && following) {
                cuts.getLast()[1] = statement.end(); // With the comments in between.
            } else if (gone) {
                cuts.add(new int[] {statement.start(), statement.end()});
            }
            following = gone;
        }
        StringBuilder edited = new StringBuilder(text);
        for (int[] cut : cuts.reversed()) {
            boolean blankAfter = text.substring(cut[1]).lines().findFirst().orElse("").isBlank();
            int start = cut[0];
            String before = text.substring(0, start);
            if (blankAfter && before.endsWith(newline() + newline())) {
                start -= newline().length();
            } else if (blankAfter && before.isEmpty() && cut[1] < text.length()) {
                cut[1] = text.indexOf('\n', cut[1]) + 1;
            }
            edited.delete(start, cut[1]);
        }
        return edited.toString();
    }
}
