package phoneopus.claude;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Derives the adviser's environment from the server's by an allow-list. Everything else (keys of
 * other services, variables of a surrounding Claude session) is not passed on.
 */
final class ChildEnvironment {
    /** What any command needs. */
    private static final Set<String> SURROUNDINGS =
            Set.of("PATH", "HOME", "LANG", "TERM", "TZ", "USER", "LOGNAME", "SHELL", "TMPDIR");

    /** Access to the service: proxies and certificates. */
    private static final Set<String> NETWORK =
            Set.of(
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY",
                    "ALL_PROXY",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy",
                    "all_proxy",
                    "SSL_CERT_FILE",
                    "SSL_CERT_DIR",
                    "NODE_EXTRA_CA_CERTS",
                    "REQUESTS_CA_BUNDLE",
                    "CURL_CA_BUNDLE",
                    "GIT_SSL_CAINFO",
                    "CLAUDE_CODE_CERT_STORE",
                    "CLAUDE_CODE_CLIENT_CERT",
                    "CLAUDE_CODE_CLIENT_KEY",
                    "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
                    "CLAUDE_CODE_PROXY_RESOLVES_HOSTS",
                    "CLAUDE_CODE_GZIP_REQUEST_BODIES",
                    "API_TIMEOUT_MS",
                    "API_FORCE_IDLE_TIMEOUT",
                    "CLAUDE_STREAM_IDLE_TIMEOUT_MS",
                    "CLAUDE_STREAM_FIRST_BYTE_TIMEOUT_MS",
                    "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS",
                    "CLAUDE_ENABLE_STREAM_WATCHDOG",
                    "CLAUDE_ENABLE_BYTE_WATCHDOG",
                    "CLAUDE_ENABLE_BYTE_WATCHDOG_BEDROCK",
                    "CLAUDE_CODE_NONSTREAMING_TIMEOUT_RETRIES",
                    "CLAUDE_CODE_OVERLOADED_RETRY_BASE_DELAY_MS");

    /** The user's account and provider. */
    private static final Set<String> ACCOUNT =
            Set.of(
                    "CLAUDE_CONFIG_DIR",
                    "CLAUDE_CODE_OAUTH_TOKEN",
                    "CLAUDE_CODE_API_KEY_HELPER_TTL_MS",
                    "CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS",
                    "CLAUDE_CODE_DISABLE_AUTH_REFRESH_LOCK",
                    "CLAUDE_CODE_SKIP_AWS_CRED_CACHE",
                    "CLAUDE_CODE_SKIP_MODEL_ACCESS_MEMORY",
                    "CLOUD_ML_REGION",
                    "GCLOUD_PROJECT",
                    "IDENTITY_ENDPOINT",
                    "IDENTITY_HEADER");

    /** What a gateway, provider or model needs or does not support. */
    private static final Set<String> MODEL =
            Set.of(
                    "CLAUDE_CODE_ALWAYS_ENABLE_EFFORT",
                    "CLAUDE_CODE_ATTRIBUTION_HEADER",
                    "CLAUDE_CODE_GATEWAY_HINT_HEADERS",
                    "CLAUDE_CODE_DISABLE_1M_CONTEXT",
                    "CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING",
                    "CLAUDE_CODE_DISABLE_BEDROCK_CONTENT_TYPE_DEFAULT",
                    "CLAUDE_CODE_DISABLE_BEDROCK_CONTENT_TYPE_GUARD",
                    "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS",
                    "CLAUDE_CODE_DISABLE_LEGACY_MODEL_REMAP",
                    "CLAUDE_CODE_DISABLE_MODEL_ACCESS_FALLBACK",
                    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK",
                    "CLAUDE_CODE_DISABLE_STRUCTURED_OUTPUTS",
                    "CLAUDE_CODE_DISABLE_THINKING",
                    "CLAUDE_CODE_DISABLE_UNKNOWN_MODEL_WINDOW_ENFORCEMENT",
                    "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
                    "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
                    "CLAUDE_CODE_PROMPT_CACHE_TTL",
                    "DISABLE_INTERLEAVED_THINKING",
                    "ENABLE_PROMPT_CACHING_1H",
                    "FORCE_PROMPT_CACHING_5M",
                    "MAX_THINKING_TOKENS");

    /** What makes the command quieter or disables a feature. */
    private static final Set<String> LESS =
            Set.of(
                    "CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY",
                    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                    "CLAUDE_CODE_DISABLE_WEB_FETCH",
                    "CLAUDE_CODE_SUBPROCESS_ENV_SCRUB",
                    "CLAUDE_CODE_TOOL_MEMORY_LIMIT",
                    "DISABLE_COST_WARNINGS",
                    "DISABLE_ERROR_REPORTING",
                    "DISABLE_FEEDBACK_COMMAND",
                    "DISABLE_GROWTHBOOK",
                    "DISABLE_TELEMETRY",
                    "DISABLE_UPDATES",
                    "DO_NOT_TRACK");

    /** Replacements for programs the command bundles. */
    private static final Set<String> MACHINE =
            Set.of(
                    "CLAUDE_CODE_TMPDIR",
                    "CLAUDE_CODE_USE_NATIVE_FILE_SEARCH",
                    "USE_BUILTIN_RIPGREP");

