package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DoctorIT {

    @TempDir Path temporary;
    Surroundings surroundings;
    Script launcher;

    @BeforeEach
    void makeSurroundings() throws IOException {
        surroundings = Surroundings.in(temporary);
        Files.createDirectories(surroundings.home().resolve(".claude"));
        Files.writeString(
                surroundings.home().resolve(".claude/.credentials.json"),
                "{\"claudeAiOauth\":{\"accessToken\":\"secret\"}}");
        launcher =
                new Script(
                        List.of(PackagedServer.launcher().toString()),
                        surroundings.desk(),
                        surroundings.environment());
    }

    @Test
    void aSetUpThatWorksEndsWithZero() {
        var ended = launcher.run("doctor", "--json");

        var found = JsonMapper.shared().readTree(ended.out());
        assertThat(ended.exitCode()).as(ended.out()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(found.path("healthy").booleanValue()).isTrue();
        assertThat(ended.out()).contains("phone-opus demo").doesNotContain("secret");
        assertThat(surroundings.state()).doesNotExist();
    }

    @Test
    void wrongSettingsAreNamedWhereverTheyStandAndTheRestIsLookedAt() throws IOException {
        var file = surroundings.home().resolve(".config/phone-opus/application.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "phone-opus:\n  jobs:\n    keep: some\n");

        var ended = launcher.with("PHONE_OPUS_CONSULT_TIMEOUT", "soon").run("doctor");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .containsPattern("ERROR +settings +Setting phone-opus.consult.timeout is `soon`")
                .contains("→ unset PHONE_OPUS_CONSULT_TIMEOUT\n")
                .contains("Setting phone-opus.jobs.keep is `some`")
                .containsPattern("→ correct it in .*" + file.getFileName() + ".* - 3:11\n")
                .containsPattern("ok +claude +" + surroundings.claude())
                .containsPattern("ok +state +" + surroundings.state());
    }
}
