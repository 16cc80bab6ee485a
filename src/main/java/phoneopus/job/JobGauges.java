package phoneopus.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import phoneopus.job.JobHealth.Workload;

/** How many consults there are, counted at each scrape. */
@Component
class JobGauges implements MeterBinder {
    private final JobHealth health;

    JobGauges(JobHealth health) {
        this.health = health;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        gauge(meters, "consult.running", "Consults that run", Workload::running);
        gauge(meters, "consult.queued", "Consults that wait for their turn", Workload::queued);
    }

    private void gauge(
            MeterRegistry meters,
            String name,
            String description,
            ToDoubleFunction<Workload> count) {
        Gauge.builder(
                        name,
                        health,
                        now ->
                                now.workload()
                                        .map(count::applyAsDouble)
                                        // Not 0, which would be a lie.
                                        .orElse(Double.NaN))
                .description(description)
                .register(meters);
    }
}
