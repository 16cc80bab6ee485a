package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.spool.JobMode;

class RequestsTests {

    @TempDir Path temporary;
    Path command;

    @BeforeEach
    void makeCommand() throws IOException {
        command = Files.writeString(temporary.resolve("claude"), "#!/bin/sh\n");
        command.toFile().setExecutable(true);
    }

    @Test
    void theSettingsDecideWhatTheCallerLeftOpen() throws IOException {
        var requests =
                requests(
                        Map.of(
                                "phone-opus.claude.model", "sonnet",
                                "phone-opus.claude.effort", "low",
                                "phone-opus.consult.timeout", "90s",
                                "phone-opus.consult.stall-timeout", "30s"));

        var request = requests.freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.consult().model()).isEqualTo("sonnet");
        assertThat(request.consult().effort()).isEqualTo(Effort.LOW);
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(request.stallTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(request.consult().maxTurns()).isNull();
        assertThat(request.created()).isEqualTo(Instant.ofEpochMilli(7));
        assertThat(request.mode()).isEqualTo(JobMode.SYNC);
        assertThat(request.consult().principal()).isNull();
        assertThat(request.consult().cwd()).isEqualTo("/a repo");
        assertThat(request.command())
                .startsWith(command.toString())
                .containsSequence("--model", "sonnet", "--effort", "low")
                .doesNotContain("--max-turns");
    }

    @Test
    void whatTheCallerSaysGoesFirst() throws IOException {
        var request =
                requests(Map.of())
                        .freeze(consult(null, "haiku", Effort.MEDIUM, (Integer) 3), JobMode.SYNC);

        assertThat(request.consult().model()).isEqualTo("haiku");
        assertThat(request.consult().effort()).isEqualTo(Effort.MEDIUM);
        assertThat(request.consult().maxTurns()).isEqualTo(3);
        assertThat(request.command())
                .containsSequence("--model", "haiku", "--effort", "medium")
                .containsSequence("--max-turns", "3");
    }

    @Test
    void aNewSessionGetsAnIdBeforehand() throws IOException {
        var requests = requests(Map.of());

        var request = requests.freeze(consult(null, null, null, null), JobMode.SYNC);
        var other = requests.freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.resumed()).isFalse();
        assertThat(request.consult().sessionId()).isNull();
        assertThat(request.sessionId()).isNotEqualTo(other.sessionId());
        assertThat(request.jobId()).isNotEqualTo(other.jobId());
        assertThat(request.command())
                .containsSequence("--session-id", request.sessionId().toString());
    }

    @Test
    void aSessionIsResumed() throws IOException {
        var session = UUID.fromString("399C3241-20AB-4480-A9F1-2C1142DE3308");

        var request = requests(Map.of()).freeze(consult(session, null, null, null), JobMode.SYNC);

        assertThat(request.resumed()).isTrue();
        assertThat(request.consult().sessionId()).isEqualTo(session);
        assertThat(request.sessionId()).isEqualTo(session);
        assertThat(request.command())
                .containsSequence("--resume", "399c3241-20ab-4480-a9f1-2c1142de3308");
    }

    @Test
    void theBuiltInPrefixGoesBeforeThePrompt() throws IOException {
        var request = requests(Map.of()).freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.promptPrefixInjected()).isTrue();
        assertThat(request.consult().prompt()).isEqualTo(" Why? ");
        assertThat(request.effectivePrompt())
                .isEqualTo(ConsultProperties.BUILT_IN_PREFIX + "\n\n Why? ");
    }

    @Test
    void aPrefixOfOnesOwnGoesBeforeThePrompt() throws IOException {
        var request =
                requests(Map.of("phone-opus.consult.prefix", " Be short.\n"))
                        .freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.promptPrefixInjected()).isTrue();
        assertThat(request.effectivePrompt()).isEqualTo("Be short.\n\n Why? ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void aBlankPrefixIsNone(String prefix) throws IOException {
        var request =
                requests(Map.of("phone-opus.consult.prefix", prefix))
                        .freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.promptPrefixInjected()).isFalse();
        assertThat(request.effectivePrompt()).isEqualTo(" Why? ");
    }

    @Test
    void thePromptIsNotInTheCommand() throws IOException {
        var request = requests(Map.of()).freeze(consult(null, null, null, null), JobMode.SYNC);

        assertThat(request.command()).noneMatch(word -> word.contains("Why?"));
    }

    private Requests requests(Map<String, ?> settings) {
        var clock = Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC);
        return new WiredServer(temporary.resolve("state"), command, clock, settings).requests;
    }

    private static Consult consult(UUID session, String model, Effort effort, Integer maxTurns) {
        return new Consult(" Why? ", "/a repo", maxTurns, session, model, effort, null);
    }
}
