package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.json.JsonMapper;

class SettingNamesTests {

    @Test
    void theyAreThoseThatTheSettingsHave() throws Exception {
        try (var metadata =
                SettingNames.class.getResourceAsStream(
                        "/META-INF/spring-configuration-metadata.json")) {
            var names =
                    JsonMapper.shared()
                            .readTree(metadata)
                            .path("properties")
                            .valueStream()
                            .map(property -> property.path("name").asString())
                            .map(name -> name.substring(SettingNames.PREFIX.length()))
                            .distinct()
                            .toList();

            assertThat(SettingNames.ALL).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PHONE_OPUS_CLAUDE_MODLE, PHONE_OPUS_CLAUDE_MODEL",
        "PHONE_OPUS_CLAUD_BINARY, PHONE_OPUS_CLAUDE_BINARY",
        "PHONE_OPUS_PATIENCE_BY_CLIENT, ",
        "PHONE_OPUS_CONSULT_MAX_CONCURENT, PHONE_OPUS_CONSULT_MAX_CONCURRENT"
    })
    void aVariableThatIsMisspeltIsNamedWithTheRightOne(String given, String meant) {
        var unknown = SettingNames.unknown(environment(Map.of(given, "x"), Map.of()));

        assertThat(unknown).containsExactly(new SettingNames.Unknown(given, meant));
    }

    @ParameterizedTest
    @CsvSource({
        "phone-opus.claude.modle, phone-opus.claude.model",
        "phone-opus.consult.timeouts, phone-opus.consult.timeout",
        "phone-opus.jobs.retention, "
    })
    void aPropertyThatIsMisspeltIsNamedWithTheRightOne(String given, String meant) {
        var unknown = SettingNames.unknown(environment(Map.of(), Map.of(given, "x")));

        assertThat(unknown).containsExactly(new SettingNames.Unknown(given, meant));
        assertThat(unknown.getFirst().sentence()).startsWith("Setting " + given);
        assertThat(unknown.getFirst().fix()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phone-opus.claude.model",
                "phone-opus.claude.extraArguments",
                "phone-opus.claude.models[0]",
                "phone-opus.consult.patience-by-client.my-client",
                "phone-opus.consult.patience-by-client[My client]",
                "phone-opus.state-dir",
                "phone-opus.home",
                "spring.anything"
            })
    void onesThatExistAreKnownHoweverTheyAreSpelt(String name) {
        assertThat(SettingNames.unknown(environment(Map.of(), Map.of(name, "x")))).isEmpty();
    }

    @Test
    void variablesOfTheLauncherAndOfOthersAreNoSettings() {
        var environment =
                environment(
                        Map.of(
                                "PHONE_OPUS_JAVA_OPTS", "",
                                "PHONE_OPUS_WARM", "",
                                "PHONE_OPUS_CLAUDE_MODELS_0", "",
                                "PHONE_OPUS_CLAUDE_EXTRAARGUMENTS", "",
                                "PHONE", ""),
                        Map.of());

        assertThat(SettingNames.unknown(environment)).isEmpty();
    }

    private static StandardEnvironment environment(
            Map<String, Object> variables, Map<String, Object> properties) {
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.replace(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        sources.addLast(new MapPropertySource("file", properties));
        return environment;
    }
}
