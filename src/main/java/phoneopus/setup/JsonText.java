package phoneopus.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON text and the positions of its values.
 *
 * @param root null if the text has only blanks and comments
 */
record JsonText(String text, @Nullable Span root) {
    private static final String USUAL_INDENT = "  ";

    /**
     * A value.
     *
     * @param members null if the value is not an object
     */
    record Span(int start, int end, @Nullable List<Member> members) {
        Optional<Member> member(String name) {
            return members == null
                    ? Optional.empty()
                    : members.stream().filter(member -> member.name().equals(name)).findFirst();
        }
    }

    /** A name and its value; starts at the name's opening quotation mark. */
    record Member(String name, int start, Span value) {}

    static JsonText read(String text, JsonMapper mapper) {
        try (JsonParser parser = mapper.createParser(text)) {
            if (parser.nextToken() == null) {
                return new JsonText(text, null);
            }
            Span root = span(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException("has content after its last brace");
            }
            return new JsonText(text, root);
        }
    }

    private static Span span(JsonParser parser) {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        List<Member> members = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            members = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                int named = (int) parser.currentTokenLocation().getCharOffset();
                String name = parser.currentName();
                parser.nextToken();
                members.add(new Member(name, named, span(parser)));
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                span(parser);
            }
        }
        parser.finishToken();
        return new Span(start, (int) parser.currentLocation().getCharOffset(), members);
    }

    /** Returns the text with one more member at the end of the object, on its own line. */
    String with(Span object, String member) {
        List<Member> members = object.members() == null ? List.of() : object.members();
        int close = object.end() - 1;
        int at = blankBefore(close);
        String between = text.substring(at, close);
        String tail = between.contains("\n") ? between : newline() + indentAt(object.start());
        StringBuilder edited = new StringBuilder();
        edited.append(text, 0, at).append(newline()).append(member).append(tail);
        edited.append(text, close, text.length());
        if (!members.isEmpty()) {
            int end = members.getLast().value().end();
            if (comma(end, close) < 0) {
                edited.insert(end, ',');
            }
        }
        return edited.toString();
    }

    /**
     * Returns the text without that member of the object and without the comma it no longer needs.
     */
    String without(Span object, Member gone) {
        List<Member> members = object.members() == null ? List.of() : object.members();
        int index = members.indexOf(gone);
        int close = object.end() - 1;
        boolean last = index == members.size() - 1;
        int end = gone.value().end();
        int comma = comma(end, last ? close : members.get(index + 1).start());
        StringBuilder edited = new StringBuilder(text);
        if (comma >= 0) {
            edited.deleteCharAt(comma);
        }
        String rest = edited.substring(end, object.end() - (comma >= 0 ? 1 : 0));
        boolean endsItsLine = rest.matches("(?s)[ \\t]*\\r?\\n.*");
        int start = endsItsLine ? blankBefore(gone.start()) : gone.start();
        if (members.size() == 1
                && rest.substring(0, rest.length() - 1).isBlank()
                && blankBefore(gone.start()) == object.start() + 1) {
            start = object.start() + 1;
            end = end + rest.length() - 1;
        }
        edited.delete(start, end);
        if (comma < 0 && index > 0) {
            edited.deleteCharAt(comma(members.get(index - 1).value().end(), gone.start()));
        }
        return edited.toString();
    }

    String newline() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** The indentation of the line at that position. */
    String indentAt(int place) {
        String line = lineTo(place);
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    /** The indentation for another member. */
    String indentWithin(Span object) {
        List<Member> members = object.members() == null ? List.of() : object.members();
        return members.isEmpty() || !lineTo(members.getLast().start()).isBlank()
                ? indentAt(object.start()) + unit()
                : lineTo(members.getLast().start());
    }

    /** The indentation of the file's first member. */
    String unit() {
        return Optional.ofNullable(root)
                .map(Span::members)
                .filter(members -> !members.isEmpty())
                .map(members -> lineTo(members.getFirst().start()))
                .filter(indent -> indent.isBlank() && !indent.isEmpty())
                .orElse(USUAL_INDENT);
    }

    private String lineTo(int place) {
        return text.substring(text.lastIndexOf('\n', place - 1) + 1, place);
    }

    private int blankBefore(int place) {
        return text.substring(0, place).stripTrailing().length();
    }

    /** The position of the comma among blanks and comments; -1 if there is none. */
    private int comma(int from, int to) {
        for (int at = from; at < to; at++) {
            if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? to : end;
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at) + 1;
            } else if (text.charAt(at) == ',') {
                return at;
            }
        }
        return -1;
    }
}
