package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests the packaged server over HTTP with misbehaving clients and at shutdown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class HttpServerIT {

    private static final String INITIALIZE =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
            "capabilities":{},"clientInfo":{"name":"bare","version":"1"}}}\
            """;
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final int SESSIONS = 20;
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";

    private Surroundings surroundings;
    private HttpServer server;

    @BeforeAll
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server =
                HttpServer.start(
                        surroundings.desk(),
                        surroundings.environment(
                                Map.of(
                                        // Otherwise the patience would expire and every call would
                                        // become a job.
                                        "PHONE_OPUS_CONSULT_PATIENCE",
                                        "0s",
                                        "PHONE_OPUS_HTTP_SESSION_IDLE",
                                        IDLE.toSeconds() + "s",
                                        "PHONE_OPUS_HTTP_MAX_SESSIONS",
                                        "" + SESSIONS)));
    }

    @AfterAll
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("", 400, -32600),
                Arguments.of("{", 400, -32700),
                Arguments.of("[]", 400, -32600),
                Arguments.of("[%s]".formatted(PING), 400, -32600),
                Arguments.of("{\"id\":1,\"method\":\"ping\"}", 400, -32600),
                Arguments.of("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", 400, -32600),
                Arguments.of("[".repeat(100_000), 400, -32700),
                Arguments.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}", 400, -32600),
                Arguments.of("x".repeat(20 * 1024 * 1024), 413, -32600));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void aBadBodyGetsASmallErrorAndTheNextIsServed(String body, int status, int code) {
        var answer = server.send(post("/mcp", body));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(errorIn(answer)).isEqualTo(code);
        assertThat(server.send(post("/mcp", INITIALIZE)).statusCode()).isEqualTo(200);
    }

    @Test
    void anEndlessBodyIsNotReadToItsEnd() throws IOException {
        try (var socket = new Socket("127.0.0.1", server.at("/").getPort())) {
            var out = socket.getOutputStream();
            out.write(
                    """
                    POST /mcp HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Transfer-Encoding: chunked

                    """
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var chunk =
                    ("10000\r\n" + "x".repeat(0x10000) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 33; i++) {
                out.write(chunk);
            }
            out.flush();
            var head =
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(head).isEqualTo("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nowhere,404",
        "GET,/actuator/env,404",
        "GET,/h2-console,404",
        "GET,/..%2f..%2fetc/passwd,400",
        "PUT,/mcp,405",
        "POST,/sse,405",
        "GET,/mcp,400",
        "DELETE,/mcp,400",
        "GET,/error,404",
        "GET,/a%2Fb,400",
        "GET,/a;b,400",
        "GET,/a//b,400",
        "GET,/login,404",
        "GET,/logout,404"
    })
    void whatIsNotServedSaysNothingOfTheServer(String method, String path, int status) {
        var answer =
                server.send(
                        HttpRequest.newBuilder(server.at(path))
                                .method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Tomcat", path);
        errorIn(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\u0001 HTTP/1.1\r\nHost: localhost",
                "GET /mcp HTTP/1.1\r\nHost: localhost\r\nBad Header: x",
                "GET /mcp HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b",
                "GET /mcp HTTP/1.1\r\nNo-Host: x",
                "GET /mcp HTTP/9.1\r\nHost: localhost",
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: x",
                "CONNECT a.example:1 HTTP/1.1\r\nHost: localhost\r\nConnection: close"
            })
    void whatIsNoRequestAtAllGetsTheSameSmallError(String head) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.at("/").getPort())) {
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            var answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith("HTTP/1.1 ").contains("{\"jsonrpc\":\"2.0\"");
            assertThat(answer).hasSizeLessThan(400).doesNotContain("html", "Tomcat", "java");
        }
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        var answer =
                server.send(
                        HttpRequest.newBuilder(server.at("/mcp"))
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(INITIALIZE)));

        assertThat(answer.statusCode()).isEqualTo(415);
        errorIn(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/sse", "/mcp/message", "/nowhere"})
    void aPageOfSomebodyElseIsRefused(String path) {
        var answer = server.send(post(path, INITIALIZE).header("Origin", "https://evil.example"));

        assertThat(answer.statusCode()).isEqualTo(403);
        errorIn(answer);
    }

    @Test
    void aPageOfThisMachineIsServed() {
        var answer =
                server.send(post("/mcp", INITIALIZE).header("Origin", "http://localhost:3000"));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aNameThatWasMadeToLeadHereIsRefused() throws IOException {
        try (var socket = new Socket("127.0.0.1", server.at("/").getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /sse HTTP/1.1\r\nHost: evil.example:8417\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            var head =
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(head).isEqualTo("HTTP/1.1 403");
        }
    }

    @Test
    void theConversationInReadmeWorksAsWritten() throws Exception {
        var conversation =
                Surroundings.read(Path.of("README.md"))
                        .lines()
                        .dropWhile(line -> !line.startsWith("    opus="))
                        .takeWhile(line -> line.startsWith("    "))
                        .collect(Collectors.joining("\n"))
                        .replace("127.0.0.1:8417", server.at("/").getAuthority());
        var repository = surroundings.repository(Map.of("ANSWER", "The one in front."));

        var shell =
                new ProcessBuilder("sh", "-euc", conversation)
                        .directory(repository.toFile())
                        .redirectErrorStream(true)
                        .start();
        var printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(printed).contains("consult ok ").contains("The one in front.");
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void aSessionIsUsedUntilItIsEnded() {
        var session = begin();

        var wrongVersion =
                server.send(inSession(session, PING).header("MCP-Protocol-Version", "1999-01-01"));
        var served = server.send(inSession(session, PING));
        var ended =
                server.send(
                        HttpRequest.newBuilder(server.at("/mcp"))
                                .header("Mcp-Session-Id", session)
                                .DELETE());
        var after = server.send(inSession(session, PING));

        assertThat(wrongVersion.statusCode()).isEqualTo(400);
        assertThat(errorIn(wrongVersion)).isEqualTo(-32600);
        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.body()).contains("\"id\":7").contains("\"result\":{}");
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(after.statusCode()).isEqualTo(404);
        assertThat(errorIn(after)).isEqualTo(-32001);
    }

    @Test
    void theStreamOfASessionEndsWithIt() throws Exception {
        var session = begin();
        var listener = HttpClient.newHttpClient();
        try {
            var stream =
                    listener.send(
                                    HttpRequest.newBuilder(server.at("/mcp"))
                                            .header("Accept", "text/event-stream")
                                            .header("Mcp-Session-Id", session)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream())
                            .body();
            var ended =
                    server.send(
                            HttpRequest.newBuilder(server.at("/mcp"))
                                    .header("Mcp-Session-Id", session)
                                    .DELETE());

            assertThat(ended.statusCode()).isEqualTo(200);
            assertThat(CompletableFuture.runAsync(() -> readToEnd(stream)))
                    .succeedsWithin(Surroundings.A_WHILE);
        } finally {
            listener.shutdownNow();
        }
    }

    private static void readToEnd(InputStream stream) {
        try {
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSessionThatNobodyUsesExpires() {
        var session = begin();

        await().atMost(Surroundings.A_WHILE)
                .pollInterval(Duration.ofSeconds(4))
                .until(() -> server.send(inSession(session, PING)).statusCode() == 404);
    }

    @Test
    void oneSessionTooManyTakesThePlaceOfTheOneUnusedForLongest() {
        var first = begin();

        for (int i = 0; i < SESSIONS; i++) {
            begin();
        }

        assertThat(server.send(inSession(first, PING)).statusCode()).isEqualTo(404);
    }

    @Test
    void aMessageToNobodysStreamIsRefused() {
        var answer = server.send(post("/mcp/message?sessionId=none", PING));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(errorIn(answer)).isEqualTo(-32001);
    }

    /** A way to call a tool and get its answer on a stream. */
    private enum Door {
        STREAMABLE,
        SSE
    }

    @ParameterizedTest
    @EnumSource
    void aConsultWhoseCallerVanishesGoesOnAsAJob(Door door) throws IOException {
        var held = surroundings.held(Map.of("ANSWER", "Nobody heard me."));
        var caller = BareClient.connect(server);
        call(door, caller, consult(held));
        Surroundings.awaitHeld(held, 1);

        caller.vanish(false);

        try (var client = server.streamable(more -> more)) {
            var asked = Map.<String, Object>of("cwd", held.toString());
            await().atMost(Surroundings.A_WHILE)
                    .untilAsserted(() ->
                            assertThat(client.full("consult_jobs", asked).path("count").asInt())
                                    .isEqualTo(1));
            var job = client.full("consult_jobs", asked).at("/jobs/0");
            Surroundings.release(held);
            var ended =
                    client.full("consult_wait", Map.of("job_id", job.path("job_id").asString()));

            assertThat(job.path("mode").asString()).isEqualTo("background");
            assertThat(job.path("status").asString()).isEqualTo("running");
            assertThat(ended.at("/job/result/response").asString()).isEqualTo("Nobody heard me.");
        } finally {
            surroundings.releaseAll();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConsultWhoseAnswerGotThereIsNoJobOnceItsStreamIsClosed(Door door) throws IOException {
        var repository = surroundings.repository(Map.of("ANSWER", "Heard."));
        var caller = BareClient.connect(server);

        var address = call(door, caller, consult(repository));
        caller.readUntil("Heard.");
        if (address.isEmpty()) {
            // At this point the server has handled the end of the stream.
            caller.readUntil("\r\n0\r\n\r\n");
        }
        caller.vanish(false);
        if (address.isPresent()) {
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> server.send(post(address.get(), PING)).statusCode() == 404);
        }

        try (var client = server.streamable(more -> more)) {
            var all = Map.<String, Object>of("cwd", repository.toString(), "mode", "all");
            assertThat(client.full("consult_jobs", all).at("/jobs/0/mode").asString())
                    .isEqualTo("sync");
            assertThat(
                            client.full("consult_jobs", Map.of("cwd", repository.toString()))
                                    .path("count")
                                    .asInt())
                    .isZero();
        }
    }

    @Test
    void oneMoreThanAllSessionsAtWorkIsRefusedAndNoneOfThemIsCutOff() throws IOException {
        var held = surroundings.held(Map.of("ANSWER", "All heard me."));
        String job;
        try (var client = server.streamable(more -> more)) {
            var question =
                    Map.<String, Object>of(
                            "prompt", "Why?", "cwd", held.toString(), "background", true);
            job = client.full("consult", question).path("job_id").asString();
        }
        await().atMost(Surroundings.A_WHILE).until(() -> Footprint.sessions(server) == 0);
        var wait = callOf("consult_wait", Map.of("job_id", job));
        var callers = new ArrayList<BareClient>();
        var listeners = new ArrayList<BareClient>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                var client = BareClient.connect(server);
                (i % 3 == 0 ? listeners : callers).add(client);
                switch (i % 3) {
                    case 0 -> client.listen();
                    case 1 -> client.call(wait);
                    default -> client.callSse(server, wait);
                }
            }

            var streamable = server.send(post("/mcp", INITIALIZE));
            var sse = server.send(HttpRequest.newBuilder(server.at("/sse")));
            Surroundings.release(held);

            for (var refused : List.of(streamable, sse)) {
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(errorIn(refused)).isEqualTo(-32600);
            }
            for (var caller : callers) {
                caller.readUntil("All heard me.");
            }
            for (var listener : listeners) {
                listener.awaitBeat();
                listener.awaitBeat();
            }
        } finally {
            surroundings.releaseAll();
            callers.addAll(listeners);
            for (var each : callers) {
                each.vanish(false);
            }
        }
    }

    @Test
    void anOpenStreamGetsABeatWithinHalfTheTimeThatASessionMayBeIdle() throws IOException {
        var listener = BareClient.connect(server);
        var older = BareClient.connect(server);
        listener.listen();
        older.connectSse();
        // The first heartbeat arrives with the response head.
        listener.awaitBeat();
        var opened = System.nanoTime();

        for (int beats = 0; beats < 4; beats++) {
            listener.awaitBeat();
            older.awaitBeat();
        }

        // Heartbeats at the full idle time would take at least six seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - opened)).isLessThan(IDLE.multipliedBy(3));
        listener.vanish(false);
        older.vanish(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void itEndsAtOnceAndTheNextServerHasTheAnswer(String signal) throws Exception {
        var held = surroundings.held(Map.of("ANSWER", "At last."));
        try (var first = HttpServer.start(surroundings.desk(), surroundings.environment())) {
            var streamable = first.streamable(more -> more);
            var sse = first.sse(more -> more);
            var question = Map.<String, Object>of("prompt", "Why?", "cwd", held.toString());
            streamable.callLater("consult", question);
            sse.callLater("consult", Map.of("prompt", "And else?", "cwd", held.toString()));
            Surroundings.awaitHeld(held, 2);

            new ProcessBuilder("kill", "-s", signal, "" + first.process().pid()).start().waitFor();

            assertThat(first.process().waitFor(5, TimeUnit.SECONDS)).as(first.log()).isTrue();
            assertThat(RunningProcesses.in(held)).isNotEmpty();
            assertThat(first.log()).doesNotContain(" WARN ", " ERROR ");
        }
        Surroundings.release(held);
        try (var next = HttpServer.start(surroundings.desk(), surroundings.environment());
                var client = next.streamable(more -> more)) {
            var jobs = client.full("consult_jobs", Map.of("cwd", held.toString())).path("jobs");
            assertThat(jobs).hasSize(2);
            var id = jobs.path(0).path("job_id").asString();
            assertThat(
                            client.full("consult_wait", Map.of("job_id", id))
                                    .at("/job/result/response")
                                    .asString())
                    .isEqualTo("At last.");
        }
    }

    @Test
    void itListensOnLoopbackAlone() throws Exception {
        try (var refused = new Socket()) {
            var outside =
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .filter(address ->
                                    !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                            .findFirst();
            assumeTrue(outside.isPresent());
            var port = server.at("/").getPort();

            assertThatIOException()
                    .isThrownBy(() ->
                            refused.connect(new InetSocketAddress(outside.get(), port), 2_000));
        }
    }

    @Test
    void whereConnectionsGetScarceTheAddressWithMostOfThemMakesRoom() throws IOException {
        var greedy = new ArrayList<SocketChannel>();
        try (var modest = connected("127.0.0.1")) {
            for (int i = 0; i < 1_100; i++) {
                greedy.add(connected("127.0.0.2"));
                greedy.getLast().configureBlocking(false);
            }
            await().atMost(Surroundings.A_WHILE)
                    .until(() -> greedy.stream().anyMatch(HttpServerIT::isCutOff));
            modest.write(
                    StandardCharsets.US_ASCII.encode(
                            "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            var answer = modest.socket().getInputStream().readNBytes(12);

            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 404");
        } finally {
            for (var each : greedy) {
                each.close();
            }
        }
    }

    /** A connection from that local address, before any request. */
    private SocketChannel connected(String from) throws IOException {
        var channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(new InetSocketAddress("127.0.0.1", server.at("/").getPort()));
        return channel;
    }

    private static boolean isCutOff(SocketChannel connection) {
        try {
            return connection.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException _) {
            return true;
        }
    }

    /** The address to post to, if it is the older transport. */
    private Optional<String> call(Door door, BareClient caller, String body) throws IOException {
        return switch (door) {
            case STREAMABLE -> {
                caller.call(body);
                yield Optional.empty();
            }
            case SSE -> Optional.of(caller.callSse(server, body));
        };
    }

    private static String consult(Path repository) {
        return callOf("consult", Map.of("prompt", "Why?", "cwd", repository.toString()));
    }

    private static String callOf(String tool, Map<String, Object> arguments) {
        return JsonMapper.shared()
                .writeValueAsString(
                        Map.of(
                                "jsonrpc",
                                "2.0",
                                "id",
                                9,
                                "method",
                                "tools/call",
                                "params",
                                Map.of("name", tool, "arguments", arguments)));
    }

    private String begin() {
        return server.send(post("/mcp", INITIALIZE))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private HttpRequest.Builder inSession(String session, String body) {
        return post("/mcp", body).header("Mcp-Session-Id", session);
    }

    private HttpRequest.Builder post(String path, String body) {
        return HttpRequest.newBuilder(server.at(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /** The error code, after checking that the answer contains nothing of Java. */
    private static int errorIn(HttpResponse<String> answer) {
        var body = JsonMapper.shared().readTree(answer.body());
        assertThat(body.propertyNames()).containsExactlyInAnyOrder("jsonrpc", "id", "error");
        assertThat(body.path("error").propertyNames()).containsExactlyInAnyOrder("code", "message");
        assertThat(answer.body())
                .hasSizeLessThan(400)
                .doesNotContain("java", "Exception", "phoneopus.");
        return body.at("/error/code").asInt();
    }
}
