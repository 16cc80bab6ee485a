package phoneopus.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import phoneopus.claude.ClaudeInstallation;
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
        return List.of(
                installation
                        .find(PATIENCE)
                        .map(this::found)
                        .orElseGet(() -> missing(installation.notExecutable())));
    }

    private Finding found(ClaudeInstallation.Found found) {
        return found.versionKnown()
                ? Finding.ok(subject(), "%s, %s".formatted(found.binary(), found.version()))
                : Finding.miss(
                        subject(),
                        "%s does not tell its version, so it may not run at all"
                                .formatted(found.binary()),
                        INSTALL);
    }

    private Finding missing(Optional<Path> notExecutable) {
        if (notExecutable.isPresent()) {
            return Finding.miss(
                    subject(),
                    notExecutable.get() + " cannot be executed",
                    Finding.command("chmod", "u+x", notExecutable.get()));
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
