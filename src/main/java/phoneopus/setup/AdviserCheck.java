package phoneopus.setup;

import java.util.List;
import java.util.Set;
import phoneopus.claude.ClaudeProperties;

/** What the adviser may do. */
record AdviserCheck(ClaudeProperties properties) implements Check {
    private static final Set<String> ALLOW_EDITS = Set.of("bypassPermissions", "acceptEdits");

    @Override
    public String subject() {
        return "adviser";
    }

    @Override
    public List<Finding> look() {
        String may =
                "tools %s; permission mode %s; %s"
                        .formatted(
                                String.join(",", properties.tools()),
                                properties.permissionMode(),
                                properties.restricted() ? "restricted" : "not restricted");
        if (!properties.readOnly()) {
            return List.of(
                    Finding.warn(
                            subject(),
                            may + ": it may change files",
                            "leave the editing tools out of phone-opus.claude.tools"));
        }
        if (ALLOW_EDITS.contains(properties.permissionMode())) {
            return List.of(
                    Finding.warn(
                            subject(),
                            may + ": nothing is asked before it runs a command",
                            "set phone-opus.claude.permission-mode to dontAsk"));
        }
        return List.of(Finding.ok(subject(), may));
    }
}
