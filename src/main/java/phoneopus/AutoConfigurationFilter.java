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
 * Leaves out auto-configurations; the only list of them. Monitoring and security are needed only
 * over HTTP: a stdio server runs beside each client and has to start fast.
 */
@Order(Ordered.HIGHEST_PRECEDENCE) // Before the filter that looks up their classes.
final class AutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {
    /** Auto-configurations that phone-opus does not use. */
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

    /** Packages of those that only HTTP needs, of any library. */
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
