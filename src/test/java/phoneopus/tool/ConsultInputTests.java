package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Effort;
import phoneopus.job.Consult;
import phoneopus.job.Consults;
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
    void everythingThatWasSaidIsInTheConsult() {
        var consult =
                input.read(
                        " Why? ",
                        folder.toString(),
                        3,
                        Samples.SESSION,
                        "sonnet",
                        Effort.LOW,
                        null);

        assertThat(consult)
                .isEqualTo(
                        new Consult(
                                " Why? ", folder, 3, Samples.SESSION, "sonnet", Effort.LOW, null));
    }

    @Test
    void whatWasNotSaidIsLeftToTheSettings() {
        var consult = input.read("Why?", null, null, null, null, null, folder);

        assertThat(consult).isEqualTo(Consults.of("Why?", folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n\t\r\n", "\u2003"})
    void aBlankPromptIsRefused(String prompt) {
        assertThatThrownBy(() -> read(prompt, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("prompt must not be empty");
    }

    @Test
    void aPromptMayBeAsLargeAsTheSettingsSay() {
        var consult = read("é".repeat(LARGEST_PROMPT / 2), null);

        assertThat(consult.prompt()).hasSize(LARGEST_PROMPT / 2);
    }

    @Test
    void aLargerPromptIsRefusedByItsBytes() {
        assertThatThrownBy(() -> read("é".repeat(LARGEST_PROMPT / 2) + "x", null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("prompt must be at most 64 bytes of UTF-8, got 65");
    }

    @Test
    void aModelThatTheSettingsDoNotNameIsRefused() {
        assertThatThrownBy(() -> read("Why?", "gpt-5"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("model must be one of opus, sonnet, got `gpt-5`");
        assertThatThrownBy(() -> read("Why?", "--model")).hasMessageContaining("`--model`");
        assertThatThrownBy(() -> read("Why?", "")).hasMessageContaining("``");
    }

    @Test
    void aDirectoryOutsideTheAllowedRootsIsRefused() {
        var narrow =
                new ConsultInput(
                        Samples.settings(1_000, folder.resolve("inside")), Samples.claude("Read"));

        assertThatThrownBy(
                        () -> narrow.read("Why?", folder.toString(), null, null, null, null, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith("cwd must be inside one of the allowed roots");
    }

    private Consult read(String prompt, String model) {
        return input.read(prompt, folder.toString(), null, null, model, null, null);
    }
}
