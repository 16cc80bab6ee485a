package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;
import phoneopus.files.UserHome;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What a program sees that was started from a desktop and not from a shell: a home, and a short
 * PATH.
 */
public final class DesktopView {
    private static final String JAVA = "JAVA_HOME";
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
        seen.put("HOME", UserHome.of(environment).toString());
        return new DesktopView(seen);
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
    private boolean findsJava() {
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

    /**
     * Whether a server works that is started so.
     *
     * @param shell what is there for whoever asks from a shell
     */
    void check(Finding.Collector found, ClaudeCheck shell, List<Registration> registrations) {
        // A variable of this shell is none of the desktop's.
        ClaudeProperties unset =
                shell.environment().containsKey(ClaudeCheck.VARIABLE)
                        ? shell.properties().withoutBinary()
                        : shell.properties();
        ClaudeInstallation installation = ClaudeInstallation.seenFrom(environment, unset);
        if (!findsJava()) {
            checkTold(found, JAVA, "Java", registrations);
        }
        if (installation.locate().isEmpty()) {
            checkTold(found, ClaudeCheck.VARIABLE, "claude", registrations);
        } else if (!installation
                .find(ClaudeCheck.PATIENCE)
                .map(ClaudeInstallation.Found::versionKnown)
                .orElse(false)) {
            found.warn(
                    "with a short PATH claude does not tell its version: what it needs may not be on it",
                    "add your PATH to the env of the client's entry");
        }
        Optional<String> source =
                Credentials.seenFrom(shell.environment(), shell.properties()).source();
        if (source.isPresent()
                && Credentials.seenFrom(environment, shell.properties()).source().isEmpty()) {
            found.warn(
                    "the sign-in is %s, of which only this shell knows".formatted(source.get()),
                    new ClaudeCheck(shell.properties(), environment).login());
        }
        if (found.all().isEmpty()) {
            found.ok(
                    "the launcher finds Java and claude with PATH=%s, too"
                            .formatted(environment.get("PATH")));
        }
    }

    /** Not found is no harm where each client's entry says where it is. */
    private static void checkTold(
            Finding.Collector found,
            String variable,
            String what,
            List<Registration> registrations) {
        List<String> entries = new ArrayList<>();
        for (Registration registration : registrations) {
            JsonNode entry = entry(registration);
            if (entry.isObject() && entry.path("env").path(variable).asString("").isBlank()) {
                found.error(
                        "started from the desktop, %s would find no %s"
                                .formatted(registration.client().title(), what),
                        Launch.ownCommandLine("install", registration.client()));
                return;
            }
            if (entry.isObject()) {
                entries.add(registration.client().toString());
            }
        }
        found.ok(
                "with a short PATH %s is not found; %s"
                        .formatted(
                                what,
                                entries.isEmpty()
                                        ? "install CLIENT tells the client where it is"
                                        : "told in the entry of " + String.join(", ", entries)));
    }

    private static JsonNode entry(Registration registration) {
        try {
            return registration
                    .entry()
                    .<JsonNode>map(entry -> entry)
                    .orElseGet(MissingNode::getInstance);
        } catch (MalformedException | IOException _) {
            // The client's own check says it.
            return MissingNode.getInstance();
        }
    }
}
