package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingArgumentsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.profiles.active",
                "--spring.profiles.include",
                "--spring.main.web-application-type",
                "--spring.main.webApplicationType",
                "--spring.main.web_application_type",
                "--spring.config.location",
                "--spring.ai.mcp.server.protocol",
                "--spring.ai.mcp.server.stdio"
            })
    void whatKindOfProgramItIsCannotBeSet(String option) {
        var refusal = SettingArguments.refusal(new String[] {"ask", option + "=x", "Why?"});

        assertThat(refusal).isEqualTo(option + " cannot be set: phone-opus decides it. Remove it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--server.port", "--management.server.port"})
    void aSettingOfTheFrameworksServerIsRefusedWithTheNameOfOurs(String option) {
        var refusal = SettingArguments.refusal(new String[] {"serve", option + "=80"});

        assertThat(SettingArguments.isForeign(option + "=80")).isTrue();
        assertThat(refusal)
                .startsWith(option + " is not a setting of phone-opus. ")
                .contains("--phone-opus.http.port");
    }

    @Test
    void allElseIsTakenAndWordsAfterTwoDashesAreNoSettings() {
        var taken =
                new String[] {
                    "--phone-opus.http.port=1",
                    "--spring.main.sources=x",
                    "--logging.level.root=debug",
                    "--demo",
                    "server.port",
                    "--",
                    "--server.port=1"
                };

        assertThat(SettingArguments.refusal(taken)).isNull();
    }
}
