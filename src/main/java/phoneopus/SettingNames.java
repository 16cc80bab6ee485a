package phoneopus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import phoneopus.mcp.Misspelling;

/**
 * The names of all settings. A misspelt name is reported: silently ignored, it would leave its user
 * waiting for an effect.
 */
final class SettingNames {
    static final List<String> ALL =
            List.of(
                    "claude.binary",
                    "claude.effort",
                    "claude.environment",
                    "claude.extra-arguments",
                    "claude.model",
                    "claude.models",
                    "claude.permission-mode",
                    "claude.restricted",
                    "claude.tools",
                    "consult.allowed-roots",
                    "consult.max-concurrent",
                    "consult.max-prompt-size",
                    "consult.max-response-chars",
                    "consult.patience",
                    "consult.patience-by-client",
                    "consult.prefix",
                    "consult.queue-capacity",
                    "consult.stall-timeout",
                    "consult.result-grace",
                    "consult.timeout",
                    "http.address",
                    "http.allowed-hosts",
                    "http.allowed-origins",
                    "http.i-trust-callers",
                    "http.keys-file",
                    "http.max-body",
                    "http.max-concurrent-per-key",
                    "http.max-sessions",
                    "http.port",
                    "http.session-idle",
                    "jobs.keep",
                    "jobs.keep-at-least",
                    "state-dir",
                    "stdio.idle");

    static final String PREFIX = "phone-opus.";

    private static final String VARIABLE_PREFIX = "PHONE_OPUS_";

    /** Names used by the launcher. */
    private static final List<String> OTHERS = List.of("java-opts", "warm", "home");

    /** Any name may follow it. */
    private static final String BY_CLIENT = Misspelling.letters("consult.patience-by-client");

    private static final Pattern INDEX = Pattern.compile("(?:_\\d+_?|\\[\\d+])$");

    /** The largest edit distance at which another name is suggested. */
    private static final int MOST_WRONG = 3;

    private SettingNames() {}

    /**
     * A name that does not exist.
     *
     * @param given the name as the user wrote it
     * @param nearest the suggested name, in the same notation; null if none is close
     */
    record Unknown(String given, @Nullable String nearest) {
        String sentence() {
            return "Setting %s does not exist and is ignored%s"
                    .formatted(given, nearest == null ? "." : ": did you mean " + nearest + "?");
        }

        String fix() {
            return nearest == null
                    ? "remove it; docs/configuration.md lists all settings"
                    : "rename it to " + nearest;
        }
    }

    /** Names that are set in any source but do not exist. */
    static List<Unknown> unknown(ConfigurableEnvironment environment) {
        List<Unknown> unknown = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> names) {
                boolean variables =
                        source.getName()
                                .equals(
                                        StandardEnvironment
                                                .SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
                for (String name : names.getPropertyNames()) {
                    Unknown one = variables ? variable(name) : property(name);
                    if (one != null) {
                        unknown.add(one);
                    }
                }
            }
        }
        return unknown;
    }

    private static @Nullable Unknown variable(String name) {
        if (!name.startsWith(VARIABLE_PREFIX)) {
            return null;
        }
        String own = name.substring(VARIABLE_PREFIX.length());
        if (isKnown(own)) {
            return null;
        }
        String nearest = nearest(own);
        return new Unknown(
                name,
                nearest == null
                        ? null
                        : VARIABLE_PREFIX
                                + nearest.toUpperCase(Locale.ROOT)
                                        .replace('.', '_')
                                        .replace('-', '_'));
    }

    private static @Nullable Unknown property(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        String own = name.substring(PREFIX.length());
        if (isKnown(own)) {
            return null;
        }
        String nearest = nearest(own);
        return new Unknown(name, nearest == null ? null : PREFIX + nearest);
    }

    private static boolean isKnown(String name) {
        String letters = Misspelling.letters(INDEX.matcher(name).replaceFirst(""));
        if (letters.startsWith(BY_CLIENT)) {
            return true;
        }
        for (String known : ALL) {
            if (Misspelling.letters(known).equals(letters)) {
                return true;
            }
        }
        for (String known : OTHERS) {
            if (Misspelling.letters(known).equals(letters)) {
                return true;
            }
        }
        return false;
    }

    /** Turns a component's name into a setting's name. */
    static String kebab(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String nearest(String name) {
        return Misspelling.nearest(name, ALL, _ -> MOST_WRONG).stream().findFirst().orElse(null);
    }
}