    /**
     * These documented variables are deliberately not passed on: variables of a surrounding session
     * (CLAUDECODE, CLAUDE_CODE_SESSION_ID and the like); those that load code (NODE_OPTIONS,
     * CLAUDE_ENV_FILE, CLAUDE_CODE_SHELL_PREFIX, CLAUDE_CODE_PROCESS_WRAPPER, CLAUDE_CODE_PLUGIN_…)
     * or extend tools and requests (CLAUDE_CODE_USE_POWERSHELL_TOOL, CLAUDE_CODE_EXTRA_BODY, the
     * switches of single safety checks); those that override a consult's arguments
     * (CLAUDE_CODE_EFFORT_LEVEL, CLAUDE_CODE_MAX_TURNS, CLAUDE_CODE_SIMPLE); those that prevent
     * resuming a session (CLAUDE_CODE_SKIP_PROMPT_HISTORY); and OTEL_…, which would send prompts
     * elsewhere.
     */
    private static final List<Set<String>> ALLOWED =
            List.of(SURROUNDINGS, NETWORK, ACCOUNT, MODEL, LESS, MACHINE);

    private static final List<String> ALLOWED_PREFIXES =
            List.of(
                    "LC_",
                    "XDG_",
                    "ANTHROPIC_",
                    "AWS_",
                    "AZURE_",
                    "CLOUDSDK_",
                    "GOOGLE_",
                    "VERTEX_REGION_",
                    "DISABLE_PROMPT_CACHING");

    /** {@code CLAUDE_CODE_USE_BEDROCK}, {@code CLAUDE_CODE_SKIP_VERTEX_AUTH} and the like. */
    private static final Pattern PROVIDER =
            Pattern.compile(
                    "CLAUDE_CODE_(USE_%1$s|SKIP_%1$s_AUTH)"
                            .formatted(
                                    "(ANTHROPIC_AWS|ANTHROPIC_GOOGLE_CLOUD|BEDROCK|FOUNDRY|MANTLE|VERTEX)"));

    /** Where the user keeps files; the other {@code XDG_} variables are those of a session. */
    private static final Set<String> FOLDERS =
            Set.of("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME");

    private static final String PATH = "PATH";
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    /**
     * Variables we set. With the command's default of ten retries, a wrong key would take three
     * minutes to fail.
     */
    static final Map<String, String> GUARDS =
            Map.of(
                    "CLAUDE_CODE_DISABLE_FILE_MENTIONS", "1",
                    "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1",
                    "DISABLE_AUTOUPDATER", "1",
                    "CLAUDE_CODE_MAX_RETRIES", "3");

    private ChildEnvironment() {}

    /**
     * @param additions {@code NAME} passes a variable through, {@code NAME=value} sets one
     */
    static Map<String, String> of(Map<String, String> server, List<String> additions) {
        return of(server, additions, List.of());
    }

    /**
     * @param companions folders to append to the PATH
     */
    static Map<String, String> of(
            Map<String, String> server, List<String> additions, List<Path> companions) {
        Map<String, String> child = new TreeMap<>();
        server.forEach((name, value) -> {
            if (allowed(name)) {
                child.put(name, value);
            }
        });
        child.putAll(GUARDS);
        for (String addition : additions) {
            int equals = addition.indexOf('=');
            if (equals > 0) {
                child.put(addition.substring(0, equals), addition.substring(equals + 1));
            } else if (server.containsKey(addition)) {
                child.put(addition, server.get(addition));
            }
        }
        if (child.containsKey(PATH) || !companions.isEmpty()) {
            child.put(PATH, path(child.getOrDefault(PATH, ""), companions));
        }
        return child;
    }

    /** The variables that decide who pays and who answers: account, provider, model and proxies. */
    static SortedMap<String, String> ofAccount(Map<String, String> child) {
        SortedMap<String, String> account = new TreeMap<>(child);
        account.keySet().removeAll(GUARDS.keySet());
        account.keySet().removeIf(ChildEnvironment::ofTheMachine);
        return account;
    }

    /** The names of the server's own variables in a child's environment that few programs have. */
    static NavigableSet<String> special(Map<String, String> server, List<String> additions) {
        NavigableSet<String> names = new TreeSet<>(of(server, additions).keySet());
        names.retainAll(server.keySet());
        names.removeAll(SURROUNDINGS);
        names.removeIf(name ->
                name.startsWith("LC_") || (name.startsWith("XDG_") && !FOLDERS.contains(name)));
        return names;
    }

    private static boolean ofTheMachine(String name) {
        return (SURROUNDINGS.contains(name) && !name.equals("HOME"))
                || LESS.contains(name)
                || MACHINE.contains(name)
                || name.startsWith("LC_")
                || name.startsWith("XDG_");
    }

    /**
     * The absolute entries of a PATH. The command runs in a repository, where a relative or empty
     * entry would mean the repository's own programs.
     */
    static List<String> absoluteEntries(String path) {
        return Arrays.stream(path.split(":", -1)).filter(entry -> entry.startsWith("/")).toList();
    }

    private static String path(String given, List<Path> companions) {
        Set<String> entries = new LinkedHashSet<>(absoluteEntries(given));
        if (entries.isEmpty()) {
            entries.addAll(absoluteEntries(USUAL_PATH));
        }
        companions.forEach(folder -> entries.add(folder.toString()));
        return String.join(":", entries);
    }

    private static boolean allowed(String name) {
        return ALLOWED.stream().anyMatch(names -> names.contains(name))
                || ALLOWED_PREFIXES.stream().anyMatch(name::startsWith)
                || PROVIDER.matcher(name).matches();
    }
}
