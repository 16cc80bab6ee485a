package phoneopus;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Settings on the command line: those that are taken, and those of the framework that are not. */
final class SettingArguments {
    private static final String OPTION = "--";

    /** By the names they have without dashes, which may be left out. */
    private static final List<String> DECIDED =
            List.of("spring.profiles.", "spring.config.", "spring.ai.mcp.server.");

    private static final List<String> OTHERS = List.of("server.", "management.");

    private SettingArguments() {}

    static boolean isSetting(String argument) {
        return argument.startsWith("--phone-opus.")
                || argument.startsWith("--spring.")
                || argument.startsWith("--logging.");
    }

    /** Whether it would be a setting of the framework, and is none of ours. */
    static boolean isForeign(String argument) {
        return argument.startsWith(OPTION) && startsWithOneOf(name(argument), OTHERS);
    }

    /** Why the first that cannot be taken is not; null where all can. */
    static @Nullable String refusal(String[] arguments) {
        for (String argument : arguments) {
            if (argument.equals(OPTION)) {
                return null;
            }
            if (isForeign(argument)) {
                return "%s is no setting of phone-opus: where it listens is --phone-opus.http.address and --phone-opus.http.port, and docs/configuration.md lists the others."
                        .formatted(option(argument));
            }
            if (isSetting(argument)
                    && (startsWithOneOf(name(argument), DECIDED)
                            || name(argument).equals("spring.main.webapplicationtype"))) {
                return "%s cannot be set, since phone-opus decides it: leave it out."
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

    /** As the framework compares names. */
    private static String name(String argument) {
        return option(argument)
                .substring(OPTION.length())
                .toLowerCase(Locale.ROOT)
                .replace("-", "")
                .replace("_", "");
    }
}
