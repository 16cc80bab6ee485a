package phoneopus.files;

import java.nio.file.Path;
import java.util.Map;

/** The user's home directory, and {@code ~} at the beginning of a path. */
public final class UserHome {
    private UserHome() {}

    public static Path path() {
        return Path.of(System.getProperty("user.home"));
    }

    /** The home directory of a program with that environment. */
    public static Path of(Map<String, String> environment) {
        String home = environment.get("HOME");
        return home == null ? path() : Path.of(home);
    }

    public static Path expand(Path path) {
        return expand(path, path());
    }

    public static Path expand(Path path, Path home) {
        return path.startsWith("~") ? home.resolve(Path.of("~").relativize(path)) : path;
    }
}
