package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the tests named in docs/security.md exist. */
class SecurityPageTests {

    private static final int CASES = 30;
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    static Stream<String> namedTests() throws IOException {
        return rows().stream().flatMap(row -> TEST.matcher(row).results()).map(MatchResult::group);
    }

    @ParameterizedTest
    @MethodSource("namedTests")
    void aTestThatItNamesExists(String name) throws IOException {
        var test = TEST.matcher(name);
        assertThat(test.matches()).isTrue();

        try (var files = Files.walk(Path.of("src/test/java"))) {
            assertThat(files.filter(file -> file.endsWith(test.group(1) + ".java")))
                    .singleElement()
                    .satisfies(file ->
                            assertThat(Files.readString(file))
                                    .containsPattern("void " + test.group(2) + "\\("));
        }
    }

    @Test
    void everyCaseHasATest() throws IOException {
        assertThat(rows()).hasSize(CASES).allMatch(row -> TEST.matcher(row).find());
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(Path.of("docs/security.md")).stream()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
