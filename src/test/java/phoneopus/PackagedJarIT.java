package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What everybody downloads. */
class PackagedJarIT {

    private static final Path LIBRARIES = Path.of("src/test/resources/dependencies.txt");

    /** A library that another brings along is noticed here, and used or left out by choice. */
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
