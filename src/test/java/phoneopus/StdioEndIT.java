package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests how the packaged server starts and ends, and what remains of it. */
@Timeout(120)
class StdioEndIT {

    private static final int SIGTERM = 128 + 15;

    /** It usually takes well under a second, but the machine may be busy. */
    private static final Duration END = Duration.ofSeconds(8);

    private Surroundings surroundings;
    private RawServer server;

    @BeforeEach
    void startServer(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        server = RawServer.start(surroundings.desk(), surroundings.environment());
    }

    @AfterEach
    void endEverything() {
        server.close();
        surroundings.endEverything();
    }

    @Test
    void beforeTheHandshakeOnlyAPingIsAnswered() {
        var ping = server.ping();
        var list = server.answerTo(server.request("tools/list", Map.of()));
        var newer = server.answerTo(server.request("server/discover", Map.of()));
        server.shakeHands();
        var listed = server.answerTo(server.request("tools/list", Map.of()));

        assertThat(ping.path("result").isObject()).isTrue();
        assertThat(list.at("/error/code").asInt()).isEqualTo(-32600);
        assertThat(newer.at("/error/code").asInt()).isEqualTo(-32601);
        assertThat(listed.at("/result/tools").isEmpty()).isFalse();
    }

    @Test
    void badLinesBeforeTheHandshakeDoNotPreventIt() {
        server.send("");
        server.send("[{'jsonrpc':'2.0','id':1,'method':'ping'}]");
        server.send("{");
        server.send(
                "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':1}}");
        server.send("{'jsonrpc':'2.0','method':'notifications/initialized'}");
        server.shakeHands();

        assertThat(server.answerTo(server.request("tools/list", Map.of())).has("result")).isTrue();
    }

    @Test
    void aRequestOfAClientThatNeverSaysInitializedIsAnswered() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        server.send(
                "{'jsonrpc':'2.0','id':'hello','method':'initialize','params':{'protocolVersion':'2025-06-18','capabilities':{},'clientInfo':{'name':'hasty','version':'1'}}}");
        server.answerTo("hello");

        var consult = server.consult(Map.of("prompt", "Why?", "cwd", "" + repository));

