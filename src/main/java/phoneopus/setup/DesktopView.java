package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a program sees that was started from a desktop and not from a shell: a home, and a short
 * PATH.
 */
public final class DesktopView {
    private static final String SHORT_PATH = "/usr/bin:/bin";
    private static final int LONGEST_SECONDS = 10;

    private final Map<String, String> environment;

    private DesktopView(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The view of whoever has that environment in a shell. */
    public static DesktopView of(Map<String, String> environment) {
        Map<String, String> seen = new TreeMap<>();
        seen.put("PATH", SHORT_PATH);
        seen.put("HOME", environment.getOrDefault("HOME", System.getProperty("user.home")));
        return new DesktopView(seen);
    }

    Map<String, String> environment() {
        return environment;
    }

    /**
     * What a client's entry has to say as JAVA_HOME.
     *
     * @return null where the launcher finds a Java by itself, or needs none
     */
    public @Nullable Path javaHomeToTell() {
        return findsJava() ? null : Path.of(System.getProperty("java.home"));
    }

    /** Whether the launcher would find a Java. */
    boolean findsJava() {
        String installation = System.getProperty("phone-opus.home");
        if (installation == null) {
            return true; // It is started by Java's own path.
        }
        Path finder = Path.of(installation, "libexec", "find-jdk.sh");
        if (!Files.exists(finder)) {
            return true; // It brings its own.
        }
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", finder.toString(), "java");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // Said below: nobody was asked.
        }
        return false;
    }
}
