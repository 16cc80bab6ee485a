package phoneopus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelcontextprotocol.server.McpSyncServer;
import java.time.Clock;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import phoneopus.http.HttpProperties;

/** What belongs to no module, and what the framework brings that we want otherwise. */
@Configuration(proxyBeanMethods = false)
class SharedConfiguration {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(name = EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
    static LazyValidator givenSettings(Environment environment) {
        return new LazyValidator(environment);
    }

    @Bean
    @ConditionalOnNotWebApplication
    MessageSource messageSource() {
        return new NoMessages();
    }

    /** Where nobody scrapes them, the metrics are only kept. */
    @Bean
    @ConditionalOnNotWebApplication
    MeterRegistry meters() {
        return new SimpleMeterRegistry();
    }

    /**
     * What is ours is there at start, or a wrong setting would only be noticed at its first use;
     * those of the HTTP server have none over stdio.
     */
    @Bean
    static LazyInitializationExcludeFilter ours() {
        return (_, _, type) ->
                type == McpSyncServer.class
                        || (type.getName().startsWith("phoneopus.")
                                && type != HttpProperties.class);
    }
}
