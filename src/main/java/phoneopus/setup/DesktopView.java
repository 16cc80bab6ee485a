package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeProperties;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The environment of a program started from the desktop instead of a shell: a home and a short
 * PATH.
 */
public final class DesktopView {
    private static final String JAVA = "JAVA_HOME";
    private static final int LONGEST_SECONDS = 10;

    private final Map<String, String> environment;

    private DesktopView(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The desktop environment of a user whose shell has that environment. */
    public static DesktopView of(Map<String, String> environment) {
        return new DesktopView(ServerVariables.ofDesktop(environment));
    }

    /**
     * The JAVA_HOME to write into a client's entry.
     *
     * @return null if the launcher finds Java by itself or needs none
     */
    public @Nullable Path javaHomeToTell() {
        return findsJava() ? null : Path.of(System.getProperty("java.home"));
    }

    /** Whether the launcher would find Java. */
    private boolean findsJava() {
        String installation = System.getProperty("phone-opus.home");
        if (installation == null) {
            return true; // The entry starts java by its absolute path.
        }
        Path finder = Path.of(installation, "libexec", "find-jdk.sh");
        if (!Files.exists(finder) || Launch.bringsItsJava()) {
            return true;
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
            // Treated as not found.
        }
        return false;
    }

    /**
     * Checks that a server started from the desktop would work.
     *
     * @param shell the same check with the shell's environment
     */
    void check(Finding.Collector found, ClaudeCheck shell, List<Registration> registrations) {
        // A variable of this shell is not set on the desktop.
        ClaudeProperties unset =
                shell.environment().containsKey(ClaudeCheck.VARIABLE)
                        ? shell.properties().withoutBinary()
                        : shell.properties();
        ClaudeInstallation installation = ClaudeInstallation.seenFrom(environment, unset);
        if (registrations.stream().allMatch(registration -> entry(registration).isMissingNode())) {
            return; // No client starts it.
        }
        if (!findsJava()) {
            checkTold(found, JAVA, "Java", registrations);
        }
        if (shell.location().isEmpty()) {
            return; // Nothing can be told.
        }
        if (installation.locate().isEmpty()) {
            checkTold(found, ClaudeCheck.VARIABLE, "claude", registrations);
        } else if (!installation
                .find(ClaudeCheck.PATIENCE)
                .map(ClaudeInstallation.Found::versionKnown)
                .orElse(false)) {
            found.warn(
                    "with a short PATH claude does not print its version: a program it needs may be missing from that PATH",
                    "add your PATH to the env of the client's entry");
        }
        if (found.all().isEmpty()) {
            found.ok(
                    "the launcher also finds Java and claude with PATH=%s"
                            .formatted(environment.get("PATH")));
        }
    }

    /** A program that is not found does no harm if each client's entry gives its path. */
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
                        "%s, when started from the desktop, would not find %s"
                                .formatted(registration.client().title(), what),
                        Launch.ownCommandLine("install", registration.client()));
                return;
            }
            if (entry.isObject()) {
                entries.add(registration.client().toString());
            }
        }
        found.ok(
                "with a short PATH %s is not found; its path is in the entry of %s"
                        .formatted(what, String.join(", ", entries)));
    }

    private static JsonNode entry(Registration registration) {
        try {
            return registration
                    .entry()
                    .<JsonNode>map(entry -> entry)
                    .orElseGet(MissingNode::getInstance);
        } catch (MalformedException | IOException _) {
            // The client's own check reports it.
            return MissingNode.getInstance();
        }
    }
}
