package phoneopus.setup;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.JsonText.Member;
import phoneopus.setup.JsonText.Span;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON, edited at the offsets that Jackson's parser reports. */
final class Json implements Format {
    private static final Separators SEPARATORS =
            Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator("");

    private final JsonMapper mapper;

    private Json(JsonMapper.Builder mapper) {
        this.mapper = mapper.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    }

    /** For clients that accept only strict JSON. */
    static Json strict() {
        return new Json(JsonMapper.builder());
    }

    /** For clients that accept comments and trailing commas. */
    static Json withComments() {
        return new Json(
                JsonMapper.builder()
                        .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                        .enable(JsonReadFeature.ALLOW_TRAILING_COMMA));
    }

    @Override
    public ObjectNode parse(String text) {
        try {
            if (read(text).root() == null) {
                return mapper.createObjectNode();
            }
            if (mapper.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new MalformedException("is not valid JSON at line %d: %s".formatted(line, why));
        }
        throw new MalformedException("is not a JSON object");
    }

    @Override
    public String set(String text, List<String> place, JsonNode value) {
        JsonText json = read(text);
        Span span = json.root();
        if (span == null) {
            String comments = text.isBlank() ? "" : text.stripTrailing() + json.newline();
            return set(comments + "{}" + json.newline(), place, value);
        }
        for (int depth = 0; depth < place.size(); depth++) {
            Optional<Member> next = span.member(place.get(depth));
            if (next.isEmpty()) {
                JsonNode nested = value;
                for (String name : place.subList(depth + 1, place.size()).reversed()) {
                    nested = mapper.createObjectNode().set(name, nested);
                }
                return insert(json, span, place.get(depth), nested);
            }
            span = next.get().value();
        }
        return text.substring(0, span.start())
                + rendered(json, value, json.indentAt(span.start()))
                + text.substring(span.end());
    }

    @Override
    public String remove(String text, List<String> place) {
        JsonText json = read(text);
        Span object = Objects.requireNonNull(json.root());
        for (String name : place.subList(0, place.size() - 1)) {
            object = object.member(name).orElseThrow().value();
        }
        Member gone = object.member(place.getLast()).orElseThrow();
        return json.without(object, gone);
    }

    @Override
    public String render(ObjectNode root) {
        return rendered(read(""), root, "") + "\n";
    }

    private String insert(JsonText json, Span object, String name, JsonNode value) {
        if (object.members() == null) {
            throw new MalformedException("has no object for `" + name + "`");
        }
        String inner = json.indentWithin(object);
        String member = mapper.writeValueAsString(name) + ": " + rendered(json, value, inner);
        return json.with(object, inner + member);
    }

    private String rendered(JsonText json, JsonNode value, String indent) {
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(SEPARATORS)
                        .withObjectIndenter(new DefaultIndenter(json.unit(), "\n"));
        return mapper.writer()
                .with(printer)
                .writeValueAsString(value)
                .replace("\n", json.newline() + indent);
    }

    private JsonText read(String text) {
        return JsonText.read(text, mapper);
    }
}
