package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.disk.Recording;
import phoneopus.run.Run;
import phoneopus.run.StopReason;

/** The disk is full when a run is to end early: what ended it could not be told afterwards. */
@Timeout(60)
class StopReasonTests {

    @TempDir Path temporary;
    RunBench bench;
    Run onFullDisk;

    @BeforeEach
    void set() throws IOException {
        bench = new RunBench(temporary);
        var recording = new Recording(bench.folder);
        recording.refuse(operation -> operation.toString().contains(StopReason.CANCELLED.marker()));
        onFullDisk = RunBench.claude().adopt(recording.root().resolve("run"), RunBench.LIMITS);
    }

    @AfterEach
    void clear() {
        bench.clear();
    }

    @Test
    void noSignalIsSent() throws Exception {
        var run = bench.start("FAKE_CLAUDE_HANG=1");
        bench.awaitHanging();
        var before = bench.living();

        assertThatThrownBy(() -> onFullDisk.end(StopReason.CANCELLED))
                .isInstanceOf(IOException.class);

        // Its clock may only just have been started.
        assertThat(bench.living()).containsAll(before);
        assertThat(run.over()).isFalse();
        run.end(StopReason.CANCELLED);
    }

    @Test
    void oneThatHasNotBegunIsNotForbidden() {
        assertThatThrownBy(() -> onFullDisk.end(StopReason.CANCELLED))
                .isInstanceOf(IOException.class);

        assertThat(onFullDisk.claimed()).isFalse();
    }
}
