package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class LineSafeJsonTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @ValueSource(chars = {'\u007f', '\u0080', '\u0085', '\u009b', '\u009f', '\u2028', '\u2029'})
    void whatSomeTakeForALineEndIsEscapedAndMeansTheSame(char character) {
        var text = "a" + character + character + "b";

        var safe = LineSafeJson.of(JSON.writeValueAsString(text));

        assertThat(safe)
                .isEqualTo("\"a\\u%1$04x\\u%1$04xb\"".formatted((int) character))
                .isPrintable();
        assertThat(JSON.readValue(safe, String.class)).isEqualTo(text);
    }

    @Test
    void everythingElseStaysAsItIs() {
        var json = JSON.writeValueAsString("Größe ≠ 😀 \u00a0\u2027\u202a\n\t\"\\");

        assertThat(LineSafeJson.of(json)).isSameAs(json);
    }
}
