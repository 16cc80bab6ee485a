package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.Map;
import org.junit.jupiter.api.Test;
import phoneopus.mcp.InFlightRequests.Running;

class ErrorSanitizerTests {

    private static final String STACK =
            "tools.jackson.databind.exc.MismatchedInputException: Cannot construct\n"
                    + "\tat tools.jackson";

    private final Running listing = new Running("tools/list", null, new RequestContext(1L), 0);
    private final Running calling = new Running("tools/call", "ask_gpt", new RequestContext(1L), 0);

    @Test
    void aResultIsLeftAsItIs() {
        var response = JSONRPCResponse.result(1L, Map.of("tools", "…"));

        var answer = ErrorSanitizer.forClient(response, listing);

        assertThat(answer).isSameAs(response);
    }

    @Test
    void anInternalErrorBecomesOneOfTheParametersWithoutJavasWords() {
        var answer =
                ErrorSanitizer.forClient(error(-32603, STACK, Map.of("stack", STACK)), listing);

        assertThat(answer.id()).isEqualTo(1L);
        assertThat(answer.error().code()).isEqualTo(-32602);
        assertThat(answer.error().message()).isEqualTo("Invalid params for tools/list");
        assertThat(answer.error().data()).isNull();
    }

    @Test
    void anUnknownToolIsNamed() {
        var answer =
                ErrorSanitizer.forClient(
                        error(-32602, "Unknown tool: invalid_tool_name", "Tool not found"),
                        calling);

        assertThat(answer.error().code()).isEqualTo(-32602);
        assertThat(answer.error().message()).isEqualTo("Unknown tool: ask_gpt");
        assertThat(answer.error().data()).isNull();
    }

    @Test
    void anotherErrorKeepsItsCodeAndItsWordsAndLosesItsData() {
        var answer = ErrorSanitizer.forClient(error(-32601, "Method not found: x", STACK), listing);

        assertThat(answer.error()).isEqualTo(new JSONRPCError(-32601, "Method not found: x"));
    }

    private static JSONRPCResponse error(int code, String message, Object data) {
        return JSONRPCResponse.error(1L, new JSONRPCError(code, message, data));
    }
}
