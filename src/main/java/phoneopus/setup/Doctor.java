package phoneopus.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import phoneopus.setup.Finding.Severity;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks everything that a consult needs. */
public final class Doctor {
    private final List<Check> checks = new ArrayList<>();

    private record Check(String subject, Work work) {}

    /** Checks, and changes nothing. */
    @FunctionalInterface
    private interface Work {
        List<Finding> check() throws IOException;
    }

    /** All that was found. */
    public record Report(List<Finding> findings) {

        /** Whether nothing keeps a consult from working. */
        public boolean healthy() {
            return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
        }

        /** A line for each, and one below it for what to do. */
        public String text() {
            return findings.stream().map(Report::lines).collect(Collectors.joining("\n"));
        }

        private static String lines(Finding finding) {
            String line =
                    "%-5s  %-14s  %s"
                            .formatted(
                                    finding.severity().word(), finding.subject(), finding.text());
            return finding.fix() == null
                    ? line
                    : line + "\n" + " ".repeat(23) + "→ " + finding.fix();
        }

        /** The same as one JSON object. */
        public String json() {
            ObjectNode root = JsonMapper.shared().createObjectNode();
            root.put("healthy", healthy());
            var found = root.putArray("checks");
            for (Finding finding : findings) {
                found.addObject()
                        .put("subject", finding.subject())
                        .put("grade", finding.severity().word())
                        .put("text", finding.text())
                        .put("mend", finding.fix());
            }
            return root.toString();
        }
    }

    /**
     * @param environment of the shell that it is asked from
     */
    public Doctor(Settings settings, Map<String, String> environment) {
        List<Registration> registrations =
                Arrays.stream(Client.values())
                        .map(client -> new Registration(client, environment))
                        .toList();
        ClaudeCheck claude = new ClaudeCheck(settings.claude(), environment);
        StateCheck state = new StateCheck(settings.stateDirectory(), StateCheck::room);
        add("runtime", Doctor::runtime);
        add(StartCache.SUBJECT, StartCache::check);
        add(Settings.SUBJECT, settings::check);
        add(ClaudeCheck.COMMAND, claude::command);
        add(ClaudeCheck.SIGN_IN, claude::signIn);
        add(ClaudeCheck.ADVISER, claude::adviser);
        add(StateCheck.DIRECTORY, state::directoryItself);
        add(StateCheck.INDEX, state::index);
        add(StateCheck.ORIGINAL, state::original);
        for (Registration registration : registrations) {
            ClientCheck client = new ClientCheck(registration, settings.consult());
            add(client.subject(), client::check);
        }
        add(DesktopView.SUBJECT, () -> DesktopView.of(environment).check(claude, registrations));
    }

    private void add(String subject, Work work) {
        checks.add(new Check(subject, work));
    }

    public Report check() {
        return new Report(checks.stream().flatMap(check -> findings(check).stream()).toList());
    }

    /** Nothing that a check meets may keep the others from being made. */
    private static List<Finding> findings(Check check) {
        try {
            return check.work().check();
        } catch (IOException | RuntimeException e) {
            return List.of(
                    Finding.error(
                            check.subject(),
                            "cannot be checked: " + Finding.reason(e),
                            "see what is unusual there"));
        }
    }

    private static List<Finding> runtime() {
        return List.of(
                Finding.ok(
                        "runtime",
                        "Java %s in %s"
                                .formatted(Runtime.version(), System.getProperty("java.home"))));
    }
}
