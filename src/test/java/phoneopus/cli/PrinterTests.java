package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.job.JobList;

class PrinterTests {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListThatMayLackJobsSaysSoBesideItAndNotInIt(boolean json) {
        var printer = new Printer(print(out), print(err));

        var found = new JobList(List.of(), JobList.Source.NEWEST_DIRECTORIES);

        printer.list(found.jobs(), false, found.note(), json);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("only the newest 2,000 were searched");
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
