package phoneopus.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;
import phoneopus.mcp.Caller;
import phoneopus.mcp.MemoryBudget;

class HttpBodyTests {

    private static final int MEGABYTE = 1_000_000;

    private final MemoryBudget.Share share = MemoryBudget.ofThisProcess().of(Caller.UNNAMED);

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void aBodyThatTakesTooLongToArriveIsRefused(int padding) {
        assertThatThrownBy(() -> read(padding, Duration.ofNanos(-1)))
                .isInstanceOf(HttpRefusal.class)
                .hasMessageContaining("takes too long to arrive");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void oneThatArrivesInTimeIsRead(int padding) throws Exception {
        read(padding, Duration.ofMinutes(1));
    }

    @Test
    void whatOneThatWasTooSlowHeldIsFreeAgain() throws Exception {
        long all = Runtime.getRuntime().maxMemory();
        for (long held = 0; held <= all; held += 10 * MEGABYTE) {
            assertThatThrownBy(() -> read(MEGABYTE, Duration.ofNanos(-1)))
                    .hasMessageContaining("takes too long to arrive");
        }

        read(MEGABYTE, Duration.ofMinutes(1));
    }

    private void read(int padding, Duration reading) throws Exception {
        var request = new MockHttpServletRequest("POST", "/mcp");
        request.setContentType("application/json");
        request.setContent(
                ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}" + " ".repeat(padding))
                        .getBytes(UTF_8));
        HttpBody.of(request, DataSize.ofMegabytes(2), share, reading);
    }
}
