package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.validation.Validation;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

class StartFailureTests {

    private static final String WRONG_VALUES =
            """
            phone-opus.consult.timeout            | soon  | must be a duration such as 90s, 20m or 1h
            phone-opus.consult.timeout            | 0s    | must be at least 1s
            phone-opus.consult.timeout            | -5m   | must be at least 1s
            phone-opus.consult.stall-timeout      | 999ms | must be at least 1s
            phone-opus.consult.max-concurrent     | 0     | must be greater than or equal to 1
            phone-opus.consult.max-concurrent     | many  | must be a whole number
            phone-opus.consult.queue-capacity     | -1    | must be greater than or equal to 0
            phone-opus.consult.max-prompt-size    | big   | must be a size such as 512KB or 1MB
            phone-opus.consult.max-prompt-size    | -1MB  | must be at least 1B
            phone-opus.consult.max-prompt-size    | 0     | must be at least 1B
            phone-opus.consult.max-response-chars | 999   | must be greater than or equal to 1000
            phone-opus.consult.patience           | soon  | must be a duration such as 90s, 20m or 1h
            phone-opus.consult.patience           | -1s   | must be 0s or more
            phone-opus.jobs.keep                  | long  | must be a duration such as 90s, 20m or 1h
            phone-opus.jobs.keep                  | -1d   | must be 0s or more
            phone-opus.jobs.keep-at-least         | -1    | must be greater than or equal to 0
            phone-opus.claude.effort              | huge  | must be one of low, medium, high, xhigh, max
            phone-opus.claude.model               | -x    | must be a model name
            phone-opus.claude.model               | ''    | must be a model name
            phone-opus.claude.restricted          | maybe | must be true or false
            phone-opus.claude.permission-mode     | --yes | must be a permission mode
            phone-opus.claude.permission-mode     | ''    | must be a permission mode
            """;

    final ValidationBindHandler validating =
            new ValidationBindHandler(
                    new SpringValidatorAdapter(
                            Validation.buildDefaultValidatorFactory().getValidator()));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = WRONG_VALUES)
    void aWrongValueIsNamedWithItsSettingAndWhatIsAllowed(
            String setting, String value, String allowed) {
        var file = new MapPropertySource("file", Map.of(setting, value));

        var failure = catchThrowable(() -> bind(setting, file));

        assertThat(StartFailure.sentence(failure)).isEqualTo(sentence(setting, value, allowed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = WRONG_VALUES)
    void aWrongVariableIsNamedAsTheSettingItIs(String setting, String value, String allowed) {
        var variable = setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        var environment =
                new SystemEnvironmentPropertySource("systemEnvironment", Map.of(variable, value));

        var failure = catchThrowable(() -> bind(setting, environment));

        assertThat(StartFailure.sentence(failure)).isEqualTo(sentence(setting, value, allowed));
    }

    @Test
    void aWrongPatienceOfOneClientIsNamed() {
        var setting = "phone-opus.consult.patience-by-client[zed]";
        var file = new MapPropertySource("file", Map.of(setting, "-1s"));

        var failure = catchThrowable(() -> bind(setting, file));

        assertThat(StartFailure.sentence(failure))
                .isEqualTo(sentence(setting, "-1s", "must be 0s or more"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    phone-opus.claude.models      | opus,-x  | 1 | -x  | must be a model name
                    phone-opus.claude.tools       | -x,Read  | 0 | -x  | must be a tool name
                    phone-opus.claude.environment | A=b,1=c  | 1 | 1=c | must be NAME or NAME=value
                    """)
    void aWrongItemOfAListIsNamedByItsPlace(
            String setting, String value, int place, String item, String allowed) {
        var file = new MapPropertySource("file", Map.of(setting, value));

        var failure = catchThrowable(() -> bind(setting, file));

        assertThat(StartFailure.sentence(failure))
                .isEqualTo(sentence(setting + "[" + place + "]", item, allowed));
    }

    @Test
    void whateverElseFailsIsOneLine() {
        var failure = new IllegalStateException("outer", new IllegalStateException("a\n  b"));

        assertThat(StartFailure.sentence(failure)).isEqualTo("phone-opus could not start: a b");
    }

    private void bind(String setting, PropertySource<?> source) {
        var group = setting.substring(0, setting.lastIndexOf('.'));
        new Binder(ConfigurationPropertySources.from(source))
                .bindOrCreate(group, Bindable.of(type(group)), validating);
    }

    private static Class<?> type(String group) {
        return switch (group) {
            case "phone-opus.claude" -> ClaudeProperties.class;
            case "phone-opus.consult" -> ConsultProperties.class;
            default -> ofPackageJob("JobRetention$JobProperties");
        };
    }

    private static Class<?> ofPackageJob(String name) {
        try {
            return Class.forName(ConsultProperties.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sentence(String setting, String value, String allowed) {
        return "Setting %s is `%s`, but it %s.".formatted(setting, value, allowed);
    }
}
