package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tests what the packaged server answers, and does not do, while it is starting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class StdioFrontIT {

    private static final int STARTS = 50;
    private static final int AT_ONCE = 3;

    private static final int SET_UP = 3;
    private static final int SIGTERM = 128 + 15;

    /** The protocol versions of the library and an unknown one. */
    private static final List<String> VERSIONS =
            List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2099-01-01");

    private Surroundings surroundings;

    @BeforeAll
    void prepare(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
    }

    @AfterAll
    void endEverything() {
        surroundings.endEverything();
    }

    @Test
    void ofFiftyHastyClientsEachGetsOneAnswerToEachRequest() throws Exception {
        var clients = new ArrayList<Callable<List<String>>>();
        for (int seed = 0; seed < STARTS; seed++) {
            var chance = new Random(seed);
            clients.add(() -> haste(chance));
        }

        List<Future<List<String>>> heard;
        try (var some = Executors.newFixedThreadPool(AT_ONCE)) {
            heard = some.invokeAll(clients);
        }

        for (int seed = 0; seed < STARTS; seed++) {
            assertThat(heard.get(seed).get())
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrder(
                            "hello result", "1 result", "2 result", "3 result", "4 result");
        }
    }

    @Test
    void whatIsSaidBeforeTheStartIsWhatTheServerSays() {
        try (var late = start(Map.of())) {
            late.shakeHands();
            late.call("health_snapshot", Map.of());
            var list = late.request("tools/list", Map.of());
            late.answerTo(list);
            for (var version : VERSIONS) {
                var early = failingStart(version);

                late.send(initialize(version, version));
                late.answerTo(version);

                assertThat(result(early, "hello")).isEqualTo(result(late.lines(), version));
                assertThat(result(early, "1")).isEqualTo(result(late.lines(), "" + list));
            }
        }
    }

    @Test
    void whereClaudeMayEditTheToolListIsTheServers() {
        try (var server = start(Map.of("PHONE_OPUS_CLAUDE_TOOLS", "Read,Edit"))) {
            server.shakeHands();

            var list = server.answerTo(server.request("tools/list", Map.of()));

            assertThat(list.at("/result/tools/0/annotations/readOnlyHint").asBoolean(true))
                    .isFalse();
        }
    }

    @Test
    void theEndOfInputEndsAServerThatStillStartsAndNothingIsBegun() {
        var repository = surroundings.recorded(Map.of());
        var state = surroundings.desk().resolve("ended");
        try (var server = start(Map.of("PHONE_OPUS_STATE_DIR", state.toString()))) {
            server.send(initialize("hello", VERSIONS.getLast()));
            var consult = server.consult(Map.of("prompt", "Why?", "cwd", "" + repository));
            server.closeInput();

            var hello = server.answerTo("hello");
            var error = server.answerTo(consult).path("error");
            var exitCode = server.exitCode();

            assertThat(hello.has("result")).isTrue();
            assertThat(error.path("message").asString()).contains("input ended");
            assertThat(exitCode).isZero();
            assertThat(state.resolve("spool").toFile().list()).isNullOrEmpty();
            assertThat(repository.resolve("record")).doesNotExist();
            assertThat(server.log()).isEmpty();
        }
    }

    @Test
    void aClientThatTakesNoMoreOutputEndsAServerThatStillStartsAndNothingIsBegun() {
        var repository = surroundings.recorded(Map.of());
        var state = surroundings.desk().resolve("unread");
        try (var server = start(Map.of("PHONE_OPUS_STATE_DIR", state.toString()))) {
            server.send(initialize("hello", VERSIONS.getLast()));
            server.answerTo("hello");
            server.consult(Map.of("prompt", "Why?", "cwd", "" + repository));

            server.closeOutput();
            server.pingUntilItEnds();

            assertThat(server.exitCode()).isZero();
            assertThat(state.resolve("spool").toFile().list()).isNullOrEmpty();
            assertThat(repository.resolve("record")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, " + SIGTERM})
    void aServerEndsWhoseClientReadsNothingOfWhatItAskedForDuringTheStart(
            boolean endOfInput, int exitCode) {
        var repository = surroundings.held(Map.of());
        var editing = Map.of("PHONE_OPUS_CLAUDE_TOOLS", "Read,Edit");
        try (var server = start(editing)) {
            server.send(initialize("hello", VERSIONS.getLast()));
            server.answerTo("hello");
            server.stopReading();
            server.consult(Map.of("prompt", "Why?", "cwd", "" + repository, "fresh", true));
            server.askForTooMuch();
            Surroundings.awaitHeld(repository, 1);

            if (endOfInput) {
                server.closeInput();
            } else {
                server.terminate();
            }

            assertThat(server.exitCode()).isEqualTo(exitCode);
            assertThat(RunningProcesses.in(repository)).isNotEmpty();
        } finally {
            Surroundings.release(repository);
        }
    }

    @Test
    void aStartThatFailsEndsAServerWhoseClientReadsNothing() {
        try (var server = start(Map.of("PHONE_OPUS_CONSULT_TIMEOUT", "soon"))) {
            server.send(initialize("hello", VERSIONS.getLast()));
            server.answerTo("hello");
            server.stopReading();
            server.askForTooMuch();

            assertThat(server.exitCode()).isEqualTo(SET_UP);
        }
    }

    @Test
    void sigtermEndsAServerThatStillStarts() {
        try (var server = start(Map.of())) {
            server.send(initialize("hello", VERSIONS.getLast()));
            server.answerTo("hello");

            server.terminate();

            assertThat(server.exitCode()).isEqualTo(SIGTERM);
            assertThat(server.messages()).hasSize(1);
        }
    }

    /** The answers to a client that sends everything as early as possible. */
    private List<String> haste(Random chance) {
        try (var server = start(Map.of())) {
            for (var line :
                    List.of(
                            initialize("hello", VERSIONS.get(chance.nextInt(VERSIONS.size()))),
                            "{'jsonrpc':'2.0','method':'notifications/initialized'}",
                            "{'jsonrpc':'2.0','id':1,'method':'tools/list'}",
                            "{'jsonrpc':'2.0','id':2,'method':'ping'}",
                            "{'jsonrpc':'2.0','id':3,'method':'tools/call','params':{'name':'consult_jobs','arguments':{}}}",
                            "{'jsonrpc':'2.0','id':4,'method':'tools/call','params':{'name':'health_snapshot','arguments':{}}}")) {
                LockSupport.parkNanos(chance.nextInt(4) * chance.nextLong(400_000_000));
                server.send(line);
            }
            server.answerTo(3);
            server.answerTo(4);
            server.ping();
            return server.messages().stream()
                    .filter(message -> message.path("id").asLong(0) < 1_000)
                    .map(StdioFrontIT::kind)
                    .toList();
        }
    }

    private static String kind(JsonNode message) {
        return message.path("id").asString() + (message.has("result") ? " result" : " error");
    }

    /** The answers to a client of a server that fails to start. */
    private List<String> failingStart(String version) {
        try (var server = start(Map.of("PHONE_OPUS_CONSULT_TIMEOUT", "soon"))) {
            server.send(initialize("hello", version));
            server.send("{'jsonrpc':'2.0','id':1,'method':'tools/list'}");
            server.send(
                    "{'jsonrpc':'2.0','id':2,'method':'tools/call','params':{'name':'consult','arguments':{'prompt':'Why?'}}}");

            var exitCode = server.exitCode();
            await().atMost(Surroundings.A_WHILE)
                    .untilAsserted(() -> assertThat(server.lines()).hasSize(3));
            var error = server.answerTo(2).path("error");

            assertThat(exitCode).isEqualTo(SET_UP);
            assertThat(error.path("message").asString())
                    .isEqualTo(
                            "Setting phone-opus.consult.timeout is `soon`, but it must be a duration such as 90s, 20m or 1h.");
            assertThat(server.log()).isEqualTo(error.path("message").asString() + "\n");
            return server.lines();
        }
    }

    private RawServer start(Map<String, String> more) {
        return RawServer.start(surroundings.desk(), surroundings.environment(new HashMap<>(more)));
    }

    private static String initialize(String id, String version) {
        return "{'jsonrpc':'2.0','id':'%s','method':'initialize','params':{'protocolVersion':'%s','capabilities':{},'clientInfo':{'name':'hasty','version':'1'}}}"
                .formatted(id, version);
    }

    /** The result in its exact bytes. */
    private static String result(List<String> lines, String id) {
        return lines.stream()
                .filter(line -> line.matches("\\{\"jsonrpc\":\"2.0\",\"id\":\"?" + id + "\"?,.*"))
                .map(line -> line.substring(line.indexOf("\"result\":")))
                .findFirst()
                .orElseThrow();
    }
}
