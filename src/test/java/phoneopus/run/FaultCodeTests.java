package phoneopus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultCodeTests {

    /** Class, codes, and whether to retry, of a row of the document. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| ((?:`\\w+`(?:, )?)+) \\|.*\\| *([^|]*?) *\\|$");

    @Test
    void theDocumentListsEveryCodeOnceUnderItsClass() throws IOException {
        assertThat(rows().flatMap(FaultCodeTests::codes))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FaultCode.values())
                                .map(code -> code.kind().word() + "/" + code.word())
                                .toList());
    }

    @Test
    void theDocumentSaysWhetherARetryHelps() throws IOException {
        assertThat(rows().filter(row -> row.group(3).matches("(yes|no)\\b.*")))
                .hasSizeGreaterThan(10)
                .allSatisfy(row ->
                        assertThat(codes(row))
                                .allMatch(name ->
                                        named(name).retryable() == row.group(3).startsWith("yes")));
    }

    private static Stream<MatchResult> rows() throws IOException {
        var faults = Files.readString(Path.of("docs/tools.md")).split("(?m)^## Faults$")[1];
        return ROW.matcher(faults).results();
    }

    private static Stream<String> codes(MatchResult row) {
        return Stream.of(row.group(2).replace("`", "").split(", "))
                .map(code -> row.group(1) + "/" + code);
    }

    private static FaultCode named(String name) {
        return Arrays.stream(FaultCode.values())
                .filter(code -> name.endsWith("/" + code.word()))
                .findFirst()
                .orElseThrow();
    }
}
