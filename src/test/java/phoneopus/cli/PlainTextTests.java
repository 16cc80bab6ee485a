package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTests {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Yes.\n", "a\tb\n\n", "ä 漢 \ud83d\ude80", "\\x1b[31m", "{\"a\": 1}"})
    void textStaysAsItIs(String text) {
        assertThat(PlainText.of(text)).isEqualTo(text);
    }

    @Test
    void anEscapeSequenceIsShown() {
        assertThat(PlainText.of("\u001b[2J\u001b]0;title\u0007"))
                .isEqualTo("\\x1b[2J\\x1b]0;title\\x07");
    }

    @Test
    void everyOtherControlCharacterIsShown() {
        for (char c = 0; c < 0xa0; c++) {
            var plain = PlainText.of("a" + c + "b");

            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                assertThat(plain).isEqualTo("a\\x%02xb".formatted((int) c));
            } else {
                assertThat(plain).isEqualTo("a" + c + "b");
            }
        }
    }

    @Test
    void aCarriageReturnCannotOverwriteALine() {
        assertThat(PlainText.of("rm -rf /\rls")).isEqualTo("rm -rf /\\x0dls");
    }

    @Test
    void aLineEndOfWindowsIsALineEnd() {
        assertThat(PlainText.of("a\r\nb\r\n")).isEqualTo("a\nb\n");
    }
}
