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

/** Checks everything a consult needs. */
public final class Doctor {
    private final List<Check> checks = new ArrayList<>();

    private record Check(String subject, Work work) {}

    /** A check, which changes nothing. */
    @FunctionalInterface
    private interface Work {
        void check(Finding.Collector found) throws IOException;
    }

    /** All findings. */
    public record Report(List<Finding> findings) {

        /** Whether there is no error. */
        public boolean healthy() {
            return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
        }

        /** A line for each finding, and a line for its fix below it. */
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

        /** The same as a JSON object. */
        public String json() {
            ObjectNode root = JsonMapper.shared().createObjectNode();
            root.put("healthy", healthy());
            var found = root.putArray("checks");
            for (Finding finding : findings) {
                found.addObject()
                        .put("subject", finding.subject())
                        .put("grade", finding.severity().word())
                        .put("text", finding.text())
                        .put("fix", finding.fix());
            }
            return root.toString();
        }
    }

    /**
     * @param environment the variables of the user's shell
     */
    public Doctor(Settings settings, Map<String, String> environment) {
        List<Registration> registrations =
                Arrays.stream(ClientFile.values())
                        .map(client -> new Registration(client, environment))
                        .toList();
        ClaudeCheck claude = new ClaudeCheck(settings.claude(), environment);
        StateCheck state = new StateCheck(settings.stateDirectory(), StateCheck::room);
        add("runtime", Doctor::runtime);
        add("start-up cache", StartCache::check);
        add("settings", settings::check);
        add("claude", claude::command);
        add("sign-in", claude::signIn);
        add("adviser", claude::adviser);
        add("state", state::directory);
        add("index", state::index);
        add("original", state::original);
        for (Registration registration : registrations) {
            add(
                    registration.client().toString(),
                    new ClientCheck(registration, registrations, settings, environment)::check);
        }
        DesktopView desktop = DesktopView.of(environment);
        add("desktop", found -> desktop.check(found, claude, registrations));
    }

    private void add(String subject, Work work) {
        checks.add(new Check(subject, work));
    }

    public Report check() {
        return new Report(checks.stream().flatMap(check -> findings(check).stream()).toList());
    }

    /** A check that fails must not stop the others. */
    private static List<Finding> findings(Check check) {
        Finding.Collector found = new Finding.Collector(check.subject());
        try {
            check.work().check(found);
            return found.all();
        } catch (IOException | RuntimeException e) {
            Finding.Collector failed = new Finding.Collector(check.subject());
            failed.error(
                    "cannot be checked: " + Finding.reason(e), "look for anything unusual there");
            return failed.all();
        }
    }

    private static void runtime(Finding.Collector found) {
        found.ok("Java %s in %s".formatted(Runtime.version(), System.getProperty("java.home")));
    }
}
