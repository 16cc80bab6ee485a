package phoneopus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The packaged server as seen by two callers with a key each and one without a key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class HttpKeysIT {

    private static final String INITIALIZE =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
            "capabilities":{},"clientInfo":{"name":"bare","version":"1"}}}\
            """;

    private Surroundings surroundings;
    private Path keysFile;
    private Map<String, String> environment;
    private String annasKey;
    private String bensKey;
    private String dorasKey;
    private HttpServer server;

    /** How a caller talks to the server. */
    enum Transport {
        STREAMABLE,
        SSE
    }

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        keysFile = surroundings.home().resolve(".config/phone-opus/keys");
        environment =
                surroundings.environment(
                        Map.of("PHONE_OPUS_HTTP_KEYS_FILE", "~/.config/phone-opus/keys"));
        var added =
                Stream.of("anna", "ben", "dora")
                        .map(name -> CompletableFuture.supplyAsync(() -> key(name, "add", name)))
                        .toList();
        annasKey = added.getFirst().join().out().strip();
        bensKey = added.get(1).join().out().strip();
        dorasKey = added.getLast().join().out().strip();
        server = HttpServer.start(surroundings.desk(), environment);
    }

    @AfterAll
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    @Test
    void keysThatAreAddedAtOnceAreBothKeptAsHashesThatNobodyElseReads() throws IOException {
        var listed = key("list", "list");

        assertThat(listed.out().lines()).contains("anna", "ben");
        assertThat(annasKey).matches("po_[A-Za-z0-9_-]{43}").isNotEqualTo(bensKey);
        assertThat(Files.readString(keysFile)).doesNotContain(annasKey, bensKey);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keysFile)))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyCommandThatCannotBeDoneSaysWhy() {
        var again = key("again", "add", "anna");
        var odd = key("odd", "add", "../anna");
        var nobody = key("nobody", "remove", "nobody");
        var nowhere =
                new Script(
                                List.of(PackagedServer.launcher().toString(), "key"),
                                surroundings.desk().resolve("nowhere"),
                                surroundings.environment())
                        .run("list");

        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).startsWith("anna already has a key");
        assertThat(again.out()).isEmpty();
        assertThat(odd.exitCode()).isEqualTo(2);
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(nowhere.exitCode()).isEqualTo(3);
        assertThat(nowhere.err()).contains("phone-opus.http.keys-file");
    }

    @Test
    void aKeysFileThatIsALinkStaysOne() throws IOException {
        var kept = surroundings.desk().resolve("kept-keys");
        Files.writeString(kept, "");
        var link = Files.createSymbolicLink(surroundings.home().resolve("linked-keys"), kept);

        var added =
                new Script(
                                List.of(PackagedServer.launcher().toString(), "key"),
                                surroundings.desk().resolve("key-linked"),
                                environment)
                        .with("PHONE_OPUS_HTTP_KEYS_FILE", link)
                        .run("add", "erna");

        assertThat(added.exitCode()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(kept).content().contains("erna ");
    }

    @Test
    void aKeyCountsFromWhenItIsAddedUntilItIsRemoved() {
        var key = key("carl", "add", "carl").out().strip();

        var added = server.send(withKey(key, initialize("/mcp")));
        var removal = key("carl", "remove", "carl");
        var removed = server.send(withKey(key, initialize("/mcp")));

        assertThat(added.statusCode()).isEqualTo(200);
        assertThat(removal.exitCode()).isZero();
        assertThat(removed.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mcp",
                "/sse",
                "/mcp/message?sessionId=none",
                "/actuator/info",
                "/actuator/prometheus",
                "/actuator/health/claude",
                "/actuator",
                "/nowhere",
                "/login",
                "/error"
            })
    void noKeyAndABadKeyAreRefusedEverywhereInTheSameWords(String path) {
        var answers = new ArrayList<HttpResponse<String>>();
        answers.add(server.send(initialize(path)));
        answers.add(server.send(HttpRequest.newBuilder(server.at(path))));
        for (var header :
                List.of(
                        "Bearer po_" + "A".repeat(43),
                        "Bearer " + annasKey.substring(0, 45),
                        "Bearer",
                        "Bearer " + annasKey + " x",
                        annasKey,
                        "Basic YW5uYTphbm5h",
                        "Bearer " + "x".repeat(5_000))) {
            answers.add(server.send(initialize(path).header("Authorization", header)));
        }
        answers.add(
                server.send(
                        withKey(annasKey, initialize(path)).header("Authorization", "Bearer x")));

        assertThat(answers)
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(401);
                    assertThat(answer.headers().allValues("WWW-Authenticate"))
                            .containsExactly("Bearer");
                    assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
                    assertThat(answer.body())
                            .isEqualTo(answers.getFirst().body())
                            .startsWith("{\"jsonrpc\":\"2.0\"")
                            .contains("a valid key is required: Authorization: Bearer KEY");
                });
    }

    @Test
    void aBurstOfBodiesWithinTheirLimitKeepsNobodyElseWaiting() {
        var values = "{},".repeat(660_000) + "{}";
        var session = begin(bensKey);
        var bodies =
                IntStream.range(0, 30)
                        .mapToObj(number ->
                                CompletableFuture.supplyAsync(
                                        () -> server.send(call(bensKey, session, number, values)),
                                        task -> Thread.ofVirtual().start(task)))
                        .toList();
        var annas = server.send(withKey(annasKey, initialize("/mcp")));

        assertThat(annas.statusCode()).isEqualTo(200);
        assertThat(bodies.stream().map(CompletableFuture::join))
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(400);
                    assertThat(answer.body()).contains("a message has at most 20000 values");
                });
        assertThat(server.process().isAlive()).isTrue();
    }

    @Test
    void aBodyThatSaysNoLengthTakesAsMuchRoomAsTheLongest() throws IOException {
        var session = begin(bensKey);
        var unfinished = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 3; i++) {
                unfinished.add(new Socket("127.0.0.1", server.at("/").getPort()));
                unfinished
                        .getLast()
                        .getOutputStream()
                        .write(
                                """
                                POST /mcp HTTP/1.1
                                Host: localhost
                                Authorization: Bearer %s
                                Content-Type: application/json
                                Transfer-Encoding: chunked

                                """
                                        .formatted(bensKey)
                                        .replace("\n", "\r\n")
                                        .getBytes(UTF_8));
            }

            await().atMost(Surroundings.A_WHILE)
                    .until(
                            () -> server.send(call(bensKey, session, 1, "{},".repeat(660_000))),
                            answer -> answer.statusCode() == 503);
        } finally {
            for (var each : unfinished) {
                each.close();
            }
        }
        await().atMost(Surroundings.A_WHILE)
                .until(() -> server.send(call(bensKey, session, 1, "1")).statusCode() == 200);
    }

    @Test
    void aHeadThatNeverEndsIsNotWaitedFor() throws Exception {
        var address = server.at("/mcp");
        try (var half = new Socket(address.getHost(), address.getPort())) {
            half.setSoTimeout(1);
            half.getOutputStream().write("GET /mcp HTTP/1.1\r\nX-A: ".getBytes(UTF_8));

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> isCutOff(half));
        }
    }

    /** Whether the server closed the connection although one more byte of the head was sent. */
    private static boolean isCutOff(Socket half) {
        try {
            half.getOutputStream().write('a');
            return half.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private String begin(String key) {
        return server.send(withKey(key, initialize("/mcp")))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private HttpRequest.Builder call(String key, String session, int id, String values) {
        var body =
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"health_snapshot\",\"arguments\":{\"x\":[%s]}}}"
                        .formatted(id, values);
        return withKey(
                key,
                HttpRequest.newBuilder(server.at("/mcp"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .header("Mcp-Session-Id", session)
                        .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void onlyHealthIsOpenAndSaysNoMoreThanHowItIs() {
        var health = HttpRequest.newBuilder(server.at("/actuator/health"));
        var info = HttpRequest.newBuilder(server.at("/actuator/info"));
        var metrics = HttpRequest.newBuilder(server.at("/actuator/prometheus"));

        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(server.send(health).body()).isEqualTo("{\"status\":\"UP\"}"));
        assertThat(server.send(withKey(annasKey, health)).body()).contains("\"claude\"");
        assertThat(server.send(withKey(annasKey, info)).statusCode()).isEqualTo(200);
        assertThat(server.send(withKey(annasKey, metrics)).body())
                .contains("consult_running")
                .doesNotContain("spring_security", "anna");
    }

    @Test
    void aWrongPageIsRefusedBeforeItsKeyIsLookedAt() {
        var answer =
                server.send(
                        withKey(annasKey, initialize("/mcp"))
                                .header("Origin", "https://evil.example"));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void whatIsRefusedByTheFrameworkIsASmallErrorWithAKeyAndWithout() {
        var bare = HttpRequest.newBuilder(server.at("/a%2Fb"));

        assertThat(server.send(bare).statusCode()).isEqualTo(400);
        assertThat(server.send(bare).body()).startsWith("{\"jsonrpc\"").hasSizeLessThan(200);
        assertThat(server.send(withKey(annasKey, bare)).body()).startsWith("{\"jsonrpc\"");
    }

    @ParameterizedTest
    @EnumSource
    void anothersJobIsReadWaitedForCancelledAndJoinedByNobody(Transport transport) {
        var held = surroundings.held(Map.of());
        var question =
                Map.<String, Object>of(
                        "prompt", "Why?", "cwd", held.toString(), "background", true);
        try (var anna = connect(transport, annasKey);
                var ben = connect(transport, bensKey)) {
            var job = anna.full("consult", question).path("job_id").asString();
            Surroundings.awaitHeld(held, 1);
            var its = Map.<String, Object>of("job_id", job);

            var refusals =
                    Stream.of("consult_job", "consult_wait", "consult_cancel")
                            .map(tool -> faultOf(ben.full(tool, its)))
                            .toList();
            var bens = ben.full("consult", question);
            var bensList = ben.full("consult_jobs", Map.of("cwd", held.toString()));
            var annasList = anna.full("consult_jobs", Map.of("cwd", held.toString()));
            var annas = anna.full("consult_job", its);
            Surroundings.release(held);

            assertThat(refusals).containsOnly("protocol/not_found");
            assertThat(bens.path("job_id").asString()).isNotEqualTo(job);
            assertThat(bensList.at("/jobs").findValuesAsString("job_id"))
                    .containsExactly(bens.path("job_id").asString());
            assertThat(annasList.at("/jobs").findValuesAsString("job_id")).containsExactly(job);
            assertThat(annas.at("/job/status").asString()).isEqualTo("running");
            assertThat(annas.at("/job/principal").asString()).isEqualTo("anna");
        }
    }

    @Test
    void aCallerHasOneNameOverBothTransports() {
        var repository = surroundings.repository(Map.of());
        try (var streamable = connect(Transport.STREAMABLE, annasKey);
                var sse = connect(Transport.SSE, annasKey)) {
            var job = streamable.full("consult", question(repository)).path("job_id").asString();

            var found = sse.full("consult_job", Map.of("job_id", job));

            assertThat(found.at("/job/status").asString()).isEqualTo("succeeded");
        }
    }

    @Test
    void anothersClaudeSessionIsNotFoundAndNobodysIsNotEither() {
        var repository = surroundings.repository(Map.of());
        try (var anna = connect(Transport.STREAMABLE, annasKey);
                var ben = connect(Transport.STREAMABLE, bensKey)) {
            var session = anna.full("consult", question(repository)).path("session_id").asString();
            var resumed =
                    Map.<String, Object>of(
                            "prompt", "And?", "cwd", repository.toString(), "session_id", session);
            var nobodys =
                    Map.<String, Object>of(
                            "prompt",
                            "And?",
                            "cwd",
                            repository.toString(),
                            "session_id",
                            UUID.randomUUID().toString());

            assertThat(faultOf(ben.full("consult", resumed)))
                    .isEqualTo("downstream/session_not_found");
            assertThat(faultOf(ben.full("consult", nobodys)))
                    .isEqualTo("downstream/session_not_found");
            assertThat(anna.full("consult", resumed).path("session_mode").asString())
                    .isEqualTo("resumed");
        }
    }

    @Test
    void snapshotsAreTheCallersOwn() {
        try (var anna = connect(Transport.STREAMABLE, annasKey);
                var ben = connect(Transport.SSE, bensKey)) {
            anna.full("consult_job", Map.of("job_id", UUID.randomUUID().toString()));
            ben.full("consult_jobs", Map.of());

            var annas = anna.full("health_snapshot", Map.of());
            var bens = ben.full("telemetry_snapshot", Map.of());

            assertThat(annas.toString()).contains("consult_job");
            assertThat(bens.path("tools").toString()).contains("\"consult_jobs\"");
            assertThat(bens.toString()).doesNotContain("anna");
        }
    }

    @Test
    void theHealthThatACallerSeesCountsItsOwnConsults() {
        var held = surroundings.held(Map.of());
        var question =
                Map.<String, Object>of(
                        "prompt", "Why?", "cwd", held.toString(), "background", true);
        try (var anna = connect(Transport.STREAMABLE, annasKey);
                var ben = connect(Transport.SSE, bensKey)) {
            anna.full("consult", question);
            Surroundings.awaitHeld(held, 1);

            var annas = anna.full("health_snapshot", Map.of());
            var bens = ben.full("health_snapshot", Map.of());
            Surroundings.release(held);

            assertThat(annas.path("running").asInt(-1)).isEqualTo(1);
            assertThat(bens.path("running").asInt(-1)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHealthThatACallerSeesNamesNoPathOfTheMachine(Transport transport) {
        try (var anna = connect(transport, annasKey)) {
            await().atMost(Surroundings.A_WHILE)
                    .until(() ->
                            anna.full("health_snapshot", Map.of())
                                    .at("/claude/version")
                                    .asString("")
                                    .startsWith("0.0.0"));

            for (var render : List.of("json", "porcelain")) {
                for (var detail : List.of("concise", "full")) {
                    var answer =
                            anna.call(
                                    "health_snapshot", Map.of("render", render, "detail", detail));

                    assertThat(answer.toString())
                            .contains("claude")
                            .doesNotContain("" + surroundings.claude().getParent())
                            .doesNotContain("" + surroundings.state())
                            .doesNotContain("" + surroundings.home())
                            .doesNotContain("" + surroundings.desk());
                }
            }
        }
    }

    @Test
    void whoHasTooManyConsultsGoingIsToldToWait() {
        var held = surroundings.held(Map.of());
        var question =
                Map.<String, Object>of(
                        "prompt",
                        "Why?",
                        "cwd",
                        held.toString(),
                        "background",
                        true,
                        "fresh",
                        true);
        try (var dora = connect(Transport.STREAMABLE, dorasKey);
                var ben = connect(Transport.SSE, bensKey)) {
            for (int i = 0; i < 4; i++) {
                assertThat(dora.full("consult", question).has("job_id")).isTrue();
            }

            var fifth = dora.full("consult", question);
            var bens = ben.full("consult", question);
            Surroundings.release(held);

            assertThat(faultOf(fifth)).isEqualTo("resource/too_many_requests");
            assertThat(fifth.path("retryable").asBoolean()).isTrue();
            assertThat(bens.has("job_id")).isTrue();
        }
    }

    @Test
    void anothersMcpSessionIsNotFound() {
        var session =
                server.send(withKey(annasKey, initialize("/mcp")))
                        .headers()
                        .firstValue("Mcp-Session-Id")
                        .orElseThrow();
        var ping =
                post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}")
                        .header("Mcp-Session-Id", session);
        var end =
                HttpRequest.newBuilder(server.at("/mcp"))
                        .header("Mcp-Session-Id", session)
                        .DELETE();

        assertThat(server.send(withKey(bensKey, ping.copy())).statusCode()).isEqualTo(404);
        assertThat(server.send(withKey(bensKey, end)).statusCode()).isEqualTo(404);
        assertThat(server.send(ping.copy()).statusCode()).isEqualTo(401);
        assertThat(server.send(withKey(annasKey, ping)).statusCode()).isEqualTo(200);
    }

    @Test
    void nobodyWritesToAnothersStream() throws Exception {
        try (var http = HttpClient.newHttpClient();
                var stream =
                        new BufferedReader(
                                new InputStreamReader(
                                        http.send(
                                                        withKey(
                                                                        annasKey,
                                                                        HttpRequest.newBuilder(
                                                                                server.at("/sse")))
                                                                .build(),
                                                        HttpResponse.BodyHandlers.ofInputStream())
                                                .body(),
                                        StandardCharsets.UTF_8))) {
            var address =
                    stream.lines()
                            .filter(line -> line.startsWith("data:"))
                            .findFirst()
                            .orElseThrow()
                            .substring("data:".length())
                            .strip();

            assertThat(server.send(withKey(bensKey, initialize(address))).statusCode())
                    .isEqualTo(404);
            assertThat(server.send(initialize(address)).statusCode()).isEqualTo(401);
            assertThat(server.send(withKey(annasKey, initialize(address))).statusCode())
                    .isBetween(200, 299);
        }
    }

    @Test
    void neitherAKeyNorAPasswordIsInTheLog() {
        server.send(initialize("/mcp").header("Authorization", "Bearer po_canary"));

        assertThat(server.log())
                .doesNotContain(annasKey, bensKey, "po_canary")
                .doesNotContainIgnoringCase("password");
    }

    @Test
    void itDoesNotServeOtherMachinesWithoutAllThatItTakes() {
        var ended =
                new Script(
                                List.of(PackagedServer.launcher().toString(), "serve"),
                                surroundings.desk().resolve("open"),
                                environment)
                        .with("PHONE_OPUS_HTTP_ADDRESS", "0.0.0.0")
                        .with("PHONE_OPUS_HTTP_PORT", "0")
                        .run();

        assertThat(ended)
                .isEqualTo(
                        new Script.Completion(
                                3,
                                "",
                                "phone-opus could not start: phone-opus.http.address 0.0.0.0 accepts remote connections, which also requires: phone-opus.consult.allowed-roots; phone-opus.claude.restricted=true (or phone-opus.http.i-trust-callers=true).\n"));
    }

    private TestClient connect(Transport transport, String key) {
        return switch (transport) {
            case STREAMABLE -> server.streamable(key);
            case SSE -> server.sse(key);
        };
    }

    private static Map<String, Object> question(Path repository) {
        return Map.of("prompt", "Why " + UUID.randomUUID() + "?", "cwd", repository.toString());
    }

    private static String faultOf(JsonNode answer) {
        return answer.at("/fault/class").asString() + "/" + answer.at("/fault/code").asString();
    }

    private Script.Completion key(String folder, String... words) {
        return new Script(
                        List.of(PackagedServer.launcher().toString(), "key"),
                        surroundings.desk().resolve("key-" + folder),
                        environment)
                .run(words);
    }

    private HttpRequest.Builder initialize(String path) {
        return post(path, INITIALIZE);
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(server.at(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder withKey(String key, HttpRequest.Builder request) {
        return request.copy().header("Authorization", "Bearer " + key);
    }
}
