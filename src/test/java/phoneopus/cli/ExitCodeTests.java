package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.tool.Fault;

class ExitCodeTests {

    @ParameterizedTest
    @CsvSource({
        "invalid_input, 2",
        "not_found, 2",
        "claude_not_found, 3",
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
        "max_turns, 1",
        "budget_exceeded, 1",
        "session_not_found, 1",
        "claude_error, 1",
        "bad_output, 1",
        "internal, 1"
    })
    void aScriptCanTellTheFaultsApart(String code, int exitCode) {
        var fault = new Fault(Fault.Kind.DOWNSTREAM, code, "No.", "", false, null);

        assertThat(ExitCode.of(fault)).isEqualTo(exitCode);
    }
}
