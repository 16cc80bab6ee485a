package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests messages that no client should send but some do: the packaged server answers and keeps
 * running.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class StdioEdgeIT {

    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;

    private static final int MIB = 1024 * 1024;

    private Surroundings surroundings;
    private RawServer server;

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server = RawServer.start(surroundings.desk(), surroundings.environment()).shakeHands();
    }

    @AfterEach
    void everyLineWasAMessage() {
        assertThat(server.messages())
                .allSatisfy(
                        message -> assertThat(message.path("jsonrpc").asString()).isEqualTo("2.0"));
    }

    @AfterAll
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    static Stream<Arguments> badLines() {
        var deep = "[".repeat(100_000) + "]".repeat(100_000);
        return Stream.of(
                bad("malformed JSON", "{'jsonrpc':'2.0',", null, PARSE_ERROR),
                bad("no JSON at all", "Content-Length: 52", null, PARSE_ERROR),
                bad(
                        "invalid UTF-8",
                        "{'jsonrpc':'2.0','id':1,'method':'ping\u00ff'}"
                                .getBytes(StandardCharsets.ISO_8859_1),
                        null,
                        PARSE_ERROR),
                bad("an array nested 100,000 deep", deep, null, PARSE_ERROR),
                bad(
                        "parameters nested 100,000 deep",
                        "{'jsonrpc':'2.0','id':1,'method':'x','params':{'a':" + deep + "}}",
                        null,
                        PARSE_ERROR),
                bad("a line of 9 MiB", longLine(9), null, INVALID_REQUEST),
                bad(
                        "a line of 8 MiB of nothings",
                        "{'jsonrpc':'2.0','id':'bomb','method':'tools/call','params':{'name':'consult','arguments':{'x':["
                                + "{},".repeat(2_700_000)
                                + "{}]}}}",
                        "bomb",
                        INVALID_REQUEST),
                bad("a line of 17 MiB", longLine(17), null, INVALID_REQUEST),
                bad(
                        "a batch",
                        "[{'jsonrpc':'2.0','id':1,'method':'ping'},{'jsonrpc':'2.0','id':2,'method':'ping'}]",
                        null,
                        INVALID_REQUEST),
                bad(
                        "a null id",
                        "{'jsonrpc':'2.0','id':null,'method':'ping'}",
                        null,
                        INVALID_REQUEST),
                bad(
                        "a fractional id",
                        "{'jsonrpc':'2.0','id':1.5,'method':'ping'}",
                        null,
                        INVALID_REQUEST),
                bad("no jsonrpc", "{'id':'j','method':'ping'}", "j", INVALID_REQUEST),
                bad(
                        "neither method nor result",
                        "{'jsonrpc':'2.0','id':'m'}",
                        "m",
                        INVALID_REQUEST),
                bad(
                        "an unknown method",
                        "{'jsonrpc':'2.0','id':'u','method':'tools/unlist'}",
                        "u",
                        METHOD_NOT_FOUND),
                bad(
                        "a method that this server does not have",
                        "{'jsonrpc':'2.0','id':'r','method':'resources/list'}",
                        "r",
                        METHOD_NOT_FOUND),
                bad(
                        "the handshake of a newer protocol",
                        "{'jsonrpc':'2.0','id':'d','method':'server/discover','params':{}}",
                        "d",
                        METHOD_NOT_FOUND),
                bad(
                        "an unknown tool",
                        "{'jsonrpc':'2.0','id':'t','method':'tools/call','params':{'name':'ask_gpt','arguments':{}}}",
                        "t",
                        INVALID_PARAMS),
                bad(
                        "a call without parameters",
                        "{'jsonrpc':'2.0','id':'c','method':'tools/call'}",
                        "c",
                        INVALID_PARAMS),
                bad(
                        "parameters that are an array",
                        "{'jsonrpc':'2.0','id':'p','method':'tools/call','params':['consult']}",
                        "p",
                        INVALID_PARAMS),
                bad(
                        "arguments that are an array",
                        "{'jsonrpc':'2.0','id':'a','method':'tools/call','params':{'name':'consult','arguments':['Why?']}}",
                        "a",
                        INVALID_PARAMS),
                bad(
                        "a meta that is a number",
                        "{'jsonrpc':'2.0','id':'n','method':'tools/call','params':{'name':'consult','arguments':{'prompt':'Why?'},'_meta':7}}",
                        "n",
                        INVALID_PARAMS));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void aBadLineGetsItsErrorAndTheNextOneItsAnswer(byte[] line, Object id, int code) {
        var before = server.messages().size();

        server.send(line);
        var pong = server.ping();

        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(server.messages()).hasSizeGreaterThanOrEqualTo(before + 2));
        var said = new ArrayList<>(server.messages().subList(before, server.messages().size()));
        said.remove(pong);
        assertThat(pong.path("result").isObject()).isTrue();
        assertThat(said).singleElement().satisfies(answer -> assertError(answer, id, code));
    }

    static Stream<Arguments> harmlessLines() {
        return Stream.of(
                arguments(named("a blank line", "\n")),
                arguments(named("a blank line of Windows", "\r\n")),
                arguments(named("spaces", "   \t \n")),
                arguments(named("a byte order mark alone", "\uFEFF\n")),
                arguments(
                        named(
                                "an unknown notification",
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard\"}\n")),
                arguments(
                        named(
                                "a second initialized",
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n")),
                arguments(
                        named(
                                "an answer that nobody waits for",
                                "{\"jsonrpc\":\"2.0\",\"id\":\"x-1\",\"result\":{}}\n")),
                arguments(
                        named(
                                "an error that nobody waits for",
                                "{\"jsonrpc\":\"2.0\",\"id\":\"x-2\",\"error\":{\"code\":\"a\"}}\n")),
                arguments(
                        named(
                                "a cancel of nothing",
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":987}}\n")),
                arguments(
                        named(
                                "a cancel without parameters",
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}\n")));
    }

    @ParameterizedTest
    @MethodSource("harmlessLines")
    void aLineThatAsksForNothingGetsNothing(String line) {
        var before = server.messages().size();

        server.send(line.getBytes(StandardCharsets.UTF_8));
        var pong = server.ping();

        assertThat(server.messages().subList(before, server.messages().size()))
                .containsExactly(pong);
        assertThat(pong.path("result").isObject()).isTrue();
    }

    @Test
    void aByteOrderMarkAndTheLineEndsOfWindowsAreNoPartOfAMessage() {
        server.send(
                "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":\"bom\",\"method\":\"ping\"}\r\n"
                        .getBytes(StandardCharsets.UTF_8));

        var answer = server.answerTo("bom");

        assertThat(answer.path("result").isObject()).isTrue();
    }

    @Test
    void anIdThatIsInFlightIsRefusedAndTheFirstRequestGoesOn() {
        var repository = surroundings.held(Map.of("ANSWER", "The first."));
        var call =
                "{'jsonrpc':'2.0','id':'twice','method':'tools/call','params':{'name':'consult','arguments':{'prompt':'Why?','cwd':'%s'}}}"
                        .formatted(repository);
        var before = server.messages().size();

        server.send(call);
        server.send(call);
        server.send("{'jsonrpc':'2.0','id':'twice','method':'tools/list'}");
        server.ping();
        Surroundings.release(repository);
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() -> assertThat(answersTo("twice", before)).hasSize(3));

        assertError(answersTo("twice", before).get(0), "twice", INVALID_REQUEST);
        assertError(answersTo("twice", before).get(1), "twice", INVALID_REQUEST);
        assertThat(answersTo("twice", before).get(2).at("/result/content/0/text").asString())
                .endsWith("The first.");
    }

    @Test
    void anIdMayBeUsedAgainWhenItsRequestIsOver() {
        server.send("{'jsonrpc':'2.0','id':'again','method':'tools/list'}");
        server.answerTo("again");
        var before = server.messages().size();

        server.send("{'jsonrpc':'2.0','id':'again','method':'tools/list'}");

        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(answersTo("again", before))
                                .singleElement()
                                .satisfies(answer -> assertThat(answer.has("result")).isTrue()));
    }

    @Test
    void halfACharacterInAPromptIsAnsweredAllTheSame() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));

        server.send(
                "{'jsonrpc':'2.0','id':'half','method':'tools/call','params':{'name':'consult','arguments':{'prompt':'Why \\ud83d?','render':'json','detail':'full','cwd':'%s'}}}"
                        .formatted(repository));

        var answer = server.answerTo("half").path("result");
        assertThat(answer.at("/structuredContent/response").asString()).isEqualTo("Yes.");
        assertThat(answer.at("/structuredContent/prompt").asString()).startsWith("Why ");
        assertThat(server.ping().path("result").isObject()).isTrue();
    }

    @Test
    void halfACharacterInAnyOtherPlaceIsAnErrorOfTheTool() {
        var id =
                server.request(
                        "tools/call",
                        Map.of(
                                "name",
                                "consult",
                                "arguments",
                                Map.of("prompt", "Why?", "cwd", "/tmp/\ud83d?")));

        var answer = server.answerTo(id).path("result");

        assertThat(answer.path("isError").asBoolean(false)).isTrue();
        assertThat(answer.at("/content/0/text").asString()).startsWith("cwd must be ");
    }

    @Test
    void otherRequestsAreServedWhileAConsultRuns() {
        var slow = surroundings.held(Map.of("ANSWER", "At last."));
        var quick = surroundings.repository(Map.of("ANSWER", "At once."));
        var before = server.messages().size();

        var first = server.consult(Map.of("prompt", "Why?", "cwd", "" + slow));
        var ping = server.request("ping", Map.of());
        var list = server.request("tools/list", Map.of());
        var second = server.consult(Map.of("prompt", "Why?", "cwd", "" + quick));
        var pong = server.answerTo(ping);
        var listed = server.answerTo(list);
        var quickly = server.answerTo(second);
        var meanwhile = idsSince(before);
        Surroundings.release(slow);
        var slowly = server.answerTo(first);

        assertThat(meanwhile).containsExactlyInAnyOrder(ping, list, second);
        assertThat(pong.path("result").isObject()).isTrue();
        assertThat(listed.at("/result/tools/0/name").asString()).isEqualTo("consult");
        assertThat(quickly.at("/result/content/0/text").asString()).endsWith("At once.");
        assertThat(slowly.at("/result/content/0/text").asString()).endsWith("At last.");
    }

    @Test
    void thirtyConsultsAtOnceAreAllAnswered() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));

        var ids =
                IntStream.range(0, 30)
                        .mapToObj(number ->
                                server.consult(
                                        Map.of("prompt", "Why " + number, "cwd", "" + repository)))
                        .toList();

        assertThat(ids)
                .allSatisfy(id ->
                        assertThat(server.answerTo(id).at("/result/content/0/text").asString())
                                .startsWith("consult ok ")
                                .endsWith("\nYes."));
        assertThat(server.ping().path("result").isObject()).isTrue();
    }

    @Test
    void aCancelledRequestGetsNoAnswer() {
        var repository = surroundings.repository(Map.of("HANG", 1));
        var id = server.consult(Map.of("prompt", "Why?", "cwd", "" + repository));
        await().atMost(Surroundings.A_WHILE)
                .until(() -> !RunningProcesses.in(repository).isEmpty());

        server.send(
                "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':%d,'reason':'stop'}}"
                        .formatted(id));

        await().atMost(Surroundings.A_WHILE).until(() -> RunningProcesses.in(repository).isEmpty());
        server.ping();
        assertThat(answersTo(id, 0)).isEmpty();
        assertThat(Files.exists(surroundings.state().resolve("spool"))).isTrue();
    }

    private static Arguments bad(String name, String line, Object id, int code) {
        return bad(name, line.getBytes(StandardCharsets.UTF_8), id, code);
    }

    /** The line is written with single quotes and without its line end. */
    private static Arguments bad(String name, byte[] line, Object id, int code) {
        var bytes = new byte[line.length + 1];
        for (int i = 0; i < line.length; i++) {
            bytes[i] = line[i] == '\'' ? (byte) '"' : line[i];
        }
        bytes[line.length] = '\n';
        return arguments(named(name, bytes), id, code);
    }

    private static String longLine(int mebibytes) {
        return "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'consult','arguments':{'prompt':'"
                + "x".repeat(mebibytes * MIB)
                + "'}}}";
    }

    private List<JsonNode> answersTo(Object id, int since) {
        var all = server.messages();
        return all.subList(since, all.size()).stream()
                .filter(message -> message.path("id").asString().equals(id.toString()))
                .toList();
    }

    private List<Long> idsSince(int before) {
        var all = server.messages();
        return all.subList(before, all.size()).stream()
                .map(message -> message.path("id").asLong())
                .toList();
    }

    private static void assertError(JsonNode answer, Object id, int code) {
        assertThat(answer.has("id")).isTrue();
        assertThat(answer.path("id").isNull() ? null : answer.path("id").asString()).isEqualTo(id);
        assertThat(answer.at("/error/code").asInt()).isEqualTo(code);
        assertThat(answer.at("/error/message").asString()).isNotBlank();
        assertThat(answer.has("result")).isFalse();
        assertThat(answer.toString())
                .doesNotContain(
                        "Exception",
                        "java.",
                        "jackson",
                        "modelcontextprotocol",
                        "springframework",
                        "McpSchema");
    }
}
