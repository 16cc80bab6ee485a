package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.validation.BeanPropertyBindingResult;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Effort;
import phoneopus.job.ConsultProperties;
import phoneopus.spool.StateDirectory;

class SettingsValidatorTests {

    private final StandardEnvironment environment = new StandardEnvironment();
    private final SettingsValidator settings = new SettingsValidator(environment);

    /** It would be refused if it were validated. */
    private final ClaudeProperties wrong = withModel("-x");

    SettingsValidatorTests() {
        environment
                .getPropertySources()
                .forEach(it -> environment.getPropertySources().remove(it.getName()));
        ConfigurationPropertySources.attach(environment);
    }

    @ParameterizedTest
    @CsvSource({
        "phone-opus.claude.model,       -x",
        "phone-opus.claude.binary,      claude",
        "phone-opus.claude.models[0],   opus",
        "phoneOpus.claude.permissionMode, plan"
    })
    void oneGivenSettingHasAllOfItsKindLookedAt(String name, String value) {
        given(name, value);

        assertThat(refusals("phone-opus.claude", wrong)).isOne();
    }

    @Test
    void oneGivenByAVariableIsLookedAtToo() {
        environment
                .getPropertySources()
                .addFirst(
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("PHONE_OPUS_CLAUDE_EXTRA_ARGUMENTS", "--a")));

        assertThat(refusals("phone-opus.claude", wrong)).isOne();
    }

    @Test
    void whatIsRightIsNotRefused() {
        given("phone-opus.claude.model", "opus");

        assertThat(refusals("phone-opus.claude", withModel("opus"))).isZero();
    }

    @Test
    void onlyOursAreLookedAtAndOnlyWhereThereAreRules() {
        assertThat(settings.supports(ConsultProperties.class)).isTrue();
        assertThat(settings.supports(StateDirectory.class)).isFalse();
        assertThat(settings.supports(String.class)).isFalse();
    }

    private void given(String name, String value) {
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(name, new HashMap<>(Map.of(name, value))));
    }

    private int refusals(String prefix, Object bound) {
        var errors = new BeanPropertyBindingResult(bound, prefix);
        settings.validate(bound, errors);
        return errors.getErrorCount();
    }

    private static ClaudeProperties withModel(String model) {
        return new ClaudeProperties(
                null,
                model,
                List.of("opus"),
                Effort.MAX,
                List.of(),
                "dontAsk",
                false,
                List.of(),
                List.of());
    }
}
