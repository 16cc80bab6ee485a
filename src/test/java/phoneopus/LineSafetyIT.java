package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Checks that no message contains a character that some clients treat as a line end. */
@Timeout(120)
class LineSafetyIT {

    private static final String SEPARATORS = "a\u2028b\u2029c\u0085d\u009be";
    private static final String ESCAPED = "a\\u2028b\\u2029c\\u0085d\\u009be";

    private Surroundings surroundings;
    private Path repository;

    @BeforeEach
    void makeFolders(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        repository = surroundings.repository(Map.of("ANSWER", SEPARATORS));
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
    }

    @Test
    void overStdio() {
        try (var server =
                RawServer.start(surroundings.desk(), surroundings.environment()).shakeHands()) {
            var text = server.call("consult", question("porcelain")).at("/content/0/text");
            var json = server.call("consult", question("json")).path("structuredContent");

            assertThat(text.asString()).endsWith(SEPARATORS);
            assertThat(json.path("response").asString()).isEqualTo(SEPARATORS);
            assertThat(String.join("\n", server.lines()))
                    .contains(ESCAPED)
                    .doesNotContainPattern("[\u0080-\u009f\u2028\u2029]");
        }
    }

    @Test
    void overHttp() {
        try (var server = HttpServer.start(surroundings.desk(), surroundings.environment())) {
            var begun =
                    server.send(
                            post(
                                    server.at("/mcp"),
                                    """
                                    {"jsonrpc":"2.0","id":"%s","method":"initialize","params":{"protocolVersion":"2025-11-25",\
                                    "capabilities":{},"clientInfo":{"name":"bare","version":"1"}}}\
                                    """
                                            .formatted(SEPARATORS)));
            var answer =
                    server.send(
                            post(
                                            server.at("/mcp"),
                                            JsonMapper.shared()
                                                    .writeValueAsString(
                                                            Map.of(
                                                                    "jsonrpc",
                                                                    "2.0",
                                                                    "id",
                                                                    SEPARATORS,
                                                                    "method",
                                                                    "tools/call",
                                                                    "params",
                                                                    Map.of(
                                                                            "name",
                                                                            "consult",
                                                                            "arguments",
                                                                            question("json")))))
                                    .header(
                                            "Mcp-Session-Id",
                                            begun.headers()
                                                    .firstValue("Mcp-Session-Id")
                                                    .orElseThrow()));

            assertThat(begun.body()).contains("\"id\":\"" + ESCAPED + "\"");
            assertThat(answer.body())
                    .contains("\"id\":\"" + ESCAPED + "\"", "\"response\":\"" + ESCAPED + "\"")
                    .doesNotContainPattern("[\u0080-\u009f\u2028\u2029]");
        }
    }

    @Test
    void atATerminal() {
        var phoneOpus =
                new Script(
                        List.of(PackagedServer.launcher().toString()),
                        repository,
                        surroundings.environment());

        var asked = phoneOpus.run("ask", "--json", "Why?");

        assertThat(asked.exitCode()).as(asked.err()).isZero();
        assertThat(asked.out()).contains("\"response\":\"" + ESCAPED + "\"");
    }

    private Map<String, Object> question(String render) {
        return Map.of(
                "prompt", "Why?", "cwd", repository.toString(), "render", render, "fresh", true);
    }

    private static HttpRequest.Builder post(URI address, String body) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(body));
    }
}
