package phoneopus.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of the system that runs are started and ended with. */
public final class SystemProgram {
    private SystemProgram() {}

    /**
     * Where a program of the system is. Never in a directory that the PATH names relative to where
     * this server was started: that may be a repository with programs of its own.
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
