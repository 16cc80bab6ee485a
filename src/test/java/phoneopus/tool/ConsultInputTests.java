package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Consult;
import phoneopus.mcp.InvalidArgumentException;

class ConsultInputTests {

    private static final int LARGEST_PROMPT = 64;

    private final ConsultInput input =
            new ConsultInput(Samples.settings(1_000), Samples.claude("Read"));

    @TempDir Path temporary;
    Path folder;

    @BeforeEach
    void findFolder() throws IOException {
        folder = temporary.toRealPath();
    }

    @Test
    void withoutADirectoryItIsAboutTheClientsRoot() {
        assertThat(input.directory(null, folder)).isEqualTo(folder.toString());
    }

    @Test
    void turnsBelowOneAreRefused() {
        var consult = new Consult("Why?", folder.toString(), 0, null, null, null, null);

        assertThatThrownBy(() -> input.check(consult))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("max_turns must be at least 1, got `0`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n\t\r\n", "\u2003"})
    void aBlankPromptIsRefused(String prompt) {
        assertThatThrownBy(() -> check(prompt))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("prompt must not be empty");
    }

    @Test
    void aPromptMayBeAsLargeAsTheSettingsSay() {
        assertThatCode(() -> check("é".repeat(LARGEST_PROMPT / 2))).doesNotThrowAnyException();
    }

    @Test
    void aLargerPromptIsRefusedByItsBytes() {
        assertThatThrownBy(() -> check("é".repeat(LARGEST_PROMPT / 2) + "x"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("prompt must be at most 64 bytes of UTF-8, got 65");
    }

    @Test
    void aModelIsTakenInAnyCaseAndSpeltAsTheSettingsDo() {
        assertThat(input.model("Opus")).isEqualTo("opus");
        assertThat(input.model("SONNET")).isEqualTo("sonnet");
    }

    @Test
    void aModelThatTheSettingsDoNotNameIsRefused() {
        assertThatThrownBy(() -> input.model("gpt-5"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("model must be one of opus, sonnet, got `gpt-5`");
        assertThatThrownBy(() -> input.model("--model")).hasMessageContaining("`--model`");
        assertThatThrownBy(() -> input.model("")).hasMessageContaining("``");
    }

    @Test
    void aDirectoryOutsideTheAllowedRootsIsRefused() {
        var narrow =
                new ConsultInput(
                        Samples.settings(1_000, folder.resolve("inside")), Samples.claude("Read"));

        assertThatThrownBy(() -> narrow.directory(folder.toString(), null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
    }

    private void check(String prompt) {
        input.check(new Consult(prompt, folder.toString(), null, null, null, null, null));
    }
}
