package phoneopus.setup;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All that was found. */
public record Examination(List<Finding> findings) {

    /** Whether nothing keeps a consult from working. */
    public boolean healthy() {
        return findings.stream().noneMatch(finding -> finding.grade() == Severity.MISS);
    }

    /** A line for each, and one below it for what to do. */
    public String text() {
        return findings.stream().map(Examination::lines).collect(Collectors.joining("\n"));
    }

    /** The same as one JSON object. */
    public String json() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("healthy", healthy());
        var checks = root.putArray("checks");
        for (Finding finding : findings) {
            ObjectNode check = checks.addObject();
            check.put("subject", finding.subject());
            check.put("grade", finding.grade().word());
            check.put("text", finding.text());
            check.put("mend", finding.mend());
        }
        return root.toString();
    }

    private static String lines(Finding finding) {
        String line =
                "%-4s  %-14s  %s"
                        .formatted(finding.grade().word(), finding.subject(), finding.text());
        return finding.mend() == null ? line : line + "\n" + " ".repeat(22) + "→ " + finding.mend();
    }
}
