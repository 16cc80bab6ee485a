package phoneopus.claude;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the command's event lines: what it is doing, and the last {@code result}. A line that is no
 * event, cut off, of an unknown kind or of an unknown shape is passed over, since kinds come and go
 * with the command's versions.
 */
final class EventReader {
    private static final JsonMapper JSON = new JsonMapper();

    /** Inputs of a tool call that say best what it is about, the first present wins. */
    private static final String[] TELLING_INPUTS = {
        "file_path", "path", "pattern", "command", "url", "query", "description", "prompt"
    };

    private static final int LONGEST_TELLING_INPUT = 80;

    private @Nullable JsonNode result;
    private @Nullable String model;
    private @Nullable String lastMessage;
    private int turns;
    private @Nullable String last;

    void line(byte[] line) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (JacksonException _) {
            return;
        }
        // One line with all events in it is what --output-format json prints where the user's
        // settings say verbose.
        if (event.isArray()) {
            event.forEach(this::event);
        } else {
            event(event);
        }
    }

    Activity activity() {
        return new Activity(turns, last, result == null ? null : cost(result));
    }

    /** The last {@code result} event, as it came. */
    Optional<JsonNode> result() {
        return Optional.ofNullable(result);
    }

    /** The model that the {@code init} event names. */
    Optional<String> model() {
        return Optional.ofNullable(model);
    }

    static @Nullable Double cost(JsonNode result) {
        JsonNode cost = result.path("total_cost_usd");
        return cost.isNumber() ? cost.doubleValue() : null;
    }

    private void event(JsonNode event) {
        switch (event.path("type").stringValue("")) {
            case "result" -> result = event;
            case "system" -> {
                if (event.path("subtype").stringValue("").equals("init")) {
                    model = event.path("model").stringValue(model);
                }
            }
            case "assistant" -> assistant(event);
            default -> {}
        }
    }

    /**
     * One message of the model comes as several events, one a content block; a subagent's are not
     * the main agent's turns.
     */
    private void assistant(JsonNode event) {
        if (event.path("parent_tool_use_id").isString()) {
            return;
        }
        JsonNode message = event.path("message");
        String id = message.path("id").stringValue("");
        if (!id.equals(lastMessage)) {
            lastMessage = id;
            turns++;
        }
        for (JsonNode block : message.path("content")) {
            switch (block.path("type").stringValue("")) {
                case "tool_use" -> last = describe(block);
                case "text" -> last = "writing";
                case "thinking" -> last = "thinking";
                default -> {}
            }
        }
    }

    private static String describe(JsonNode toolUse) {
        String name = toolUse.path("name").stringValue("tool");
        for (String input : TELLING_INPUTS) {
            String value = toolUse.path("input").path(input).stringValue("");
            if (!value.isBlank()) {
                String line =
                        value.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
                return name
                        + " "
                        + (line.codePointCount(0, line.length()) > LONGEST_TELLING_INPUT
                                ? line.substring(
                                                0,
                                                line.offsetByCodePoints(0, LONGEST_TELLING_INPUT))
                                        + "…"
                                : line);
            }
        }
        return name;
    }
}
