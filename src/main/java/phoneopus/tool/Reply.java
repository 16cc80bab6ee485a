package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import phoneopus.job.KnownClient;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.mcp.LineSafeJson;
import phoneopus.run.FaultCode;
import phoneopus.tool.Call.View;
import phoneopus.tool.Fault.FaultView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The reply of a tool.
 *
 * @param text the whole reply, or the text sent with the structure
 * @param structure null if text was requested
 * @param fault null if the call succeeded
 */
record Reply(String text, @Nullable JsonNode structure, @Nullable FaultCode fault) {

    /** Of arguments that a reply names; no client adds more. */
    private static final int MOST_NAMES = 10;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    static Reply text(String text) {
        return new Reply(text, null, null);
    }

    /**
     * A structured reply.
     *
     * @param head the text sent with it to a client whose model sees the structure, since some
     *     clients show a result without text as no output at all
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

    /** The same reply, which says that the tool does not know those arguments. */
    Reply ignoring(List<String> arguments) {
        if (arguments.isEmpty()) {
            return this;
        }
        List<String> names =
                arguments.stream().limit(MOST_NAMES).map(InvalidArgumentException::quote).toList();
        if (structure instanceof ObjectNode object) {
            ArrayNode list = object.putArray("ignored_arguments");
            names.forEach(name -> list.add(name.substring(1, name.length() - 1)));
            return this;
        }
        return new Reply(
                "%s%s[ignored, since there is no such argument: %s]"
                        .formatted(text, text.endsWith("\n") ? "" : "\n", String.join(", ", names)),
                null,
                fault);
    }

    /** A wire record as JSON: snake case, nulls kept. */
    static JsonNode tree(Object wire) {
        return JSON.valueToTree(wire);
    }

    /** A wire record as JSON text on one line. */
    static String json(Object wire) {
        return LineSafeJson.of(tree(wire).toString());
    }

    static String head(String porcelain) {
        return porcelain.lines().findFirst().orElse("");
    }

    /** The result for the client with that name. */
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
