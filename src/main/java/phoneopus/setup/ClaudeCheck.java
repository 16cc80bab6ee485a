package phoneopus.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeInstallation.Found;
import phoneopus.claude.ClaudeInstallation.PassedOver;
import phoneopus.claude.ClaudeProperties;

/** Whether there is a {@code claude} command, and whether it runs. */
record ClaudeCheck(ClaudeProperties properties, Map<String, String> environment) implements Check {
    static final String INSTALL = "npm install -g @anthropic-ai/claude-code";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String VARIABLE = "PHONE_OPUS_CLAUDE_BINARY";

    @Override
    public String subject() {
        return "claude";
    }

    @Override
    public List<Finding> look() {
        ClaudeInstallation installation = ClaudeInstallation.seenFrom(environment, properties);
        Optional<Found> found = installation.find(PATIENCE);
        List<PassedOver> passedOver = installation.passedOver();
        if (found.isEmpty()) {
            return List.of(missing(passedOver));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(found(installation, found.get()));
        passedOver.forEach(passed ->
                findings.add(
                        Finding.warn(
                                subject(), passed + ", was passed over", mend(passed.file()))));
        return findings;
    }

    private Finding found(ClaudeInstallation installation, Found found) {
        if (!found.versionKnown()) {
            return Finding.miss(
                    subject(),
                    "%s does not tell its version, so it may not run at all"
                            .formatted(found.binary()),
                    INSTALL);
        }
        String text = "%s, %s".formatted(found.binary(), found.version());
        return installation
                .outdated(found)
                .map(outdated ->
                        Finding.miss(
                                subject(),
                                "%s, is too old: %s".formatted(text, outdated.sentence()),
                                outdated.update()))
                .orElseGet(() -> Finding.ok(subject(), text));
    }

    private static String mend(Path file) {
        return Files.isRegularFile(file) && !Files.isExecutable(file)
                ? Finding.command("chmod", "u+x", file)
                : Files.isDirectory(file)
                        ? Finding.command("mv", file, file + ".aside")
                        : Finding.command("rm", file);
    }

    private Finding missing(List<PassedOver> passedOver) {
        if (!passedOver.isEmpty()) {
            PassedOver first = passedOver.getFirst();
            return Finding.miss(
                    subject(),
                    first.file() + " " + first.flaw(),
                    Files.isRegularFile(first.file()) && !Files.isExecutable(first.file())
                            ? mend(first.file())
                            : INSTALL);
        }
        String configured = properties.binary();
        if (configured == null || configured.isBlank()) {
            return Finding.miss(
                    subject(),
                    "not found on PATH=%s nor in its usual places"
                            .formatted(environment.getOrDefault("PATH", "")),
                    INSTALL);
        }
        return Finding.miss(
                subject(),
                "phone-opus.claude.binary is `%s`, where there is no such file"
                        .formatted(configured),
                environment.containsKey(VARIABLE)
                        ? "unset " + VARIABLE
                        : "correct phone-opus.claude.binary in your application.yaml");
    }
}
