package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the packaged server over stdio with far more concurrent consults than processors. */
@Timeout(180)
class ManyAtOnceIT {

    private static final int CONSULTS = 50;

    @Test
    void allRunAtOnceAndNobodyWaitsForThem(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        var environment =
                surroundings.environment(
                        Map.of(
                                "PHONE_OPUS_CONSULT_MAX_CONCURRENT",
                                Integer.toString(CONSULTS),
                                "PHONE_OPUS_CONSULT_PATIENCE",
                                "0s"));
        var repository = surroundings.held(Map.of());
        try (var server = RawServer.start(surroundings.desk(), environment)) {
            server.shakeHands();

            var calls =
                    IntStream.range(0, CONSULTS)
                            .mapToObj(n ->
                                    server.consult(
                                            Map.of(
                                                    "prompt",
                                                    "Question " + n,
                                                    "cwd",
                                                    repository.toString())))
                            .toList();
            Surroundings.awaitHeld(repository, CONSULTS);
            var ping = server.ping();
            var health = server.call("health_snapshot", Map.of());
            Surroundings.release(repository);

            assertThat(ping.has("result")).isTrue();
            assertThat(health.at("/content/0/text").asString()).startsWith("health ");
            assertThat(calls)
                    .allSatisfy(call ->
                            assertThat(
                                            server.answerTo(call)
                                                    .at("/result/content/0/text")
                                                    .asString())
                                    .startsWith("consult ok "));
        } finally {
            surroundings.endEverything();
        }
    }
}
