package phoneopus.claude;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The server's environment → the adviser's. An allow-list: whatever else the server's environment
 * holds (keys of other services, the marks of a surrounding Claude session) stays out.
 */
final class ChildEnvironment {
    private static final Set<String> ALLOWED =
            Set.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "TERM",
                    "TZ",
                    "USER",
                    "LOGNAME",
                    "SHELL",
                    "TMPDIR",
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
                    "CLAUDE_CONFIG_DIR",
                    "CLAUDE_CODE_OAUTH_TOKEN",
                    "CLAUDE_CODE_USE_BEDROCK",
                    "CLAUDE_CODE_USE_VERTEX",
                    "CLOUD_ML_REGION");

    private static final List<String> ALLOWED_PREFIXES =
            List.of("LC_", "XDG_", "ANTHROPIC_", "AWS_", "GOOGLE_");

    /**
     * Set by us. Ten retries, the command's default, make a wrong key a wait of three minutes; a
     * repository's own git configuration names programs that a harmless {@code git status} runs.
     */
    static final Map<String, String> GUARDS =
            Map.of(
                    "CLAUDE_CODE_DISABLE_FILE_MENTIONS", "1",
                    "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1",
                    "DISABLE_AUTOUPDATER", "1",
                    "CLAUDE_CODE_MAX_RETRIES", "3",
                    "GIT_CONFIG_COUNT", "1",
                    "GIT_CONFIG_KEY_0", "core.fsmonitor",
                    "GIT_CONFIG_VALUE_0", "false");

    private ChildEnvironment() {}

    /**
     * @param additions {@code NAME} passes a variable through, {@code NAME=value} sets one
     */
    static Map<String, String> of(Map<String, String> server, List<String> additions) {
        Map<String, String> child = new TreeMap<>();
        server.forEach((name, value) -> {
            if (ALLOWED.contains(name) || ALLOWED_PREFIXES.stream().anyMatch(name::startsWith)) {
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
        return child;
    }
}
