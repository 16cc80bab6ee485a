package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTests {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Patience byDefault = new Patience(Samples.patient(null, Map.of()));

    @ParameterizedTest
    @CsvSource({
        "claude-code, 50",
        "codex-mcp-client, 240",
        "gemini-cli-mcp-client, 540",
        "claude-ai, 50",
        "cursor-vscode, 50",
        "Visual Studio Code, 240",
        "Claude-Code, 25",
        "somebody-else, 25"
    })
    void aConsultWaitsAsLongAsItsClientIsKnownTo(String client, long seconds) {
        var patience = byDefault.ofConsult(client);

        assertThat(patience).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aClientThatSaysNothingOfItselfIsLikeAnUnknownOne() {
        var patience = byDefault.ofConsult(null);

        assertThat(patience).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void theSettingGoesBeforeAllClients() {
        var patience =
                new Patience(
                        Samples.patient(
                                Duration.ofSeconds(7),
                                Map.of("claude-code", Duration.ofSeconds(90))));

        assertThat(patience.ofConsult("claude-code")).isEqualTo(Duration.ofSeconds(7));
        assertThat(patience.ofConsult(null)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void theSettingsMayNameFurtherClientsAndOtherPatience() {
        var patience =
                new Patience(
                        Samples.patient(
                                null,
                                Map.of(
                                        "claude-code",
                                        Duration.ofSeconds(90),
                                        "mine",
                                        Duration.ofMinutes(3))));

        assertThat(patience.ofConsult("claude-code")).isEqualTo(Duration.ofSeconds(90));
        assertThat(patience.ofConsult("mine")).isEqualTo(Duration.ofMinutes(3));
        assertThat(patience.ofConsult("claude-ai")).isEqualTo(Duration.ofSeconds(50));
        assertThat(patience.ofConsult("other")).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void zeroWaitsForEver() {
        var always = new Patience(Samples.patient(Duration.ZERO, Map.of()));
        var forOne = new Patience(Samples.patient(null, Map.of("mine", Duration.ZERO)));

        assertThat(always.ofConsult("claude-code")).isNull();
        assertThat(forOne.ofConsult("mine")).isNull();
        assertThat(forOne.ofConsult("other")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-code, , 50",
        "claude-code, 0, 0",
        "claude-code, 49, 49",
        "claude-code, 51, 50",
        "claude-code, 600, 50",
        "gemini-cli-mcp-client, , 540",
        "gemini-cli-mcp-client, 600, 540",
        "other, , 25",
        "other, 26, 25"
    })
    void aWaitTakesWhatIsAskedUpToThePatienceOfTheClient(
            String client, Integer asked, long seconds) {
        var wait = byDefault.ofWait(client, asked);

        assertThat(wait).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aWaitEndsAfterTenMinutesEvenWherePatienceIsEndless() {
        var endless = new Patience(Samples.patient(Duration.ZERO, Map.of()));
        var anHour = new Patience(Samples.patient(Duration.ofHours(1), Map.of()));

        assertThat(endless.ofWait(null, null)).isEqualTo(LONGEST_WAIT);
        assertThat(endless.ofWait(null, 30)).isEqualTo(Duration.ofSeconds(30));
        assertThat(anHour.ofWait(null, null)).isEqualTo(LONGEST_WAIT);
        assertThat(anHour.ofWait(null, 600)).isEqualTo(LONGEST_WAIT);
    }
}
