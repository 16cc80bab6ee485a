package phoneopus.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The system programs that start and end runs. */
public final class SystemProgram {
    private SystemProgram() {}

    /**
     * Finds a system program. Ignores relative PATH entries: the working directory may be a
     * repository with programs of its own.
     */
    public static String find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin";
        return Arrays.stream(path.split(":", -1))
                .filter(entry -> entry.startsWith("/"))
                .map(entry -> Path.of(entry).resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst()
                .orElse(name);
    }
}
