package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelReasonTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error: MCP error -32001: Request timed out",
                "request timeout",
                "SdkError: Request timed out",
                "McpError: MCP error -32001: Request timed out",
                "Request TIMED OUT",
                "time out",
                "time-out",
                "timed-out",
                "Timeout",
                "code -32001"
            })
    void aClockThatRanOutIsNobodysWish(String reason) {
        assertThat(ConsultTool.TIME_OUT.matcher(reason).find()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MCP request cancelled by caller",
                "the user stopped",
                "out of time",
                "no time to go out",
                "-32000",
                "AbortError: This operation was aborted"
            })
    void anythingElseIsAWishToStop(String reason) {
        assertThat(ConsultTool.TIME_OUT.matcher(reason).find()).isFalse();
    }
}
