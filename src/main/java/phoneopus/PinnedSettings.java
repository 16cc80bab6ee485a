package phoneopus;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Settings of the framework that no setting may change. A shell often has variables for the user's
 * own application, which uses the same framework and the same names.
 */
final class PinnedSettings
        implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
    private static final List<String> FRAMEWORK = List.of("spring", "server", "management");

    /** Names that the framework and many other programs use. */
    private static final List<String> LOUD = List.of("debug", "trace");

    private final Map<String, Object> pinned = new HashMap<>();

    /**
     * @param profile selects the settings of this kind of process
     */
    PinnedSettings(String profile) {
        boolean http = profile.equals("http");
        pinned.put("spring.profiles.active", profile);
        pinned.put("spring.profiles.include", "");
        pinned.put("spring.main.web-application-type", http ? "servlet" : "none");
        pinned.put("spring.ai.mcp.server.enabled", !profile.equals("terminal"));
        pinned.put("spring.ai.mcp.server.stdio", profile.equals("stdio"));
        pinned.put("spring.ai.mcp.server.protocol", http ? "STREAMABLE" : "SSE");
        pinned.put("spring.ai.mcp.server.type", "SYNC");
    }

    /** Runs before anything else reads the environment. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        MutablePropertySources sources = event.getEnvironment().getPropertySources();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        sources.replace(name, new SystemEnvironmentPropertySource(name, ours(System.getenv())));
        sources.addFirst(new MapPropertySource("pinned", pinned));
    }

    static Map<String, Object> ours(Map<String, String> environment) {
        Map<String, Object> ours = new HashMap<>();
        environment.forEach((name, value) -> {
            if (!isOfTheFramework(name.toLowerCase(Locale.ROOT))) {
                ours.put(name, value);
            }
        });
        return ours;
    }

    private static boolean isOfTheFramework(String name) {
        if (LOUD.contains(name)) {
            return true;
        }
        for (String beginning : FRAMEWORK) {
            if (name.startsWith(beginning + "_") || name.startsWith(beginning + ".")) {
                return true;
            }
        }
        return false;
    }
}
