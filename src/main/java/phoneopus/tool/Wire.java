package phoneopus.tool;

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
}
