package phoneopus.job;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** Degraded while the books are opened, or somebody else has them: consults run all the same. */
@Component
@ConditionalOnWebApplication
class StoreHealthIndicator implements HealthIndicator {
    static final Status DEGRADED = new Status("DEGRADED");

    private final JobHealth jobs;

    StoreHealthIndicator(JobHealth jobs) {
        this.jobs = jobs;
    }

    @Override
    public Health health() {
        return switch (jobs.store()) {
            case OPEN -> Health.up().build();
            case OPENING -> Health.status(DEGRADED).withDetail("books", "not open").build();
            case UNAVAILABLE -> Health.down().withDetail("directory", "not readable").build();
        };
    }
}
