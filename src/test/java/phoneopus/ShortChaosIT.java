package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** A short {@link ChaosIT} for every build, always with the same seed. */
class ShortChaosIT {

    private static final long SEED = 1;

    @Test
    void nothingIsLostAndNothingRunsTwiceWhileServersAreKilled() throws Exception {
        var folder = Files.createTempDirectory("chaos");

        var violations = Chaos.run(folder, Duration.ofSeconds(12), SEED);

        assertThat(violations).as("seed %d, %s", SEED, folder).isEmpty();
        FileSystemUtils.deleteRecursively(folder);
    }
}
