package phoneopus;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Which auto-configurations are left out, all in one place. What watches over an HTTP server, or
 * guards it, no other process needs: a stdio server lives beside each client and is to start
 * quickly.
 */
@Order(Ordered.HIGHEST_PRECEDENCE) // Before the one that looks for their classes.
final class AutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {
    /** Nothing here uses these. */
    private static final List<String> UNUSED =
            List.of(
                    "AopAutoConfiguration",
                    "JdbcClientAutoConfiguration",
                    "McpServerAnnotationScannerAutoConfiguration",
                    "McpServerSpecificationFactoryAutoConfiguration",
                    "PersistenceExceptionTranslationAutoConfiguration",
                    "ToolCallbackConverterAutoConfiguration",
                    "TransactionAutoConfiguration");

    private static final List<String> ONLY_OVER_HTTP =
            List.of(
                    "ApplicationAvailabilityAutoConfiguration",
                    "HttpMessageConvertersAutoConfiguration",
                    "JacksonAutoConfiguration",
                    "ProjectInfoAutoConfiguration",
                    "PropertyPlaceholderAutoConfiguration",
                    "SslAutoConfiguration",
                    "TaskExecutionAutoConfiguration",
                    "ValidationAutoConfiguration");

    /** Packages of those that are as well only for HTTP, of whichever library. */
    private static final Pattern WATCHES_HTTP =
            Pattern.compile("\\.(actuate|health|metrics|observation|security)\\.");

    private boolean http;

    @Override
    public void setEnvironment(Environment environment) {
        http = "servlet".equals(environment.getProperty("spring.main.web-application-type"));
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        boolean[] wanted = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            wanted[i] = name == null || isWanted(name);
        }
        return wanted;
    }

    private boolean isWanted(String name) {
        String type = name.substring(name.lastIndexOf('.') + 1);
        return !UNUSED.contains(type)
                && (http || !(ONLY_OVER_HTTP.contains(type) || WATCHES_HTTP.matcher(name).find()));
    }
}
