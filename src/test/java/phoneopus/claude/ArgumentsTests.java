package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import phoneopus.claude.Arguments.Question;

class ArgumentsTests {

    static final Path BINARY = Path.of("/opt/claude");
    static final Path SETTINGS = Path.of("/state/run/settings.json");
    static final UUID SESSION = UUID.fromString("ABCDEF12-20ab-4480-a9f1-2c1142de3308");
    static final Question QUESTION =
            new Question(Path.of("/repo"), "opus", Effort.MAX, null, SESSION, false);

    @Test
    void asksANewSession() {
        var arguments = arguments(properties(false, List.of()), QUESTION);

        assertThat(arguments)
                .containsExactly(
                        "/opt/claude",
                        "-p",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--strict-mcp-config",
                        "--setting-sources=",
                        "--settings",
                        "/state/run/settings.json",
                        "--disable-slash-commands",
                        "--permission-mode",
                        "dontAsk",
                        "--tools=Bash,Read,Grep,Glob,WebFetch",
                        "--model",
                        "opus",
                        "--effort",
                        "max",
                        "--session-id",
                        "abcdef12-20ab-4480-a9f1-2c1142de3308");
    }

    @Test
    void resumesASessionByItsIdInLowerCase() {
        var question = new Question(Path.of("/repo"), "opus", Effort.MAX, null, SESSION, true);

        var arguments = arguments(properties(false, List.of()), question);

        assertThat(arguments)
                .containsSequence("--resume", "abcdef12-20ab-4480-a9f1-2c1142de3308")
                .doesNotContain("--session-id");
    }

    @Test
    void namesModelEffortAndTurns() {
        var question = new Question(Path.of("/repo"), "haiku", Effort.XHIGH, 7, SESSION, false);

        var arguments = arguments(properties(false, List.of()), question);

        assertThat(arguments)
                .containsSequence("--model", "haiku", "--effort", "xhigh", "--max-turns", "7");
    }

    @Test
    void restrictedLeavesNeitherShellNorWeb() {
        var arguments = arguments(properties(true, List.of()), QUESTION);

        assertThat(arguments).contains("--restricted", "--tools=Read,Grep,Glob");
    }

    @Test
    void furtherArgumentsComeLast() {
        var arguments =
                arguments(
                        properties(false, List.of("--append-system-prompt", "Be brief.")),
                        QUESTION);

        assertThat(arguments).endsWith("--append-system-prompt", "Be brief.");
    }

    @Test
    void aQuestionThatCannotRunIsRefused() {
        assertThatThrownBy(() ->
                        new Question(Path.of("repo"), "opus", Effort.MAX, null, SESSION, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("repo");
        assertThatThrownBy(
                        () -> new Question(Path.of("/repo"), "opus", Effort.MAX, 0, SESSION, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    private static List<String> arguments(ClaudeProperties properties, Question question) {
        return new Arguments(properties).of(BINARY, question, SETTINGS);
    }

    private static ClaudeProperties properties(boolean restricted, List<String> further) {
        return new ClaudeProperties(
                null,
                "opus",
                List.of("opus"),
                Effort.MAX,
                List.of("Bash", "Read", "Grep", "Glob", "WebFetch"),
                "dontAsk",
                restricted,
                List.of(),
                further);
    }
}
