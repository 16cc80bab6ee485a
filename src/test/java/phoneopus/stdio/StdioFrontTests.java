package phoneopus.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.mcp.EarlyMessages;
import phoneopus.mcp.JsonRpcMessage;
import phoneopus.mcp.PrecomputedResponses;
import phoneopus.mcp.RequestContext;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class StdioFrontTests {

    private static final int INVALID_REQUEST = -32600;
    private static final int METHOD_NOT_FOUND = -32601;

    private static final String WHY = "Setting x is `y`, but it must be z.";

    private FrontClient client = new FrontClient(PrecomputedResponses.built());

    @AfterEach
    void leave() {
        client.leave();
        client.awaitEnd();
    }

    @Test
    void theHandshakeThePingAndTheToolListNeedNoServer() {
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        client.ask(1, "tools/list", "{}");
        client.ask("é\"2", "ping", "{}");

        var heard = client.heard(3);

        assertThat(heard)
                .extracting(message -> message.path("id").asString())
                .containsExactly("hello", "1", "é\"2");
        assertThat(heard.get(0).at("/result/serverInfo/name").asString()).isEqualTo("phone-opus");
        assertThat(heard.get(0).at("/result/instructions").asString()).isNotBlank();
        assertThat(heard.get(1).at("/result/tools/0/name").asString()).isEqualTo("consult");
        assertThat(heard.get(2).path("result").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 2024-11-05",
        "2025-03-26, 2025-03-26",
        "2025-06-18, 2025-06-18",
        "2025-11-25, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "'', 2025-11-25"
    })
    void theVersionIsTheClientsOrTheNewest(String wanted, String agreed) {
        client.say(FrontClient.INITIALIZE.replace("2025-06-18", wanted));

        var answer = client.heard(1).getFirst();

        assertThat(answer.at("/result/protocolVersion").asString()).isEqualTo(agreed);
    }

    @Test
    void theVersionsAreThoseOfTheLibrary() {
        assertThat(new LibrarysOwn().protocolVersions())
                .isEqualTo(PrecomputedResponses.PROTOCOL_VERSIONS);
    }

    @Test
    void beforeTheHandshakeOnlyAPingIsAnswered() {
        client.ask(1, "tools/list", "{}");
        client.ask(2, "server/discover", "{}");
        client.ask(3, "tools/call", "{'name':'consult'}");
        client.ask(4, "ping", "{}");
        client.say(FrontClient.INITIALIZE);
        client.ask(5, "server/discover", "{}");

        var heard = client.heard(6);

        assertThat(heard)
                .extracting(message -> message.at("/error/code").asInt(0))
                .containsExactly(
                        INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_REQUEST, 0, 0, METHOD_NOT_FOUND);
    }

    @Test
    void aBadLineGetsItsError() {
        client.say("{", "[]", "", "{'jsonrpc':'2.0','id':7}", "x".repeat(9 * 1024 * 1024));
        client.settle();

        assertThat(client.heard())
                .extracting(message -> message.at("/error/code").asInt(0))
                .containsExactly(-32700, INVALID_REQUEST, INVALID_REQUEST, INVALID_REQUEST, 0);
    }

    @Test
    void whatTheFrontDoesNotKnowReachesTheServerInOrder() {
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        client.ask(1, "test/echo", "{'n':1}");
        client.note("test/note", "{'n':2}");
        client.ask(3, "test/echo", "{'n':3}");
        client.settle();
        var before = client.heard();

        client.handOver();
        client.ask(4, "test/echo", "{'n':4}");
        client.settle();

        assertThat(before).hasSize(2);
        assertThat(client.seen).containsExactly(1, 2, 3, 4);
        assertThat(client.handshakes).containsExactly("front-tests");
        assertThat(client.answersTo("hello")).hasSize(1);
        assertThat(List.of(1, 3, 4)).allSatisfy(id -> assertThat(client.answersTo(id)).hasSize(1));
    }

    @Test
    void anEmptyCatalogueLeavesEverythingToTheServer() {
        client.leave();
        client = new FrontClient(PrecomputedResponses.EMPTY);
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        client.ask(1, "tools/list", "{}");
        client.ask(2, "server/discover", "{}");
        client.settle();
        var before = client.heard();

        client.handOver();

        assertThat(before).hasSize(1);
        assertThat(client.heard(4))
                .extracting(message -> message.path("id").asString())
                .containsExactly("settled-1", "hello", "1", "2");
        assertThat(client.heard().get(1).at("/result/instructions").asString())
                .isEqualTo("of the session");
    }

    @Test
    void theToolListAloneMayBeLeftToTheServer() {
        client.leave();
        client = new FrontClient(PrecomputedResponses.built().withoutTools());
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        client.ask(1, "tools/list", "{}");
        client.settle();
        var before = client.heard();

        client.handOver();

        assertThat(before).hasSize(2);
        assertThat(client.heard(3).get(2).at("/result/tools").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{'protocolVersion':7,'capabilities':{},'clientInfo':{'name':'a','version':'1'}}",
                "{'protocolVersion':'1','capabilities':[],'clientInfo':{'name':'a','version':'1'}}",
                "{'protocolVersion':'1','capabilities':{},'clientInfo':{'name':'a'}}",
                "{'protocolVersion':'1','capabilities':{},'clientInfo':{'name':'a','version':{}}}",
                "{'protocolVersion':'1','capabilities':{'roots':{'listChanged':'x'}},'clientInfo':{'name':'a','version':'1'}}",
                "{'protocolVersion':'1','capabilities':{'sampling':true},'clientInfo':{'name':'a','version':'1'}}",
                "{'protocolVersion':'1','capabilities':{'elicitation':{'form':1}},'clientInfo':{'name':'a','version':'1'}}",
                "{'protocolVersion':'1','capabilities':{},'clientInfo':{'name':'a','version':'1'},'_meta':1}"
            })
    void aHandshakeThatTheServerMayRefuseIsLeftToIt(String params) {
        client.ask("odd", "initialize", params);
        client.say(FrontClient.INITIALIZE);
        client.ask(1, "tools/list", "{}");
        client.settle();
        var before = client.heard();

        client.handOver();

        assertThat(before).hasSize(1);
        assertThat(client.heard(4))
                .extracting(message -> message.path("id").asString())
                .containsExactly("settled-1", "odd", "hello", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'roots':{'listChanged':true},'sampling':{},'elicitation':{'form':{},'url':{}},'experimental':{'a':1}}",
                "{'tools':true,'prompts':true,'roots':{'listChanged':false},'elicitation':{}}",
                "{'roots':{},'tasks':{'list':{}},'extensions':{'a/b':{'types':['x']}}}"
            })
    void theHandshakesOfRealClientsAreAnswered(String capabilities) {
        client.ask(
                1,
                "initialize",
                "{'protocolVersion':'2025-06-18','capabilities':%s,'clientInfo':{'name':'a','title':'A','version':'1','websiteUrl':'https://a.example'},'_meta':{}}"
                        .formatted(capabilities));

        var heard = client.heard(1);
        client.handOver();

        assertThat(heard.getFirst().has("result")).isTrue();
        assertThat(client.handshakes).containsExactly("a");
    }

    @Test
    void aSecondHandshakeIsAnsweredByTheServer() {
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZE.replace("hello", "again"));
        client.settle();
        var before = client.heard();

        client.handOver();

        assertThat(before).hasSize(2);
        assertThat(client.answersTo("again")).hasSize(1);
        assertThat(client.answersTo("hello")).hasSize(1);
    }

    @Test
    void anIdThatWaitsIsTaken() {
        client.say(FrontClient.INITIALIZE);
        client.ask("twice", "tools/call", "{'name':'consult'}");
        client.ask("twice", "tools/list", "{}");
        client.settle();
        var before = client.answersTo("twice");

        client.handOver();

        assertThat(before).isEmpty();
        assertThat(client.answersTo("twice"))
                .singleElement()
                .satisfies(answer ->
                        assertThat(answer.at("/error/code").asInt()).isEqualTo(INVALID_REQUEST));
    }

    @Test
    void aClientThatWaitsForAnAnswerIsNotSilent() {
        client.say(FrontClient.INITIALIZE);
        client.settle();
        var transport = client.handOver();

        assertThat(transport.silence()).isPositive();

        client.ask(9, "tools/call", "{'name':'consult'}");
        client.settle();

        assertThat(transport.silence()).isZero();
    }

    @Test
    void aCancelledRequestIsCancelledAtTheTool() {
        client.say(FrontClient.INITIALIZE);
        client.note("notifications/cancelled", "{'requestId':9,'reason':'of nothing'}");
        client.ask(9, "tools/call", "{'name':'consult'}");
        client.note("notifications/cancelled", "{'requestId':9,'reason':'stop'}");
        client.note("notifications/cancelled", "{'requestId':9,'reason':'too late'}");
        client.settle();

        client.handOver();

        await().atMost(Duration.ofSeconds(20)).until(() -> !client.stopped.isEmpty());
        assertThat(client.stopped).containsExactly(new RequestContext.Stopped.Cancelled("stop"));
        assertThat(client.answersTo(9)).isEmpty();
    }

    @Test
    void whatThereIsNoRoomForIsRefusedAndNothingElseIsLost() {
        client.say(FrontClient.INITIALIZE);
        var ids = IntStream.rangeClosed(1, EarlyMessages.MOST_MESSAGES + 5).boxed().toList();
        ids.forEach(id -> client.ask(id, "test/echo", "{'n':%d}".formatted(id)));
        client.settle();
        var refused = client.heard().stream().filter(message -> message.has("error")).toList();

        client.handOver();

        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer -> assertRefused(answer, "send this again in a moment"));
        assertThat(client.seen).hasSize(ids.size() - refused.size()).contains(1, 2, 500);
        assertThat(client.heard()).hasSize(ids.size() + 2);
    }

    @Test
    void largeMessagesFillItToo() {
        var large = "{'n':1,'text':'%s'}".formatted("x".repeat(6 * 1024 * 1024));
        client.say(FrontClient.INITIALIZE);
        client.ask(1, "test/echo", large);
        client.ask(2, "test/echo", large);
        client.ask(3, "test/echo", large);
        client.ask(4, "test/echo", "{'n':4}");
        client.note("notifications/cancelled", "{'requestId':4}");
        client.settle();
        var refused = client.heard().stream().filter(message -> message.has("error")).toList();

        client.handOver();

        assertThat(refused)
                .singleElement()
                .satisfies(answer -> assertThat(answer.path("id").asInt()).isEqualTo(3));
        assertThat(client.seen).containsExactly(1, 1, 4);
    }

    @Test
    void aFailedStartIsToldToAllThatWaitAndAllThatCome() {
        client.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        client.ask(1, "tools/call", "{'name':'consult'}");
        client.ask(2, "test/echo", "{'n':2}");
        client.settle();

        client.front.fail(WHY);
        client.ask(3, "tools/list", "{}");
        client.ask(4, "tools/call", "{'name':'consult'}");
        client.handOver();

        var heard = client.heard(6);
        assertThat(heard.subList(2, 6)).allSatisfy(answer -> assertRefused(answer, WHY));
        assertThat(heard.subList(2, 6))
                .extracting(answer -> answer.path("id").asInt())
                .containsExactly(1, 2, 3, 4);
        assertThat(client.seen).isEmpty();
        client.leave();
        assertThat(client.ends()).as("whoever said so ends the process").isZero();
        client = new FrontClient(PrecomputedResponses.EMPTY);
    }

    @Test
    void whatWaitsAtTheEndOfInputIsToldSoAndNeverDone() {
        client.say(FrontClient.INITIALIZE);
        client.ask(1, "test/echo", "{'n':1}");

        client.leave();
        client.awaitEnd();
        client.handOver();

        assertRefused(client.heard().getLast(), "input ended");
        assertThat(client.seen).isEmpty();
        assertThat(client.handshakes).isEmpty();
    }

    @Test
    void aClientThatReadsNothingIsGone() {
        var gone =
                new FrontClient(
                        PrecomputedResponses.built(),
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw new IOException("nobody reads");
                            }
                        });

        gone.ask(1, "ping", "{}");

        gone.awaitEnd();
        gone.leave();
    }

    @Test
    void whatWaitsWhenTheClientTakesNoMoreOutputIsNeverDone() {
        var reads = new AtomicBoolean(true);
        var gone =
                new FrontClient(
                        PrecomputedResponses.built(),
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                if (!reads.get()) {
                                    throw new IOException("nobody reads");
                                }
                            }
                        });
        gone.say(FrontClient.INITIALIZE, FrontClient.INITIALIZED);
        gone.ask(1, "test/echo", "{'n':1}");
        gone.ask(2, "ping", "{}");

        reads.set(false);
        gone.ask(3, "ping", "{}");
        gone.awaitEnd();
        gone.handOver();

        assertThat(gone.seen).isEmpty();
        assertThat(gone.handshakes).isEmpty();
        gone.leave();
    }

    @Test
    void whatWaitsWhenAClientThatReadsNothingEndsItsInputIsNeverDone() throws Exception {
        var unread = new SlowReader();
        var gone = new FrontClient(PrecomputedResponses.built(), unread);
        gone.ask(1, "ping", "{}");
        unread.awaitOffer();
        gone.ask(2, "test/echo", "{'n':2}");
        gone.handOver();

        gone.leave();
        gone.awaitEnd();
        unread.read();

        awaitNoWork();
        assertThat(unread.lines()).singleElement().asString().contains("\"id\":1,");
        assertThat(gone.seen).isEmpty();
    }

    @Test
    void aClientThatSaysMoreThanThereIsRoomForAndReadsNothingIsGone() {
        var large = "{'n':1,'text':'%s'}".formatted("x".repeat(StdioWorker.FULL * 3 / 4));
        var unread = new SlowReader();
        var gone = new FrontClient(PrecomputedResponses.built(), unread);
        gone.ask(1, "ping", "{}");
        gone.ask(2, "test/echo", large);
        gone.ask(3, "test/echo", large);
        gone.ask(4, "test/echo", large);

        gone.awaitEnd();

        unread.read();
        awaitNoWork();
        assertThat(unread.lines()).hasSize(1);
        gone.leave();
    }

    @Test
    void aSlowClientGetsAllThatItAskedForBeforeItEndedItsInput() {
        var slow = new SlowReader();
        slow.read();
        var ending = new FrontClient(PrecomputedResponses.built(), slow);
        IntStream.range(0, 150).forEach(id -> ending.ask(id, "ping", "{}"));

        ending.leave();
        ending.awaitEnd();

        assertThat(slow.lines()).hasSize(150);
    }

    @Test
    void aFailedStartIsHeldUpByNoClientThatReadsNothing() throws Exception {
        var unread = new SlowReader();
        var gone = new FrontClient(PrecomputedResponses.built(), unread);
        gone.ask(1, "ping", "{}");
        unread.awaitOffer();

        gone.front.fail(WHY);

        unread.read();
        gone.leave();
        awaitNoWork();
        assertThat(unread.lines()).hasSize(1);
    }

    /** Nothing that a server said in this process is still to come. */
    private void awaitNoWork() {
        client.leave();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().equals("stdio")));
    }

    private static void assertRefused(JsonNode answer, String words) {
        assertThat(answer.at("/error/code").asInt()).isEqualTo(JsonRpcMessage.NO_SERVER);
        assertThat(answer.at("/error/message").asString()).contains(words);
    }

    /** Takes nothing at first, and then a piece every 20 ms. */
    private static final class SlowReader extends OutputStream {

        private final CountDownLatch offered = new CountDownLatch(1);
        private final CountDownLatch reads = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        /** Until something is there to be read. */
        void awaitOffer() throws InterruptedException {
            offered.await();
        }

        void read() {
            reads.countDown();
        }

        List<String> lines() {
            return taken.toString(StandardCharsets.UTF_8).lines().toList();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            offered.countDown();
            try {
                reads.await();
                // Slow also then, so that its reader is seen to be waited for.
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new InterruptedIOException(e.getMessage());
            }
            taken.write(bytes, offset, length);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }
    }

    /** One that decides nothing itself. */
    private static final class LibrarysOwn implements McpServerTransportProvider {

        @Override
        public void setSessionFactory(McpServerSession.Factory factory) {}

        @Override
        public Mono<Void> notifyClients(String method, Object params) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
