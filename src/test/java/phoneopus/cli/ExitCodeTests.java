package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.run.FaultCode;

class ExitCodeTests {

    @ParameterizedTest
    @CsvSource({
        "invalid_input, 2",
        "not_found, 2",
        "claude_not_found, 3",
        "claude_too_old, 3",
        "out_of_credit, 3",
        "not_authenticated, 3",
        "store_unavailable, 3",
        "rate_limited, 5",
        "overloaded, 5",
        "queue_full, 5",
        "too_many_requests, 5",
        "timed_out, 124",
        "stalled, 124",
        "spawn_failed, 1",
        "interrupted, 1",
        "invalid_request, 1",
        "max_turns, 1",
        "budget_exceeded, 1",
        "session_not_found, 1",
        "claude_error, 1",
        "bad_output, 1",
        "internal, 1"
    })
    void aScriptCanTellTheFaultsApart(String code, int exitCode) {
        assertThat(FaultCode.valueOf(code.toUpperCase(Locale.ROOT)).exitCode()).isEqualTo(exitCode);
    }
}
