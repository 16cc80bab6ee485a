package phoneopus.tool;

import phoneopus.mcp.LineSafeJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Wire records → JSON: snake case, nulls kept. */
final class Wire {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private Wire() {}

    static JsonNode tree(Object view) {
        return JSON.valueToTree(view);
    }

    /** The same as text, on one line. */
    static String text(Object view) {
        return text(tree(view));
    }

    static String text(JsonNode tree) {
        return LineSafeJson.of(tree.toString());
    }
}
