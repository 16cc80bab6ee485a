package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTests {

    private static final String HASH = "0".repeat(64);

    @Test
    void aKeyIsItsOwnersAndNobodyElseHasIt() {
        var anna = ApiKeys.chooseKey();
        var ben = ApiKeys.chooseKey();
        var keys = ApiKeys.NONE.with("anna", anna).with("ben", ben);

        assertThat(keys.owner(anna)).contains("anna");
        assertThat(keys.owner(ben)).contains("ben");
        assertThat(keys.owner(ApiKeys.chooseKey())).isEmpty();
        assertThat(keys.owner(anna.substring(1))).isEmpty();
        assertThat(keys.owner("")).isEmpty();
    }

    @Test
    void aKeyHas256BitsOfChanceAndFitsIntoAHeader() {
        assertThat(ApiKeys.chooseKey())
                .matches("po_[A-Za-z0-9_-]{43}")
                .isNotEqualTo(ApiKeys.chooseKey());
    }

    @Test
    void theTextHasNoKeyInItAndComesBackAsItWas() {
        var anna = ApiKeys.chooseKey();
        var keys = ApiKeys.NONE.with("anna", anna).with("b.e-n_1", ApiKeys.chooseKey());

        assertThat(keys.text()).doesNotContain(anna, anna.substring(3));
        assertThat(ApiKeys.parse(keys.text())).isEqualTo(keys);
    }

    @Test
    void aHashIsNoKey() {
        var keys = ApiKeys.NONE.with("anna", ApiKeys.chooseKey());

        assertThat(keys.owner(keys.hashes().get("anna"))).isEmpty();
    }

    @Test
    void aRemovedKeyIsNobodys() {
        var anna = ApiKeys.chooseKey();
        var keys = ApiKeys.NONE.with("anna", anna).without("anna");

        assertThat(keys.owner(anna)).isEmpty();
        assertThat(keys.isEmpty()).isTrue();
    }

    @Test
    void remarksBlankLinesAndLineEndsOfWindowsAreNoKeys() {
        assertThat(ApiKeys.parse("# who\r\n\r\nanna " + HASH + "\r\n").hashes())
                .containsOnlyKeys("anna");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna",
                "anna po_secret",
                "-anna 0000000000000000000000000000000000000000000000000000000000000000",
                "anna 00000000000000000000000000000000000000000000000000000000000000000"
            })
    void anotherLineIsNamedAndNotRepeated(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeys.parse("# who\n" + line + "\n"))
                .withMessageContaining("line 2")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void aNameThatStandsThereTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeys.parse("anna " + HASH + "\nanna " + HASH + "\n"))
                .withMessage("line 2 repeats a name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "-a", ".a", "ä", "a\n", "a\u001b[2J"})
    void aNameIsShortAndHarmless(String name) {
        assertThat(ApiKeys.isName(name)).isFalse();
        assertThat(ApiKeys.isName("a".repeat(65))).isFalse();
        assertThat(ApiKeys.isName("a".repeat(64))).isTrue();
    }
}
