package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRpcMessageTests {

    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int INVALID_PARAMS = -32602;

    private final JsonRpcMessage.Reader reader = new JsonRpcMessage.Reader();

    @Test
    void aRequestHasItsIdAndItsParameters() {
        var incoming =
                read(
                        """
                        {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"consult","arguments":{"prompt":"Hm?"}}}
                        """);

        assertThat(incoming)
                .isEqualTo(
                        new JsonRpcMessage.Message(
                                new JSONRPCRequest(
                                        "tools/call",
                                        7L,
                                        Map.of(
                                                "name",
                                                "consult",
                                                "arguments",
                                                Map.of("prompt", "Hm?")))));
    }

    @Test
    void anIdMayBeAString() {
        var incoming = read("{'jsonrpc':'2.0','id':'seven','method':'ping'}");

        assertThat(incoming)
                .isEqualTo(new JsonRpcMessage.Message(new JSONRPCRequest("ping", "seven", null)));
    }

    @Test
    void aMessageOfTooManyValuesIsRefusedByItsIdBeforeTheyAreMade() {
        var values = "{},".repeat(2_700_000) + "{}";
        var before = "{'jsonrpc':'2.0','id':77,'method':'ping','params':{'x':[" + values + "]}}";
        var after = "{'params':{'x':[" + values + "]},'id':'late','jsonrpc':'2.0'}";
        var none = "[" + values + "]";

        var refused = Stream.of(before, after, none).map(this::read).toList();

        assertThat(refused)
                .containsExactly(tooManyValues(77L), tooManyValues("late"), tooManyValues(null));
    }

    private static JsonRpcMessage tooManyValues(Object id) {
        return JsonRpcMessage.Bad.invalid(id, "a message has at most 20000 values");
    }

    @Test
    void aMessageWithoutAnIdIsANotification() {
        var incoming = read("{'jsonrpc':'2.0','method':'notifications/initialized'}");

        assertThat(incoming)
                .isEqualTo(
                        new JsonRpcMessage.Message(
                                new JSONRPCNotification("notifications/initialized", null)));
    }

    @Test
    void aResultAndAnErrorAreResponses() {
        var result = read("{'jsonrpc':'2.0','id':'a-1','result':{'roots':[]}}");
        var error = read("{'jsonrpc':'2.0','id':'a-1','error':{'code':-1,'message':'no'}}");

        assertThat(((JSONRPCResponse) message(result)).error()).isNull();
        assertThat(((JSONRPCResponse) message(error)).error().message()).isEqualTo("no");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t \r", "\uFEFF", "\uFEFF  "})
    void aLineWithNothingOnItIsBlank(String line) {
        var incoming = read(line);

        assertThat(incoming).isEqualTo(new JsonRpcMessage.Blank());
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheMessage() {
        var incoming = read("\uFEFF{'jsonrpc':'2.0','id':1,'method':'ping'}");

        assertThat(incoming)
                .isEqualTo(new JsonRpcMessage.Message(new JSONRPCRequest("ping", 1L, null)));
    }

    @Test
    void halfASurrogatePairIsKept() {
        var incoming = read("{'jsonrpc':'2.0','id':1,'method':'x','params':{'a':'\\ud83d'}}");

        assertThat(((JSONRPCRequest) message(incoming)).params()).isEqualTo(Map.of("a", "\ud83d"));
    }

    static Stream<Arguments> badLines() {
        var deep = "[".repeat(100_000) + "]".repeat(100_000);
        return Stream.of(
                arguments("{", null, PARSE_ERROR),
                arguments("not json", null, PARSE_ERROR),
                arguments("{'jsonrpc':'2.0','id':1,'method':'ping'} {}", null, PARSE_ERROR),
                arguments("{'jsonrpc':'2.0','id':1,'method':'ping'}}", null, PARSE_ERROR),
                arguments("{'jsonrpc':'2.0','id':NaN,'method':'ping'}", null, PARSE_ERROR),
                arguments(deep, null, PARSE_ERROR),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'x','params':{'a':" + deep + "}}",
                        null,
                        PARSE_ERROR),
                arguments("{'a':" + "9".repeat(5_000) + "}", null, PARSE_ERROR),
                arguments("[{'jsonrpc':'2.0','id':1,'method':'ping'}]", null, INVALID_REQUEST),
                arguments("[]", null, INVALID_REQUEST),
                arguments("null", null, INVALID_REQUEST),
                arguments("7", null, INVALID_REQUEST),
                arguments("'ping'", null, INVALID_REQUEST),
                arguments("{}", null, INVALID_REQUEST),
                arguments("{'id':1,'method':'ping'}", 1L, INVALID_REQUEST),
                arguments("{'jsonrpc':2.0,'id':1,'method':'ping'}", 1L, INVALID_REQUEST),
                arguments("{'jsonrpc':'1.0','id':'a','method':'ping'}", "a", INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':null,'method':'ping'}", null, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':1.5,'method':'ping'}", null, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':true,'method':'ping'}", null, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':{},'method':'ping'}", null, INVALID_REQUEST),
                arguments(
                        "{'jsonrpc':'2.0','id':9223372036854775808,'method':'ping'}",
                        null,
                        INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':1}", 1L, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','result':{}}", null, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':1,'result':{},'error':{}}", 1L, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':1,'method':5}", 1L, INVALID_REQUEST),
                arguments("{'jsonrpc':'2.0','id':1,'method':null}", 1L, INVALID_REQUEST),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':[]}",
                        1L,
                        INVALID_PARAMS),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':'x'}",
                        1L,
                        INVALID_PARAMS),
                arguments("{'jsonrpc':'2.0','id':1,'method':'tools/call'}", 1L, INVALID_PARAMS),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{}}",
                        1L,
                        INVALID_PARAMS),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':7}}",
                        1L,
                        INVALID_PARAMS),
                arguments(
                        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'consult','arguments':[]}}",
                        1L,
                        INVALID_PARAMS));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void aBadLineHasTheErrorOfItsKind(String line, Object id, int code) {
        var incoming = read(line);

        assertThat(incoming).isInstanceOf(JsonRpcMessage.Bad.class);
        var bad = (JsonRpcMessage.Bad) incoming;
        assertThat(bad.id()).isEqualTo(id);
        assertThat(bad.code()).isEqualTo(code);
        assertThat(bad.message()).isNotBlank().doesNotContain("tools.jackson", "Exception");
    }

    @ParameterizedTest
    @ValueSource(ints = {0xFF, 0xC3, 0xED})
    void aLineThatIsNoUtf8IsAParseError(int wrong) {
        var line =
                "{'jsonrpc':'2.0','id':1,'method':'p?'}"
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8);
        line[line.length - 3] = (byte) wrong;

        var incoming = reader.read(ByteBuffer.wrap(line));

        assertThat(incoming)
                .isEqualTo(
                        new JsonRpcMessage.Bad(
                                null, PARSE_ERROR, "Parse error: the message is not UTF-8"));
    }

    private static Object message(JsonRpcMessage incoming) {
        return ((JsonRpcMessage.Message) incoming).message();
    }

    /** JSON may be given with single quotes. */
    private JsonRpcMessage read(String line) {
        return reader.read(StandardCharsets.UTF_8.encode(line.replace('\'', '"')));
    }
}
