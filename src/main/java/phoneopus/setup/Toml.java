package phoneopus.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import phoneopus.setup.TomlText.Statement;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** TOML, edited by its lines; Jackson's parser says what a text means. */
final class Toml implements Format {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");

    @Override
    public ObjectNode parse(String text) {
        try {
            // Not kept: only a process that edits clients' files is to load the parser.
            return (ObjectNode) TomlMapper.builder().build().readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new MalformedException("is no TOML at line %d: %s".formatted(line, why));
        }
    }

    @Override
    public String set(String text, List<String> place, JsonNode value) {
        TomlText toml = TomlText.read(text);
        Optional<Statement> line = toml.lineOf(place);
        if (line.isPresent()) {
            return onItsLine(text, line.get(), place, Optional.of(value));
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
        throw new MalformedException("has no table to put `" + keys(place) + "` into");
    }

    /** Of an inline table the whole is written anew: it is one line, and has no comments in it. */
    private String onItsLine(
            String text, Statement line, List<String> place, Optional<JsonNode> value) {
        List<String> inside = place.subList(line.path().size(), place.size());
        if (inside.isEmpty()) {
            return line.with(text, rendered(value.orElseThrow()));
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
            throw new MalformedException("has no table where `" + keys(place) + "` belongs");
        }
        value.ifPresentOrElse(
                it -> table.set(inside.getLast(), it), () -> table.remove(inside.getLast()));
        return line.with(text, rendered(whole));
    }

    @Override
    public String remove(String text, List<String> place) {
        TomlText toml = TomlText.read(text);
        return toml.lineOf(place)
                .filter(line -> line.path().size() < place.size())
                .map(line -> onItsLine(text, line, place, Optional.empty()))
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

    /** Scalars first: what follows the header of a table belongs to it. */
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
            // Numbers, booleans and strings, whose escapes TOML shares with JSON.
            default -> JsonMapper.shared().writeValueAsString(value);
        };
    }

    private static String keys(List<String> path) {
        return String.join(".", path.stream().map(Toml::key).toList());
    }

    private static String key(String name) {
        return BARE.matcher(name).matches() ? name : JsonMapper.shared().writeValueAsString(name);
    }
}
