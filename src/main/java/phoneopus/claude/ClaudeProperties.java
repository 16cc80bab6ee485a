package phoneopus.claude;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the adviser is run.
 *
 * @param binary path of the {@code claude} command; absent: on the PATH, else in its usual install
 *     places
 * @param model model of a consult that names none
 * @param models models that a consult may name
 * @param effort effort of a consult that names none
 * @param tools tools that exist for the adviser
 * @param permissionMode what happens to a tool call that would need approval
 * @param restricted true: no shell, no web, files only below the consult's directory
 * @param environment further variables for the command: {@code NAME} passes one through, {@code
 *     NAME=value} sets one
 * @param extraArguments further arguments for the command
 */
@ConfigurationProperties("phone-opus.claude")
public record ClaudeProperties(
        @Nullable String binary,
        @DefaultValue("opus") @Pattern(regexp = NAME, message = "must be a model's name") String model,
        @DefaultValue({"opus", "sonnet", "haiku"}) @NotEmpty List<@Pattern(regexp = NAME, message = "must be a model's name") String> models,
        @DefaultValue("max") Effort effort,
        @DefaultValue({"Bash", "Read", "Grep", "Glob", "WebFetch", "WebSearch"})
                List<
                                @Pattern(
                                        regexp = "[A-Za-z][^,\\s]*",
                                        message = "must be a tool's name")
                                String>
                        tools,
        @DefaultValue("dontAsk") @Pattern(regexp = NAME, message = "must be a permission mode") String permissionMode,
        @DefaultValue("false") boolean restricted,
        @DefaultValue
                List<
                                @Pattern(
                                        regexp = "[A-Za-z_][A-Za-z0-9_]*(=.*)?",
                                        message = "must be NAME or NAME=value")
                                String>
                        environment,
        @DefaultValue List<String> extraArguments) {

    /** No leading dash: a name must never be read as a flag. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]*";

    private static final Set<String> EDITING_TOOLS =
            Set.of("Edit", "Write", "NotebookEdit", "MultiEdit");

    private static final java.util.regex.Pattern EDITING_TOOL =
            java.util.regex.Pattern.compile(
                    "(?<!\\w)(?:" + String.join("|", EDITING_TOOLS) + ")(?!\\w)");

    /** Whether a text has the name of a tool that changes files in it, as a word. */
    public static boolean namesEditingTool(String text) {
        return EDITING_TOOL.matcher(text).find();
    }

    /** Whether no tool of the adviser changes files. */
    public boolean readOnly() {
        return tools.stream()
                .map(tool -> tool.replaceFirst("\\(.*", ""))
                .noneMatch(EDITING_TOOLS::contains);
    }

    /** The same, with the command wherever it is. */
    public ClaudeProperties withoutBinary() {
        return new ClaudeProperties(
                null,
                model,
                models,
                effort,
                tools,
                permissionMode,
                restricted,
                environment,
                extraArguments);
    }
}
