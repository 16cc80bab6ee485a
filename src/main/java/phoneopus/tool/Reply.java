package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.jspecify.annotations.Nullable;
import phoneopus.job.KnownClient;
import phoneopus.mcp.LineSafeJson;
import phoneopus.run.FaultCode;
import phoneopus.tool.Call.View;
import phoneopus.tool.Fault.FaultView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a tool answers.
 *
 * @param text all of it, or what goes beside the structure
 * @param structure null where text was asked for
 * @param fault null where there is none
 */
record Reply(String text, @Nullable JsonNode structure, @Nullable FaultCode fault) {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    static Reply text(String text) {
        return new Reply(text, null, null);
    }

    /**
     * One of structure.
     *
     * @param head goes beside it where the client's model sees the structure: some clients show a
     *     result without text as no output at all
     */
    static Reply structure(Object wire, String head) {
        return new Reply(head, tree(wire), null);
    }

    static Reply of(View view, String operation, Fault fault) {
        String text = Porcelain.fault(fault);
        return view.json()
                ? new Reply(head(text), tree(FaultView.of(fault, operation)), fault.code())
                : new Reply(text, null, fault.code());
    }

    /** A wire record: snake case, nulls kept. */
    static JsonNode tree(Object wire) {
        return JSON.valueToTree(wire);
    }

    /** The same as text, on one line. */
    static String json(Object wire) {
        return LineSafeJson.of(tree(wire).toString());
    }

    static String head(String porcelain) {
        return porcelain.lines().findFirst().orElse("");
    }

    /** For the client that calls itself so. */
    CallToolResult result(@Nullable String client) {
        CallToolResult.Builder result = CallToolResult.builder().isError(fault != null);
        if (structure == null) {
            return result.addTextContent(text).build();
        }
        boolean showsStructure =
                KnownClient.named(client).map(KnownClient::showsStructure).orElse(false);
        return result.structuredContent(structure)
                .addTextContent(showsStructure ? text : LineSafeJson.of(structure.toString()))
                .build();
    }
}
