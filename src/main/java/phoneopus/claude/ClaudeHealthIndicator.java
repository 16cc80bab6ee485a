package phoneopus.claude;

import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down if there is no {@code claude} command, since no consult can be started. */
@Component
@ConditionalOnWebApplication
class ClaudeHealthIndicator implements HealthIndicator {
    private final ClaudeInstallation installation;

    ClaudeHealthIndicator(ClaudeInstallation installation) {
        this.installation = installation;
    }

    @Override
    public Health health() {
        return installation
                .find(Duration.ZERO)
                .map(found ->
                        Health.up()
                                .withDetail("binary", found.binary().toString())
                                .withDetail("version", found.version())
                                .build())
                .orElseGet(() -> Health.down().withDetail("binary", "not found").build());
    }
}
