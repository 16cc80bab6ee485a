package phoneopus.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.TomlScanner.Statement;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** TOML, edited line by line; Jackson's parser reads the content. */
final class Toml implements Format {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");

    @Override
    public ObjectNode parse(String text) {
        try {
            // Not a field: only a process that edits clients' files should load the parser.
            return (ObjectNode) TomlMapper.builder().build().readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new MalformedException("is not valid TOML at line %d: %s".formatted(line, why));
        }
    }

    @Override
    public String set(String text, List<String> place, JsonNode value) {
        Text toml = Text.read(text);
        Optional<Statement> line = toml.lineOf(place);
        if (line.isPresent()) {
            return onItsLine(text, line.get(), place, value);
        }
        if (value.isObject()) {
            String before = text.isBlank() ? "" : text.stripTrailing() + toml.newline();
            String tables = tables(place, (ObjectNode) value).replace("\n", toml.newline());
            return before + (before.isEmpty() ? "" : toml.newline()) + tables;
        }
        for (int depth = place.size() - 1; depth > 0; depth--) {
            Optional<Integer> end = toml.endOfTable(place.subList(0, depth));
            if (end.isPresent()) {
                String before = text.substring(0, end.get());
                String key = keys(place.subList(depth, place.size()));
                return before
                        + (before.endsWith("\n") ? "" : toml.newline())
                        + (key + " = " + rendered(value) + toml.newline())
                        + text.substring(end.get());
            }
        }
        throw new MalformedException("has no table for `" + keys(place) + "`");
    }

    /** Rewrites an inline table as a whole: one line without comments. Null removes the value. */
    private String onItsLine(
            String text, Statement line, List<String> place, @Nullable JsonNode value) {
        List<String> inside = place.subList(line.path().size(), place.size());
        if (inside.isEmpty()) {
            return line.with(text, rendered(Objects.requireNonNull(value)));
        }
        JsonNode whole = parse(text);
        for (String name : line.path()) {
            whole = whole.path(name);
        }
        JsonNode object = whole;
        for (String name : inside.subList(0, inside.size() - 1)) {
            object = object.path(name);
        }
        if (!(object instanceof ObjectNode table)) {
            throw new MalformedException(
                    "has a value that is not a table on the way to `" + keys(place) + "`");
        }
        if (value == null) {
            table.remove(inside.getLast());
        } else {
            table.set(inside.getLast(), value);
        }
        return line.with(text, rendered(whole));
    }

    @Override
    public String remove(String text, List<String> place) {
        Text toml = Text.read(text);
        return toml.lineOf(place)
                .filter(line -> line.path().size() < place.size())
                .map(line -> onItsLine(text, line, place, null))
                .orElseGet(() -> toml.without(place));
    }

    @Override
    public String render(ObjectNode root) {
        List<String> tables = new ArrayList<>();
        root.properties()
                .forEach(servers ->
                        servers.getValue()
                                .properties()
                                .forEach(server ->
                                        tables.add(
                                                tables(
                                                        List.of(servers.getKey(), server.getKey()),
                                                        (ObjectNode) server.getValue()))));
        return String.join("\n", tables);
    }

    /**
     * Writes scalars first, because everything after a nested table's header belongs to that table.
     */
    private static String tables(List<String> path, ObjectNode table) {
        StringBuilder text = new StringBuilder("[" + keys(path) + "]\n");
        table.properties()
                .forEach(entry -> {
                    if (!entry.getValue().isObject()) {
                        text.append(
                                key(entry.getKey()) + " = " + rendered(entry.getValue()) + "\n");
                    }
                });
        table.properties()
                .forEach(entry -> {
                    if (entry.getValue() instanceof ObjectNode inner) {
                        List<String> below = new ArrayList<>(path);
                        below.add(entry.getKey());
                        text.append("\n").append(tables(below, inner));
                    }
                });
        return text.toString();
    }

    private static String rendered(JsonNode value) {
        return switch (value) {
            case ArrayNode array ->
                    array.values().stream()
                            .map(Toml::rendered)
                            .collect(Collectors.joining(", ", "[", "]"));
            case ObjectNode table ->
                    table.properties().stream()
                            .map(entry -> key(entry.getKey()) + " = " + rendered(entry.getValue()))
                            .collect(Collectors.joining(", ", "{ ", " }"));
            // Numbers, booleans and strings; TOML and JSON have the same escapes.
            default -> JsonMapper.shared().writeValueAsString(value);
        };
    }

    private static String keys(List<String> path) {
        return String.join(".", path.stream().map(Toml::key).toList());
    }

    private static String key(String name) {
        return BARE.matcher(name).matches() ? name : JsonMapper.shared().writeValueAsString(name);
    }

    /**
     * A TOML text and the positions of its statements. A parser has already accepted it, so the
     * scan only finds where strings, comments and brackets end.
     */
    private record Text(String text, List<Statement> statements) {
        static Text read(String text) {
            return new Text(text, new TomlScanner(text).statements());
        }

        String newline() {
            return text.contains("\r\n") ? "\r\n" : "\n";
        }

        /** The key-value line that sets that path, directly or in an inline table. */
        Optional<Statement> lineOf(List<String> place) {
            return statements.stream()
                    .filter(statement -> !statement.header() && statement.leadsTo(place))
                    .findFirst();
        }

        /** The position for another key of that table; empty if the table has no header. */
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

        /**
         * Returns the text without the statements at that path and without the blank line they
         * leave.
         */
        String without(List<String> place) {
            List<int[]> cuts = new ArrayList<>();
            boolean following = false;
            for (Statement statement : statements) {
                boolean gone = statement.within(place);
                if (gone && following) {
                    cuts.getLast()[1] = statement.end(); // Includes the comments in between.
                } else if (gone) {
                    cuts.add(new int[] {statement.start(), statement.end()});
                }
                following = gone;
            }
            StringBuilder edited = new StringBuilder(text);
            for (int[] cut : cuts.reversed()) {
                boolean blankAfter =
                        text.substring(cut[1]).lines().findFirst().orElse("").isBlank();
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
}
