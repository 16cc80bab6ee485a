package phoneopus.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import phoneopus.mcp.PrecomputedResponses;

/** A thousand clients that talk while they are handed over, each at its own moment. */
@Timeout(120)
class HandOverTests {

    private static final int SCHEDULES = 1_000;
    private static final int MESSAGES = 24;

    @Test
    void nothingIsLostDoubledOrReordered() throws InterruptedException {
        for (long seed = 0; seed < SCHEDULES; seed++) {
            handOver(seed);
        }
    }

    private static void handOver(long seed) throws InterruptedException {
        var chance = new Random(seed);
        var responses =
                chance.nextInt(4) == 0 ? PrecomputedResponses.EMPTY : PrecomputedResponses.built();
        var client = new FrontClient(responses);
        var forTheServer = new ArrayList<Object>();
        var lines = new ArrayList<Runnable>();
        lines.add(() -> client.say(FrontClient.INITIALIZE));
        lines.add(() -> client.say(FrontClient.INITIALIZED));
        for (int n = 0; n < MESSAGES; n++) {
            int id = n;
            switch (chance.nextInt(5)) {
                case 0 -> lines.add(() -> client.ask(id, "ping", "{}"));
                case 1 -> lines.add(() -> client.ask(id, "tools/list", "{}"));
                case 2 -> {
                    forTheServer.add(id);
                    lines.add(() -> client.note("test/note", "{'n':%d}".formatted(id)));
                    lines.add(() -> client.ask(id, "ping", "{}"));
                }
                default -> {
                    forTheServer.add(id);
                    lines.add(() -> client.ask(id, "test/echo", "{'n':%d}".formatted(id)));
                }
            }
        }
        int pause = chance.nextInt(2 * lines.size());
        int moment = chance.nextInt(3_000);

        var server =
                Thread.ofPlatform()
                        .start(() -> {
                            spin(moment);
                            client.handOver();
                        });
        for (int i = 0; i < lines.size(); i++) {
            if (i == pause) {
                spin(moment);
            }
            lines.get(i).run();
        }
        server.join();
        client.heard(MESSAGES + 1);
        client.settle();

        assertThat(client.seen).as("seed %d", seed).containsExactlyElementsOf(forTheServer);
        assertThat(client.handshakes).as("seed %d", seed).hasSize(1);
        assertThat(client.heard())
                .as("seed %d", seed)
                .filteredOn(message -> !message.path("id").asString().startsWith("settled"))
                .hasSize(MESSAGES + 1)
                .allSatisfy(message -> assertThat(message.has("result")).isTrue())
                .extracting(message -> message.path("id").asString())
                .contains("hello")
                .containsAll(IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList());
        client.leave();
        client.awaitEnd();
    }

    private static void spin(int microseconds) {
        var end = System.nanoTime() + microseconds * 1_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
