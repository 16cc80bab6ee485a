package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.doctor.Settings;

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
                .extracting(fault -> fault.sentence(), fault -> fault.mend())
                .containsExactlyInAnyOrder(
                        tuple(
                                "Setting phone-opus.consult.timeout is `soon`, but it must be a duration such as 90s, 20m or 1h.",
                                "leave out --phone-opus.consult.timeout"),
                        tuple(
                                "Setting phone-opus.http.port is `door`, but it must be a whole number.",
                                "leave out --phone-opus.http.port"));
        assertThat(settings.claude().model()).isEqualTo("sonnet");
        assertThat(settings.consult().timeout()).isEqualTo(Duration.ofMinutes(60));
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
                    assertThat(fault.mend()).contains("application.yaml", "3:20");
                });
    }

    @Test
    void aFileThatIsNoYamlIsNamedAndTheDefaultsCount() throws IOException {
        Files.writeString(folder.resolve("application.yaml"), "phone-opus: [\n");

        var settings = read();

        assertThat(settings.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.sentence()).contains("is no YAML"));
        assertThat(settings.claude().model()).isEqualTo("opus");
    }

    private Settings read(String... arguments) {
        return SettingsReader.read("classpath:/,optional:file:" + folder + "/", arguments);
    }
}
