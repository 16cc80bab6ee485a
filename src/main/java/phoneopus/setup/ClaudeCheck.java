package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import phoneopus.claude.ClaudeBinary;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeInstallation.Found;
import phoneopus.claude.ClaudeInstallation.Outdated;
import phoneopus.claude.ClaudeInstallation.Skipped;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;

/**
 * Checks that a {@code claude} command exists, runs and is signed in, and reports what it may do.
 */
record ClaudeCheck(ClaudeProperties properties, Map<String, String> environment) {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String VARIABLE = "PHONE_OPUS_CLAUDE_BINARY";

    private static final String BY_NPM = "npm install -g @anthropic-ai/claude-code";
    private static final String BY_ITS_INSTALLER = "curl -fsSL https://claude.ai/install.sh | bash";

    /** With an older Node, npm installs an old release without a word. */
    private static final int NODE_OF_NEWEST = 22;

    private static final Pattern NODE = Pattern.compile("v(\\d{1,4})\\.\\S+");
    private static final Set<String> ALLOW_EDITS = Set.of("bypassPermissions", "acceptEdits");

    void command(Finding.Collector found) {
        ClaudeInstallation installation = ClaudeInstallation.seenFrom(environment, properties);
        Optional<Found> claude = installation.find(PATIENCE);
        List<Skipped> skipped = installation.skipped();
        if (claude.isEmpty()) {
            missing(skipped, found);
            return;
        }
        String text = claude.get().binary() + ", " + claude.get().version();
        Optional<Outdated> outdated = installation.outdated(claude.get());
        Optional<Outdated> older = installation.older(claude.get());
        if (!claude.get().versionKnown()) {
            found.error(
                    claude.get().binary() + " does not print its version, so it may not run at all",
                    install());
        } else if (outdated.isPresent()) {
            found.error(text + ", too old: " + outdated.get().sentence(), outdated.get().update());
        } else if (older.isPresent()) {
            found.warn(text + ", " + older.get().sentence(), older.get().update());
        } else {
            found.ok(text);
        }
        skipped.forEach(passed -> found.warn(passed + ", was skipped", fix(passed.file())));
    }

    /** The command that installs the newest release on this machine. */
    private String install() {
        return ClaudeBinary.nodeVersion(environment)
                        .map(NODE::matcher)
                        .filter(Matcher::matches)
                        .filter(version -> Integer.parseInt(version.group(1)) >= NODE_OF_NEWEST)
                        .isPresent()
                ? BY_NPM
                : BY_ITS_INSTALLER;
    }

    private static String fix(Path file) {
        return lacksPermission(file)
                ? Finding.command("chmod", "u+x", file)
                : Files.isDirectory(file)
                        ? Finding.command("mv", file, file + ".aside")
                        : Finding.command("rm", file);
    }

    private static boolean lacksPermission(Path file) {
        return Files.isRegularFile(file) && !Files.isExecutable(file);
    }

    private void missing(List<Skipped> skipped, Finding.Collector found) {
        String configured = properties.binary();
        if (!skipped.isEmpty()) {
            Skipped first = skipped.getFirst();
            found.error(
                    first.file() + " " + first.flaw(),
                    lacksPermission(first.file()) ? fix(first.file()) : install());
        } else if (configured == null || configured.isBlank()) {
            String path = environment.getOrDefault("PATH", "");
            found.error(
                    path.isBlank()
                            ? "not found in the standard locations, and PATH is empty"
                            : "not found on PATH=%s or in the standard locations".formatted(path),
                    install());
        } else {
            found.error(
                    "phone-opus.claude.binary is `%s`, but that file does not exist"
                            .formatted(configured),
                    environment.containsKey(VARIABLE)
                            ? "unset " + VARIABLE
                            : "correct phone-opus.claude.binary in your application.yaml");
        }
    }

    /** Makes no request. */
    void signIn(Finding.Collector found) {
        Credentials credentials = Credentials.seenFrom(environment, properties);
        Optional<Credentials.Overridden> overridden = credentials.overridden();
        Optional<String> source = credentials.source();
        if (overridden.isPresent()) {
            found.warn(
                    "billed per token by %s, which takes precedence over the login in %s"
                            .formatted(overridden.get().by(), overridden.get().login()),
                    overridden.get().undo());
        } else if (source.isPresent()) {
            found.ok("by %s; whether it is still valid was not checked".formatted(source.get()));
        } else if (credentials.mayBeInKeychain()) {
            found.warn("not checked: it may be in the keychain", login());
        } else {
            found.error(
                    credentials.expired().orElse("none found in variables, settings or files"),
                    login());
        }
    }

    /** The path of the command; empty if there is none. */
    Optional<Path> location() {
        return ClaudeInstallation.seenFrom(environment, properties).locate();
    }

    /** The command that signs in. */
    String login() {
        Optional<Path> claude = location();
        return Finding.command(claude.isPresent() ? claude.get() : "claude", "auth", "login");
    }

    void adviser(Finding.Collector found) {
        String may =
                "tools %s; permission mode %s; %s"
                        .formatted(
                                String.join(",", properties.tools()),
                                properties.permissionMode(),
                                properties.restricted() ? "restricted" : "not restricted");
        if (!properties.readOnly()) {
            found.warn(
                    may + ": it can change files",
                    "remove the editing tools from phone-opus.claude.tools");
        } else if (ALLOW_EDITS.contains(properties.permissionMode())) {
            found.warn(
                    may + ": it runs commands without asking",
                    "set phone-opus.claude.permission-mode to dontAsk");
        } else {
            found.ok(may);
        }
    }
}
