package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.cli.Application.Setting;
import phoneopus.setup.Settings;

class SettingsReaderTests {

    @TempDir Path folder;

    @Test
    void whatIsSetIsRead() {
        var settings =
                read("--phone-opus.consult.timeout=90s", "--phone-opus.state-dir=/somewhere");

        assertThat(settings.faults()).isEmpty();
        assertThat(settings.consult().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.stateDirectory()).isEqualTo(Path.of("/somewhere"));
        assertThat(settings.claude().model()).isEqualTo("opus");
    }

    @Test
    void everyWrongSettingIsNamedAndTheOthersCount() {
        var settings =
                read(
                        "--phone-opus.consult.timeout=soon",
                        "--phone-opus.http.port=door",
                        "--phone-opus.claude.model=sonnet");

        assertThat(settings.faults())
                .extracting(fault -> fault.sentence(), fault -> fault.fix())
                .containsExactlyInAnyOrder(
                        tuple(
                                "Setting phone-opus.consult.timeout is `soon`, but it must be a duration such as 90s, 20m or 1h.",
                                "remove --phone-opus.consult.timeout"),
                        tuple(
                                "Setting phone-opus.http.port is `door`, but it must be a whole number.",
                                "remove --phone-opus.http.port"));
        assertThat(settings.claude().model()).isEqualTo("sonnet");
        assertThat(settings.consult().timeout()).isEqualTo(Duration.ofMinutes(60));
    }

    @Test
    void everyWrongValueOfOneGroupIsNamed() {
        var settings =
                read(
                        "--phone-opus.consult.patience=abc",
                        "--phone-opus.consult.max-concurrent=0",
                        "--phone-opus.consult.queue-capacity=many");

        assertThat(settings.faults())
                .extracting(Settings.Fault::sentence)
                .containsExactlyInAnyOrder(
                        "Setting phone-opus.consult.patience is `abc`, but it must be a duration such as 90s, 20m or 1h.",
                        "Setting phone-opus.consult.queue-capacity is `many`, but it must be a whole number.",
                        "Setting phone-opus.consult.max-concurrent is `0`, but it must be greater than or equal to 1.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    phone-opus.consult.timeout         | 5        | must have a unit: 5s, 5m or 5h
                    phone-opus.consult.patience        | 300      | must have a unit: 300s, 300m or 300h
                    phone-opus.http.session-idle       | 30       | must have a unit: 30s, 30m or 30h
                    phone-opus.consult.max-prompt-size | 512      | must have a unit: 512B, 512KB or 512MB
                    phone-opus.http.max-body           | 2        | must have a unit: 2B, 2KB or 2MB
                    phone-opus.consult.timeout         | 9999999h | must be at most 36500d
                    phone-opus.consult.stall-timeout   | 999999d  | must be at most 36500d
                    phone-opus.jobs.keep               | 36501d   | must be at most 36500d
                    phone-opus.consult.patience        | 99999999999h | must be at most 36500d
                    phone-opus.consult.patience        | 99999999999999999h | must be a duration such as 90s, 20m or 1h
                    """)
    void aMeasureThatNobodyMeansIsExplained(String setting, String value, String rule) {
        var settings = read("--" + setting + "=" + value);

        assertThat(settings.faults())
                .extracting(Settings.Fault::sentence)
                .containsExactly("Setting %s is `%s`, but it %s.".formatted(setting, value, rule));
    }

    @Test
    void nothingIsNoughtWithoutAUnit() {
        assertThat(read("--phone-opus.consult.patience=0").faults()).isEmpty();
    }

    @Test
    void oneOfNoSettingsNameIsNamedAndStopsNothing() {
        var settings = read("--phone-opus.claude.modle=x", "--phone-opus.claude.model=sonnet");

        assertThat(settings.faults()).isEmpty();
        assertThat(settings.unknown())
                .containsExactly(
                        new Settings.Fault(
                                "Setting phone-opus.claude.modle does not exist and is ignored: did you mean phone-opus.claude.model?",
                                "rename it to phone-opus.claude.model"));
        assertThat(settings.claude().model()).isEqualTo("sonnet");
    }

    @Test
    void aWrongLineOfAFileIsPointedAt() throws IOException {
        var file = folder.resolve("application.yaml");
        Files.writeString(file, "phone-opus:\n  consult:\n    stall-timeout: 0s\n");

        var settings = read();

        assertThat(settings.faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.sentence()).contains("stall-timeout is `0s`");
                    assertThat(fault.fix()).contains("application.yaml", "3:20");
                });
    }

    @Test
    void aFileThatIsNoYamlIsNamedAndTheDefaultsCount() throws IOException {
        Files.writeString(folder.resolve("application.yaml"), "phone-opus: [\n");

        var settings = read();

        assertThat(settings.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.sentence()).contains("is not valid YAML"));
        assertThat(settings.claude().model()).isEqualTo("opus");
    }

    @Test
    void allSettingsAreListedWithTheirOrigin() throws IOException {
        var file = folder.resolve("application.yaml");
        Files.writeString(
                file,
                """
                phone-opus:
                  consult:
                    timeout: soon
                    patience-by-client:
                      emacs: 10m
                    allowed-roots: [/a, /b]
                """);

        var settings = list("--phone-opus.claude.model=sonnet", "--phone-opus.claude.modle=x");

        assertThat(settings)
                .extracting(Setting::name)
                .startsWith(SettingNames.ALL.stream().sorted().toList().toArray(String[]::new))
                .hasSize(SettingNames.ALL.size() + 1);
        assertThat(settings)
                .contains(
                        new Setting("claude.model", "sonnet", "--phone-opus.claude.model"),
                        new Setting("claude.models", "opus, sonnet, haiku, fable", "default"),
                        new Setting("claude.binary", "", "default"),
                        new Setting("consult.timeout", "soon", file + ":3"),
                        new Setting("consult.patience-by-client", "emacs=10m", file + ":5"),
                        new Setting("consult.allowed-roots", "/a, /b", file + ":6"),
                        new Setting("jobs.keep", "30d", "default"),
                        new Setting(
                                "phone-opus.claude.modle",
                                "",
                                "ignored: it does not exist; rename it to phone-opus.claude.model"));
    }

    @Test
    void aFileThatIsNotUtf8IsCalledThat() throws IOException {
        Files.write(
                folder.resolve("application.yaml"),
                "phone-opus.claude.model: opüs\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read().faults())
                .singleElement()
                .matches(
                        fault -> fault.sentence().contains("is not UTF-8 text. Save it as UTF-8."));
    }

    @Test
    void theUsualStateDirectoryIsNamed() {
        assertThat(list())
                .filteredOn(setting -> setting.name().equals("state-dir"))
                .singleElement()
                .matches(setting -> setting.value().endsWith("/phone_opus"))
                .matches(Setting::isDefault);
    }

    @Test
    void secretsAreNotListed() {
        var settings =
                list(
                        "--phone-opus.claude.environment=HTTPS_PROXY,MY_KEY=sk-1",
                        "--phone-opus.claude.extra-arguments=--api-key=sk-2,--token,sk-3");

        assertThat(settings)
                .filteredOn(setting -> !setting.isDefault())
                .extracting(Setting::value)
                .containsExactly("HTTPS_PROXY, MY_KEY=…", "--api-key=…, --token, …");
    }

    private List<Setting> list(String... arguments) {
        return SettingsReader.list("classpath:/,optional:file:" + folder + "/", arguments);
    }

    private Settings read(String... arguments) {
        return SettingsReader.read("classpath:/,optional:file:" + folder + "/", arguments);
    }
}