        assertThat(server.answerTo(consult).at("/result/content/0/text").asString())
                .endsWith("\nYes.");
    }

    @Test
    void aBrokenHandshakeIsAnErrorAndMayBeRepeated() {
        server.send("{'jsonrpc':'2.0','id':'a','method':'initialize'}");
        var broken = server.answerTo("a");
        server.shakeHands();
        var list = server.answerTo(server.request("tools/list", Map.of()));

        assertThat(broken.has("error")).isTrue();
        assertThat(broken.toString()).doesNotContain("Exception", "java.", "jackson");
        assertThat(list.at("/result/tools").isEmpty()).isFalse();
    }

    @Test
    void whatWasAskedBeforeTheEndOfInputIsStillAnswered() {
        server.send(
                """
                {'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2025-06-18','capabilities':{},'clientInfo':{'name':'printf','version':'1'}}}
                {'jsonrpc':'2.0','method':'notifications/initialized'}
                {'jsonrpc':'2.0','id':2,'method':'tools/list'}\
                """);
        server.send(
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}"
                        .getBytes(StandardCharsets.UTF_8));
        server.closeInput();

        assertThat(server.exitCode()).isZero();
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(server.messages())
                                .filteredOn(message -> message.has("result"))
                                .extracting(message -> message.path("id").asInt())
                                .containsExactlyInAnyOrder(1, 2, 3));
    }

    @Test
    void theEndOfInputEndsAnIdleServer(TestReporter report) {
        server.shakeHands().ping();

        var took = timed(server::closeInput, report);

        assertThat(server.exitCode()).isZero();
        assertThat(took).isLessThan(END);
    }

    @Test
    void sigtermEndsAnIdleServer(TestReporter report) {
        server.shakeHands().ping();

        var took = timed(server::terminate, report);

        assertThat(server.exitCode()).isEqualTo(SIGTERM);
        assertThat(took).isLessThan(END);
    }

    @Test
    void theEndOfInputEndsABusyServerAndTheConsultGoesOn(TestReporter report) {
        var repository = consultThatTakesAWhile();

        var took = timed(server::closeInput, report);

        assertThat(server.exitCode()).isZero();
        assertThat(took).isLessThan(END);
        assertTheConsultGoesOn(repository);
    }

    @Test
    void sigtermEndsABusyServerAndTheConsultGoesOn(TestReporter report) {
        var repository = consultThatTakesAWhile();

        var took = timed(server::terminate, report);

        assertThat(server.exitCode()).isEqualTo(SIGTERM);
        assertThat(took).isLessThan(END);
        assertTheConsultGoesOn(repository);
    }

    @Test
    void aServerWhoseAnswersNobodyReadsEnds(TestReporter report) {
        server.shakeHands().ping();
        server.closeOutput();

        var took = timed(server::pingUntilItEnds, report);

        assertThat(server.isAlive()).isFalse();
        assertThat(took).isLessThan(END);
    }

    @Test
    void aBusyServerWhoseAnswersNobodyReadsEndsAndTheConsultGoesOn() {
        var repository = consultThatTakesAWhile();
        server.closeOutput();

        server.pingUntilItEnds();

        assertTheConsultGoesOn(repository);
    }

    @Test
    void anAnswerThatItsClientNoLongerTookIsListed() {
        var command =
                List.of(
                        "/bin/sh",
                        "-c",
                        "\"$0\" | head -n 1",
                        PackagedServer.launcher().toString());
        try (var left = RawServer.start(surroundings.desk(), surroundings.environment(), command)) {
            var repository = surroundings.held(Map.of("ANSWER", "At last."));
            left.shakeHands().consult(Map.of("prompt", "Why?", "cwd", "" + repository));
            Surroundings.awaitHeld(repository, 1);
            await().atMost(Surroundings.A_WHILE)
                    .until(() ->
                            ProcessHandle.of(left.pid())
                                    .orElseThrow()
                                    .descendants()
                                    .noneMatch(StdioEndIT::readsOneLine));
            Surroundings.release(repository);
            left.exitCode();
        }

        var listed =
                new Script(
                                PackagedServer.command(),
                                surroundings.desk(),
                                surroundings.environment())
                        .run("jobs");

        assertThat(listed.out().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains(" succeeded ", " Why?");
    }

    private static boolean readsOneLine(ProcessHandle process) {
        return process.info().commandLine().orElse("").endsWith("head -n 1");
    }

    @Test
    void theEndOfInputEndsAServerWhoseClientReadsNothingAndTheConsultGoesOn(TestReporter report) {
        var repository = consultThatTakesAWhile();
        server.stopReading();
        server.askForTooMuch();

        var took = timed(server::closeInput, report);

        assertThat(server.exitCode()).isZero();
        assertThat(took).isLessThan(END);
        assertThat(surroundings.state().resolve("spool").toFile().listFiles())
                .singleElement()
                .satisfies(job -> assertThat(job.toPath().resolve("promoted")).exists());
        assertTheConsultGoesOn(repository);
    }

    @Test
    void sigtermEndsAServerWhoseClientReadsNothing(TestReporter report) {
        var repository = consultThatTakesAWhile();
        server.stopReading();
        server.askForTooMuch();

        var took = timed(server::terminate, report);

        assertThat(server.exitCode()).isEqualTo(SIGTERM);
        assertThat(took).isLessThan(END);
        assertTheConsultGoesOn(repository);
    }

    @Test
    void whateverPrintsNothingButMessagesIsOnStdout() {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoudServer.class.getName());
        try (var loud = RawServer.start(surroundings.desk(), surroundings.environment(), command)) {
            var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
            loud.shakeHands();
            loud.answerTo(loud.consult(Map.of("prompt", "Why?", "cwd", "" + repository)));
            loud.ping();
            loud.closeInput();

            assertThat(loud.exitCode()).isZero();
            assertThat(loud.log()).contains(LoudServer.NOISE + " after the start");
            assertThat(loud.messages())
                    .hasSize(3)
                    .allSatisfy(message -> assertThat(message.has("result")).isTrue());
        }
    }

    @Test
    void theServerOfASilentClientEndsOnceItsConsultIsOver() {
        server.close();
        server =
                RawServer.start(
                        surroundings.desk(),
                        surroundings.environment(Map.of("PHONE_OPUS_STDIO_IDLE", "1s")));
        var repository = surroundings.held(Map.of("ANSWER", "At last."));
        server.shakeHands()
                .call(
                        "consult",
                        Map.of("prompt", "Why?", "cwd", "" + repository, "background", true));
        Surroundings.awaitHeld(repository, 1);

        // Longer than the limit and the interval at which it is checked.
        await().atMost(Surroundings.A_WHILE).during(Duration.ofSeconds(7)).until(server::isAlive);
        Surroundings.release(repository);

        assertThat(server.exitCode()).isZero();
        assertThat(server.log()).contains("stdio.idle");
        assertThat(file("outcome.json")).contains("At last.");
    }

    private Path consultThatTakesAWhile() {
        var repository = surroundings.held(Map.of("ANSWER", "At last."));
        server.shakeHands().consult(Map.of("prompt", "Why?", "cwd", "" + repository));
        Surroundings.awaitHeld(repository, 1);
        return repository;
    }

    private void assertTheConsultGoesOn(Path repository) {
        assertThat(RunningProcesses.in(repository)).isNotEmpty();
        Surroundings.release(repository);
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() -> {
                    assertThat(file("exit")).isEqualTo("0\n");
                    assertThat(file("events.jsonl")).contains("\"result\":\"At last.\"");
                    assertThat(RunningProcesses.in(repository)).isEmpty();
                });
    }

    /** A file of the only consult. */
    private String file(String name) {
        try (Stream<Path> jobs = Files.list(surroundings.state().resolve("spool"))) {
            var job = jobs.findFirst().orElseThrow();
            return Files.exists(job.resolve(name)) ? Files.readString(job.resolve(name)) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Duration timed(Runnable end, TestReporter report) {
        var before = System.nanoTime();
        end.run();
        server.exitCode();
        var took = Duration.ofNanos(System.nanoTime() - before);
        report.publishEntry("ended after", took.toMillis() + " ms");
        return took;
    }
}
