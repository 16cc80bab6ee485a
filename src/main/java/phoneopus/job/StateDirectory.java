package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import phoneopus.claude.DurableFiles;

/**
 * Where everything is kept that must outlive a server. Several servers share it.
 *
 * @param stateDir absent: {@code $XDG_STATE_HOME/phone_opus}, else {@code
 *     ~/.local/state/phone_opus}
 */
@ConfigurationProperties("phone-opus")
record StateDirectory(@Nullable Path stateDir) {

    /** The directory, there and private to the user. */
    Path path() throws IOException {
        Path path = location();
        DurableFiles.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        return path;
    }

    /** Where it is, or will be. */
    Path location() {
        return located().toAbsolutePath().normalize();
    }

    private Path located() {
        if (stateDir != null) {
            return stateDir.startsWith("~")
                    ? home().resolve(Path.of("~").relativize(stateDir))
                    : stateDir;
        }
        String state = System.getenv("XDG_STATE_HOME");
        return (state == null || state.isBlank() ? home().resolve(".local/state") : Path.of(state))
                .resolve("phone_opus");
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }
}
