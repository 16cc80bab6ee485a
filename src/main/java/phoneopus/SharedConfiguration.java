package phoneopus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelcontextprotocol.server.McpSyncServer;
import java.time.Clock;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import phoneopus.http.HttpProperties;

/** Beans that belong to no module, and replacements for the framework's. */
@Configuration(proxyBeanMethods = false)
class SharedConfiguration {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(name = EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
    static SettingsValidator settingsValidator(Environment environment) {
        return new SettingsValidator(environment);
    }

    /** Keeps the metrics in memory where nobody scrapes them. */
    @Bean
    @ConditionalOnNotWebApplication
    MeterRegistry meters() {
        return new SimpleMeterRegistry();
    }

    /**
     * Our beans are created at start: otherwise an invalid setting would be noticed only at its
     * first use. Over stdio, those of the HTTP server have no settings.
     */
    @Bean
    static LazyInitializationExcludeFilter ours() {
        return (_, _, type) ->
                type == McpSyncServer.class
                        || (type.getName().startsWith("phoneopus.")
                                && type != HttpProperties.class);
    }
}
