package phoneopus.job;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** Degraded where the next consult would be refused for want of room. */
@Component
@ConditionalOnWebApplication
class DispatchHealthIndicator implements HealthIndicator {
    private final JobHealth jobs;

    DispatchHealthIndicator(JobHealth jobs) {
        this.jobs = jobs;
    }

    @Override
    public Health health() {
        return jobs.workload().map(this::of).orElseGet(() -> Health.down().build());
    }

    private Health of(JobHealth.Workload now) {
        boolean full =
                now.running() >= jobs.maxConcurrent() && now.queued() >= jobs.queueCapacity();
        return Health.status(full ? StoreHealthIndicator.DEGRADED : Status.UP)
                .withDetail("running", now.running())
                .withDetail("max_concurrent", jobs.maxConcurrent())
                .withDetail("queued", now.queued())
                .withDetail("queue_capacity", jobs.queueCapacity())
                .build();
    }
}
