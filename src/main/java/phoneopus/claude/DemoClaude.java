package phoneopus.claude;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import phoneopus.files.DurableFiles;

/**
 * A stand-in for the {@code claude} command, to try everything without an account. Every answer
 * says that it is a demo.
 */
public final class DemoClaude {
    private static final String FOLDER = "phone-opus";
    private static final String NAME = "demo-claude";

    private DemoClaude() {}

    /** Whether that program is it. */
    public static boolean is(String program) {
        return program.endsWith("/" + FOLDER + "/" + NAME);
    }

    /** Installs it in the user's cache, because its runs outlive this program. */
    public static Path install() {
        String cache =
                System.getenv()
                        .getOrDefault(
                                "XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        Path folder = Path.of(cache, FOLDER);
        Path file = folder.resolve(NAME);
        try (InputStream script = DemoClaude.class.getResourceAsStream("demo-claude.sh")) {
            if (script == null) {
                throw new IllegalStateException("demo-claude.sh is not in the jar");
            }
            byte[] content = script.readAllBytes();
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
                DurableFiles.createDirectories(folder);
                DurableFiles.write(file, content);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
