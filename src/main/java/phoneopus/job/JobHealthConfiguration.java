package phoneopus.job;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import phoneopus.spool.StateDirectory;

/** The health indicators of consults and of their store. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class JobHealthConfiguration {
    static final Status DEGRADED = new Status("DEGRADED");

    /** The free space in the state directory below which no consult is accepted. */
    private static final DataSize LEAST_SPACE = DataSize.ofMegabytes(100);

    /** Degraded if the next consult would be refused because the queue is full. */
    @Bean
    static HealthIndicator dispatchHealthIndicator(JobHealth jobs) {
        return () ->
                jobs.workload()
                        .map(now -> {
                            boolean full =
                                    now.running() >= jobs.maxConcurrent()
                                            && now.queued() >= jobs.queueCapacity();
                            return Health.status(full ? DEGRADED : Status.UP)
                                    .withDetail("running", now.running())
                                    .withDetail("max_concurrent", jobs.maxConcurrent())
                                    .withDetail("queued", now.queued())
                                    .withDetail("queue_capacity", jobs.queueCapacity())
                                    .build();
                        })
                        .orElseGet(() -> Health.down().build());
    }

    /** Degraded while the index is not open: consults run anyway. */
    @Bean
    static HealthIndicator storeHealthIndicator(JobHealth jobs) {
        return () ->
                switch (jobs.store()) {
                    case OPEN -> Health.up().build();
                    case OPENING -> Health.status(DEGRADED).withDetail("index", "not open").build();
                    case UNAVAILABLE ->
                            Health.down().withDetail("directory", "not readable").build();
                };
    }

    @Bean
    static HealthIndicator diskHealthIndicator(StateDirectory state) {
        return new DiskSpaceHealthIndicator(state.location().toFile(), LEAST_SPACE);
    }
}
