package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeInstallation.Found;
import phoneopus.claude.ClaudeInstallation.PassedOver;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;

/** Whether there is a {@code claude} command that runs and is signed in, and what it may do. */
record ClaudeCheck(ClaudeProperties properties, Map<String, String> environment) {
    static final String COMMAND = "claude";
    static final String SIGN_IN = "sign-in";
    static final String ADVISER = "adviser";
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String VARIABLE = "PHONE_OPUS_CLAUDE_BINARY";

    private static final String INSTALL = "npm install -g @anthropic-ai/claude-code";
    private static final Set<String> ALLOW_EDITS = Set.of("bypassPermissions", "acceptEdits");

    List<Finding> command() {
        ClaudeInstallation installation = ClaudeInstallation.seenFrom(environment, properties);
        Optional<Found> found = installation.find(PATIENCE);
        List<PassedOver> passedOver = installation.passedOver();
        if (found.isEmpty()) {
            return List.of(missing(passedOver));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(found(installation, found.get()));
        for (PassedOver passed : passedOver) {
            findings.add(Finding.warn(COMMAND, passed + ", was passed over", fix(passed.file())));
        }
        return findings;
    }

    private static Finding found(ClaudeInstallation installation, Found found) {
        if (!found.versionKnown()) {
            return Finding.error(
                    COMMAND,
                    found.binary() + " does not tell its version, so it may not run at all",
                    INSTALL);
        }
        String text = found.binary() + ", " + found.version();
        return installation
                .outdated(found)
                .map(outdated ->
                        Finding.error(
                                COMMAND,
                                text + ", is too old: " + outdated.sentence(),
                                outdated.update()))
                .orElseGet(() -> Finding.ok(COMMAND, text));
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

    private Finding missing(List<PassedOver> passedOver) {
        if (!passedOver.isEmpty()) {
            PassedOver first = passedOver.getFirst();
            return Finding.error(
                    COMMAND,
                    first.file() + " " + first.flaw(),
                    lacksPermission(first.file()) ? fix(first.file()) : INSTALL);
        }
        String configured = properties.binary();
        if (configured == null || configured.isBlank()) {
            return Finding.error(
                    COMMAND,
                    "not found on PATH=%s nor in its usual places"
                            .formatted(environment.getOrDefault("PATH", "")),
                    INSTALL);
        }
        return Finding.error(
                COMMAND,
                "phone-opus.claude.binary is `%s`, where there is no such file"
                        .formatted(configured),
                environment.containsKey(VARIABLE)
                        ? "unset " + VARIABLE
                        : "correct phone-opus.claude.binary in your application.yaml");
    }

    /** Told without spending a request. */
    List<Finding> signIn() {
        Credentials credentials = Credentials.seenFrom(environment, properties);
        Optional<Credentials.Beaten> beaten = credentials.beaten();
        if (beaten.isPresent()) {
            return List.of(
                    Finding.warn(
                            SIGN_IN,
                            "billed per token by %s, which beats the login in %s"
                                    .formatted(beaten.get().by(), beaten.get().login()),
                            beaten.get().undo()));
        }
        return List.of(
                credentials
                        .source()
                        .map(source ->
                                Finding.ok(
                                        SIGN_IN,
                                        "by %s; whether it is still good was not checked"
                                                .formatted(source)))
                        .orElseGet(() ->
                                credentials.mayBeInKeychain()
                                        ? Finding.warn(
                                                SIGN_IN,
                                                "not checked, since it may be in the keychain",
                                                login())
                                        : Finding.error(
                                                SIGN_IN,
                                                "none found in variables, settings or files",
                                                login())));
    }

    /** The command that signs in. */
    String login() {
        Optional<Path> claude = ClaudeInstallation.seenFrom(environment, properties).locate();
        return Finding.command(claude.isPresent() ? claude.get() : "claude", "auth", "login");
    }

    List<Finding> adviser() {
        String may =
                "tools %s; permission mode %s; %s"
                        .formatted(
                                String.join(",", properties.tools()),
                                properties.permissionMode(),
                                properties.restricted() ? "restricted" : "not restricted");
        if (!properties.readOnly()) {
            return List.of(
                    Finding.warn(
                            ADVISER,
                            may + ": it may change files",
                            "leave the editing tools out of phone-opus.claude.tools"));
        }
        if (ALLOW_EDITS.contains(properties.permissionMode())) {
            return List.of(
                    Finding.warn(
                            ADVISER,
                            may + ": nothing is asked before it runs a command",
                            "set phone-opus.claude.permission-mode to dontAsk"));
        }
        return List.of(Finding.ok(ADVISER, may));
    }
}
