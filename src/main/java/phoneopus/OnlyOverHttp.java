package phoneopus;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Keeps what watches over an HTTP server, or guards it, out of every other process: a stdio server
 * lives beside each client and is to start quickly.
 */
@Order(Ordered.HIGHEST_PRECEDENCE) // Before the one that looks for their classes.
final class OnlyOverHttp implements AutoConfigurationImportFilter, EnvironmentAware {
    private static final List<String> PARTS =
            List.of(".actuate.", ".health.", ".metrics.", ".observation.", ".security.");

    private boolean http;

    @Override
    public void setEnvironment(Environment environment) {
        http = "servlet".equals(environment.getProperty("spring.main.web-application-type"));
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean[] wanted = new boolean[configurations.length];
        IntStream.range(0, wanted.length)
                .forEach(i -> {
                    String name = configurations[i];
                    wanted[i] = http || name == null || PARTS.stream().noneMatch(name::contains);
                });
        return wanted;
    }
}
