package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExcerptTests {

    /** What is in UTF-8 one byte longer is taken for more tokens. */
    @ParameterizedTest
    @CsvSource({
        "\u007f, 41666",
        "\u0080, 25000",
        "\u07ff, 25000",
        "\u0800, 12500",
        "\uffff, 12500",
        "\ud800\udc00, 8333",
        "a好, 9615"
    })
    void aCutAnswerIsAsLongAsItsCharactersAllow(String character, int times) {
        var answer = character.repeat(60_000);

        var excerpt = Excerpt.of(answer, 0, 40_000);

        var chars = (int) character.codePoints().count();
        assertThat(excerpt.nextOffset() / chars).isEqualTo(Math.min(times, 40_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100})
    void anAnswerThatFitsIsWhole(int chars) {
        var excerpt = Excerpt.of("x".repeat(chars), 0, 100);

        assertThat(excerpt).isEqualTo(new Excerpt("x".repeat(chars), chars, null));
        assertThat(excerpt.cut()).isFalse();
    }

    @Test
    void aLongAnswerIsCutAtTheLastLineEndInTheLastTenth() {
        var answer = "x".repeat(92) + "\n" + "y\n" + "z".repeat(50);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("x".repeat(92) + "\ny\n");
        assertThat(excerpt.chars()).isEqualTo(145);
        assertThat(excerpt.nextOffset()).isEqualTo(95);
        assertThat(excerpt.cut()).isTrue();
    }

    @Test
    void aLineEndBeforeTheLastTenthDoesNotCount() {
        var answer = "x".repeat(89) + "\n" + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo(answer.substring(0, 100));
        assertThat(excerpt.nextOffset()).isEqualTo(100);
    }

    @Test
    void theFirstCharacterOfTheLastTenthMayBeTheLineEnd() {
        var answer = "x".repeat(90) + "\n" + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("x".repeat(90) + "\n");
        assertThat(excerpt.nextOffset()).isEqualTo(91);
    }

    @Test
    void aLineEndJustPastTheLimitDoesNotCount() {
        var answer = "x".repeat(100) + "\n" + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("x".repeat(100));
    }

    @Test
    void aLineEndAtTheLimitIsTheLastCharacter() {
        var answer = "x".repeat(99) + "\n" + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("x".repeat(99) + "\n");
        assertThat(excerpt.nextOffset()).isEqualTo(100);
    }

    @Test
    void aCharacterOutsideTheBasicPlaneIsOneAndIsNeverHalved() {
        var answer = "😀".repeat(150);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("😀".repeat(100));
        assertThat(excerpt.chars()).isEqualTo(150);
        assertThat(excerpt.nextOffset()).isEqualTo(100);
    }

    @Test
    void offsetsCountCodePointsAlsoAtALineEnd() {
        var answer = "😀".repeat(95) + "\n" + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 0, 100);

        assertThat(excerpt.text()).isEqualTo("😀".repeat(95) + "\n");
        assertThat(excerpt.nextOffset()).isEqualTo(96);
        assertThat(answer.substring(answer.offsetByCodePoints(0, excerpt.nextOffset())))
                .isEqualTo("y".repeat(60));
    }

    @Test
    void theExcerptAndTheRestAreTheAnswer() {
        for (int lineEnd = 85; lineEnd < 105; lineEnd++) {
            var answer = "é".repeat(lineEnd) + "\n" + "😀".repeat(40);

            var excerpt = Excerpt.of(answer, 0, 100);

            var rest = answer.substring(answer.offsetByCodePoints(0, excerpt.nextOffset()));
            assertThat(excerpt.text() + rest).isEqualTo(answer);
        }
    }

    @Test
    void anOffsetReadsOnFromThatCodePoint() {
        var answer = "😀".repeat(60) + "y".repeat(60);

        var excerpt = Excerpt.of(answer, 59, 100);

        assertThat(excerpt).isEqualTo(new Excerpt("😀" + "y".repeat(60), 120, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 121, Integer.MAX_VALUE})
    void nothingIsLeftFromTheEndOn(int offset) {
        var excerpt = Excerpt.of("x".repeat(120), offset, 100);

        assertThat(excerpt).isEqualTo(new Excerpt("", 120, null));
    }

    @Test
    void readingOnFromEachNextOffsetGivesTheWholeAnswer() {
        var answer = ("😀".repeat(37) + "\n").repeat(30) + "é".repeat(7);
        var read = new StringBuilder();

        Integer offset = 0;
        while (offset != null) {
            var excerpt = Excerpt.of(answer, offset, 100);
            assertThat(excerpt.text().codePoints().count()).isBetween(1L, 100L);
            read.append(excerpt.text());
            offset = excerpt.nextOffset();
        }

        assertThat(read.toString()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"x, 40000", "ж, 25000", "漢, 12500", "한, 12500", "😀, 8333"})
    void fewCharactersOfSomeScriptsAreManyTokens(String character, int most) {
        var excerpt = Excerpt.of(character.repeat(60_000), 0, 40_000);

        assertThat(excerpt.text().codePointCount(0, excerpt.text().length())).isEqualTo(most);
        assertThat(excerpt.nextOffset()).isEqualTo(most);
        assertThat(excerpt.chars()).isEqualTo(60_000);
    }

    @Test
    void whereTokensAreTheLimitALineEndInItsLastTenthIsTheEndToo() {
        var answer = "漢".repeat(12_000) + "\n" + "漢".repeat(12_000);

        assertThat(Excerpt.of(answer, 0, 40_000).nextOffset()).isEqualTo(12_001);
    }

    @Test
    void whoeverAllowsMoreCharactersAllowsMoreTokens() {
        assertThat(Excerpt.of("漢".repeat(60_000), 0, 80_000).nextOffset()).isEqualTo(25_000);
    }

    @Test
    void wholeIsWholeHoweverLong() {
        var answer = "漢".repeat(600_000);

        assertThat(Excerpt.whole(answer, 1))
                .isEqualTo(new Excerpt(answer.substring(1), 600_000, null));
    }
}
