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
 * @param binary path of the {@code claude} command; if absent, searched on the PATH, then in the
 *     standard locations
 * @param model the model of a consult that names none
 * @param models the models a consult may name
 * @param effort the effort of a consult that names none
 * @param tools the adviser's tools
 * @param permissionMode what happens to a tool call that would need approval
 * @param restricted true: no shell, no web, files only below the consult's directory
 * @param environment further variables for the command: {@code NAME} passes one through, {@code
 *     NAME=value} sets one
 * @param extraArguments further arguments for the command
 */
@ConfigurationProperties("phone-opus.claude")
public record ClaudeProperties(
        @Nullable String binary,
        @DefaultValue("opus") @Pattern(regexp = NAME, message = "must be a model name") String model,
        @DefaultValue({"opus", "sonnet", "haiku", "fable"}) @NotEmpty List<@Pattern(regexp = NAME, message = "must be a model name") String> models,
        @DefaultValue("max") Effort effort,
        @DefaultValue({"Bash", "Read", "Grep", "Glob", "WebFetch", "WebSearch"})
                List<@Pattern(regexp = "[A-Za-z][^,\\s]*", message = "must be a tool name") String>
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

    /** Without a leading dash, so that a name is never read as a flag. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]*";

    private static final Set<String> EDITING_TOOLS =
            Set.of("Edit", "Write", "NotebookEdit", "MultiEdit");

    private static final java.util.regex.Pattern EDITING_TOOL =
            java.util.regex.Pattern.compile(
                    "(?<!\\w)(?:" + String.join("|", EDITING_TOOLS) + ")(?!\\w)");

    /** Whether a text contains the name of a tool that changes files, as a word. */
    public static boolean namesEditingTool(String text) {
        return EDITING_TOOL.matcher(text).find();
    }

    /** Whether none of the adviser's tools changes files. */
    public boolean readOnly() {
        return tools.stream()
                .map(tool -> tool.replaceFirst("\\(.*", ""))
                .noneMatch(EDITING_TOOLS::contains);
    }

    /** The same settings without {@code binary}. */
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
