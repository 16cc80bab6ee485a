package phoneopus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivenessProbeTests {
    private static final Duration STALL = Duration.ofSeconds(80);
    private static final Duration PAUSE = STALL.dividedBy(8);

    @TempDir Path directory;
    Path transcript;
    LivenessProbe probe;
    long now = 1;

    @BeforeEach
    void probeARunThatPrintsNothing() throws IOException {
        transcript = Files.writeString(directory.resolve("session.jsonl"), "{}\n");
        probe =
                new LivenessProbe(
                        new RunDirectory(directory),
                        new SilentLog(Optional.of(transcript)),
                        new Limits(Duration.ofHours(1), STALL),
                        () -> now);
        assertThat(probe.active()).as("the first look has nothing to compare with").isFalse();
    }

    @Test
    void aTranscriptThatGrowsIsASignOfLife() throws IOException {
        grow();

        assertThat(lookAgainAfter(PAUSE)).isTrue();
        assertThat(lookAgainAfter(PAUSE)).as("it grew once").isFalse();
    }

    @Test
    void aTranscriptIsNotLookedAtEachTime() throws IOException {
        grow();

        assertThat(lookAgainAfter(PAUSE.minusNanos(1))).isFalse();
        assertThat(lookAgainAfter(Duration.ofNanos(1))).isTrue();
    }

    private void grow() throws IOException {
        Files.writeString(transcript, "{}\n", StandardOpenOption.APPEND);
    }

    private boolean lookAgainAfter(Duration pause) throws IOException {
        now += pause.toNanos();
        return probe.active();
    }
}
