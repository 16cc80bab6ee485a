package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Tests the jar that users download. */
class PackagedJarIT {

    private static final Path LIBRARIES = Path.of("src/test/resources/dependencies.txt");

    /** A new transitive library fails this test, so that someone decides whether to keep it. */
    @Test
    void itHasTheLibrariesThatSomethingUsesAndNoOther() throws IOException {
        try (var jar = new JarFile(Path.of("target/phone-opus.jar").toFile())) {
            var libraries =
                    jar.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.matches("BOOT-INF/lib/.+\\.jar"))
                            .map(name -> name.replaceAll("BOOT-INF/lib/|-\\d[\\w.]*\\.jar$", ""));

            assertThat(libraries)
                    .containsExactlyInAnyOrderElementsOf(Files.readAllLines(LIBRARIES));
        }
    }
}
