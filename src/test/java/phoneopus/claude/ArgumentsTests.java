package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArgumentsTests {

    static final Path BINARY = Path.of("/opt/claude");
    static final Path SETTINGS = Path.of("/state/run/settings.json");
    static final UUID SESSION = UUID.fromString("ABCDEF12-20ab-4480-a9f1-2c1142de3308");
    static final Consult CONSULT =
            new Consult("Why?", "/repo", null, null, "opus", Effort.MAX, null);

    @Test
    void asksANewSession() {
        var arguments = arguments(properties(false, List.of()), CONSULT);

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
        var consult = new Consult("Why?", "/repo", null, SESSION, "opus", Effort.MAX, null);

        var arguments = arguments(properties(false, List.of()), consult);

        assertThat(arguments)
                .containsSequence("--resume", "abcdef12-20ab-4480-a9f1-2c1142de3308")
                .doesNotContain("--session-id");
    }

    @Test
    void namesModelEffortAndTurns() {
        var consult = new Consult("Why?", "/repo", 7, null, "haiku", Effort.XHIGH, null);

        var arguments = arguments(properties(false, List.of()), consult);

        assertThat(arguments)
                .containsSequence("--model", "haiku", "--effort", "xhigh", "--max-turns", "7");
    }

    @Test
    void restrictedLeavesNeitherShellNorWeb() {
        var arguments = arguments(properties(true, List.of()), CONSULT);

        assertThat(arguments).contains("--restricted", "--tools=Read,Grep,Glob");
    }

    @Test
    void furtherArgumentsComeLast() {
        var arguments =
                arguments(
                        properties(false, List.of("--append-system-prompt", "Be brief.")), CONSULT);

        assertThat(arguments).endsWith("--append-system-prompt", "Be brief.");
    }

    private static List<String> arguments(ClaudeProperties properties, Consult consult) {
        return new Arguments(properties).of(BINARY, consult, SESSION, SETTINGS);
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
