package phoneopus;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Settings on the command line: which are accepted, and which of the framework's are not. */
final class SettingArguments {
    private static final String OPTION = "--";

    /** Names without dashes, since the framework ignores them. */
    private static final List<String> DECIDED =
            List.of("spring.profiles.", "spring.config.", "spring.ai.mcp.server.");

    private static final List<String> OTHERS = List.of("server.", "management.");

    private SettingArguments() {}

    static boolean isSetting(String argument) {
        return argument.startsWith("--phone-opus.")
                || argument.startsWith("--spring.")
                || argument.startsWith("--logging.");
    }

    /** Whether the argument looks like a setting of the framework but is not one of ours. */
    static boolean isForeign(String argument) {
        return argument.startsWith(OPTION) && startsWithOneOf(name(argument), OTHERS);
    }

    /** The message for the first argument that is not accepted; null if all are. */
    static @Nullable String refusal(String[] arguments) {
        for (String argument : arguments) {
            if (argument.equals(OPTION)) {
                return null;
            }
            if (isForeign(argument)) {
                return "%s is not a setting of phone-opus. To change where it listens, use --phone-opus.http.address and --phone-opus.http.port; docs/configuration.md lists all settings."
                        .formatted(option(argument));
            }
            if (isSetting(argument)
                    && (startsWithOneOf(name(argument), DECIDED)
                            || name(argument).equals("spring.main.webapplicationtype"))) {
                return "%s cannot be set: phone-opus decides it. Remove it."
                        .formatted(option(argument));
            }
        }
        return null;
    }

    private static boolean startsWithOneOf(String name, List<String> beginnings) {
        for (String beginning : beginnings) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    private static String option(String argument) {
        int end = argument.indexOf('=');
        return end < 0 ? argument : argument.substring(0, end);
    }

    /** The form in which the framework compares names. */
    private static String name(String argument) {
        return option(argument)
                .substring(OPTION.length())
                .toLowerCase(Locale.ROOT)
                .replace("-", "")
                .replace("_", "");
    }
}
