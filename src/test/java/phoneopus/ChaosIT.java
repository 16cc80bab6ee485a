package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * Run with {@code ./mvnw verify -Pchaos -DskipUnitTests}. {@code -Dchaos.seconds} and {@code
 * -Dchaos.seed} replace the defaults, 60 and a random seed.
 */
@Tag("chaos")
class ChaosIT {

    @Test
    void nothingIsLostAndNothingRunsTwiceWhileServersAreKilled() throws Exception {
        var length = Duration.ofSeconds(Long.getLong("chaos.seconds", 60));
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        var folder = Files.createTempDirectory("chaos");

        var violations = Chaos.run(folder, length, seed);

        assertThat(violations).as("seed %d, %s", seed, folder).isEmpty();
        FileSystemUtils.deleteRecursively(folder);
    }
}
