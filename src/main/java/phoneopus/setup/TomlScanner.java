package phoneopus.setup;

import java.util.ArrayList;
import java.util.List;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Splits a TOML text into its statements. */
final class TomlScanner {
    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private List<String> table = List.of();
    private int at;

    /**
     * A table header, or a key with its value.
     *
     * @param path the full path, including the table
     * @param start of the line
     * @param end after the line
     * @param valueStart for a header, the start of the header
     */
    record Statement(
            boolean header, List<String> path, int start, int end, int valueStart, int valueEnd) {
        /** Whether this statement sets that path, directly or in an inline table. */
        boolean leadsTo(List<String> place) {
            return place.size() >= path.size() && place.subList(0, path.size()).equals(path);
        }

        /** Returns the text with another value here. */
        String with(String text, String value) {
            return text.substring(0, valueStart) + value + text.substring(valueEnd);
        }

        boolean within(List<String> place) {
            return path.size() >= place.size() && path.subList(0, place.size()).equals(place);
        }
    }

    TomlScanner(String text) {
        this.text = text;
    }

    List<Statement> statements() {
        while (at < text.length()) {
            int line = at;
            blanks();
            char first = now();
            if (first == '[') {
                header(line);
            } else if (first != '#' && first != '\n' && first != '\r' && first != 0) {
                pair(line);
            }
            endOfLine();
            if (!statements.isEmpty() && statements.getLast().end() < 0) {
                statements.add(ended(statements.removeLast()));
            }
        }
        return statements;
    }

    private void header(int line) {
        int start = at;
        boolean array = text.startsWith("[[", at);
        at += array ? 2 : 1;
        table = key();
        at += array ? 2 : 1;
        statements.add(new Statement(true, table, line, -1, start, at));
    }

    private void pair(int line) {
        List<String> path = new ArrayList<>(table);
        path.addAll(key());
        at++; // The equals sign.
        blanks();
        int start = at;
        value();
        statements.add(new Statement(false, path, line, -1, start, at));
    }

    private Statement ended(Statement open) {
        return new Statement(
                open.header(), open.path(), open.start(), at, open.valueStart(), open.valueEnd());
    }

    private List<String> key() {
        List<String> parts = new ArrayList<>();
        do {
            at += parts.isEmpty() ? 0 : 1; // The dot.
            blanks();
            parts.add(part());
            blanks();
        } while (now() == '.');
        return List.copyOf(parts);
    }

    private String part() {
        int start = at;
        if (now() == '"' || now() == '\'') {
            string();
            String quoted = text.substring(start, at);
            return quoted.startsWith("'")
                    ? quoted.substring(1, quoted.length() - 1)
                    : unescaped(quoted);
        }
        while (Character.isLetterOrDigit(now()) || now() == '_' || now() == '-') {
            at++;
        }
        if (at == start) {
            throw new MalformedException("has an invalid key at character " + at);
        }
        return text.substring(start, at);
    }

    private static String unescaped(String quoted) {
        try {
            return JsonMapper.shared().readValue(quoted, String.class);
        } catch (JacksonException _) {
            throw new MalformedException("has the invalid key " + quoted);
        }
    }

    /** Skips the value, which brackets and strings may extend over several lines. */
    private void value() {
        int depth = 0;
        int end = at;
        while (at < text.length()) {
            char c = now();
            if (c == '"' || c == '\'') {
                string();
                end = at;
                continue;
            }
            if (c == '#' || (c == '\n' && depth == 0)) {
                if (depth == 0) {
                    break;
                }
                endOfLine();
                continue;
            }
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            at++;
            end = Character.isWhitespace(c) ? end : at;
        }
        at = end;
    }

    private void string() {
        char quote = now();
        String three = String.valueOf(quote).repeat(3);
        if (text.startsWith(three, at)) {
            at += 3;
            while (at < text.length() && !text.startsWith(three, at)) {
                at += quote == '"' && now() == '\\' ? 2 : 1;
            }
            at += 3;
            // Up to two more quotation marks belong to the text.
            while (now() == quote) {
                at++;
            }
            return;
        }
        at++;
        while (at < text.length() && now() != quote) {
            at += quote == '"' && now() == '\\' ? 2 : 1;
        }
        at++;
    }

    private void blanks() {
        while (now() == ' ' || now() == '\t') {
            at++;
        }
    }

    private void endOfLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
    }

    private char now() {
        return at < text.length() ? text.charAt(at) : 0;
    }
}
