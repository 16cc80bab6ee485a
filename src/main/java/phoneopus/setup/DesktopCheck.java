package phoneopus.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Whether a server works that a program from the desktop starts, with its short PATH. */
record DesktopCheck(
        ClaudeProperties properties,
        Map<String, String> environment,
        List<Registration> registrations)
        implements Check {
    private static final String BINARY = "PHONE_OPUS_CLAUDE_BINARY";
    private static final String JAVA = "JAVA_HOME";

    @Override
    public String subject() {
        return "desktop";
    }

    @Override
    public List<Finding> look() {
        DesktopView view = DesktopView.of(environment);
        List<Finding> findings = new ArrayList<>();
        if (!view.findsJava()) {
            findings.add(told(JAVA, "Java"));
        }
        if (ClaudeInstallation.seenFrom(view.environment(), unset()).locate().isEmpty()) {
            findings.add(told(BINARY, "claude"));
        } else if (!runs(view)) {
            findings.add(
                    Finding.warn(
                            subject(),
                            "with a short PATH claude does not tell its version: what it needs may not be on it",
                            "add your PATH to the env of the client's entry"));
        }
        Optional<String> source = Credentials.seenFrom(environment, properties).source();
        if (source.isPresent()
                && Credentials.seenFrom(view.environment(), properties).source().isEmpty()) {
            findings.add(
                    Finding.warn(
                            subject(),
                            "the sign-in is %s, of which only this shell knows"
                                    .formatted(source.get()),
                            SignInCheck.login(properties, view.environment())));
        }
        return findings.isEmpty()
                ? List.of(
                        Finding.ok(
                                subject(),
                                "the launcher finds Java and claude with PATH=%s, too"
                                        .formatted(view.environment().get("PATH"))))
                : findings;
    }

    private boolean runs(DesktopView view) {
        return ClaudeInstallation.seenFrom(view.environment(), unset())
                .find(Duration.ofSeconds(10))
                .map(ClaudeInstallation.Found::versionKnown)
                .orElse(false);
    }

    /** Not found is no harm where each client's entry says where it is. */
    private Finding told(String variable, String what) {
        List<String> entries = new ArrayList<>();
        for (Registration registration : registrations) {
            JsonNode entry = entry(registration);
            if (entry.isObject() && entry.path("env").path(variable).asString("").isBlank()) {
                return Finding.miss(
                        subject(),
                        "started from the desktop, %s would find no %s"
                                .formatted(registration.client().title(), what),
                        Finding.ownCommand("install", registration.client()));
            }
            if (entry.isObject()) {
                entries.add(registration.client().toString());
            }
        }
        return Finding.ok(
                subject(),
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

    /** A variable of this shell is none of the desktop's. */
    private ClaudeProperties unset() {
        return environment.containsKey(BINARY) ? properties.withoutBinary() : properties;
    }
}
