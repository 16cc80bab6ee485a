package phoneopus.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.index.JobIndex;
import phoneopus.job.OpenJob.Stage;

/** Tells whether consults can be accepted and how many there are. Reads only open jobs. */
@Component
public class JobHealth implements MeterBinder {
    private final OpenJobs open;
    private final JobIndex index;
    private final ConsultProperties properties;

    JobHealth(OpenJobs open, JobIndex index, ConsultProperties properties) {
        this.open = open;
        this.index = index;
        this.properties = properties;
    }

    /** The number of consults of all servers of the state directory. */
    public record Workload(int running, int queued) {}

    /** The state of the store of consults. */
    public enum Store {
        OPEN,
        /** The index is being opened, or another program has it open: only lists wait. */
        OPENING,
        /** The state directory cannot be read: no consult is accepted. */
        UNAVAILABLE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Store store() {
        if (workload().isEmpty()) {
            return Store.UNAVAILABLE;
        }
        return index.open() ? Store.OPEN : Store.OPENING;
    }

    /** Registers gauges, which count at each scrape. */
    @Override
    public void bindTo(MeterRegistry meters) {
        gauge(meters, "consult.running", "Running consults", Workload::running);
        gauge(meters, "consult.queued", "Queued consults", Workload::queued);
    }

    private void gauge(
            MeterRegistry meters,
            String name,
            String description,
            ToDoubleFunction<Workload> count) {
        Gauge.builder(
                        name,
                        this,
                        // Not 0, which would be wrong.
                        now -> now.workload().map(count::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .register(meters);
    }

    /** The workload of that principal; empty if the state directory cannot be read. */
    public Optional<Workload> workloadOf(@Nullable String principal) {
        return now().map(jobs ->
                workload(
                        jobs.stream()
                                .filter(job -> Objects.equals(principal, job.principal()))
                                .toList()));
    }

    /** The workload of all; empty if the state directory cannot be read. */
    Optional<Workload> workload() {
        return now().map(JobHealth::workload);
    }

    public int maxConcurrent() {
        return properties.maxConcurrent();
    }

    public int queueCapacity() {
        return properties.queueCapacity();
    }

    private Optional<List<OpenJob>> now() {
        try {
            return Optional.of(open.counted());
        } catch (IOException | RuntimeException _) {
            // The supervisor logs the failure once.
            return Optional.empty();
        }
    }

    private static Workload workload(List<OpenJob> jobs) {
        return new Workload(in(Stage.LIVE, jobs), in(Stage.WAITING, jobs));
    }

    private static int in(Stage stage, List<OpenJob> jobs) {
        return Math.toIntExact(jobs.stream().filter(job -> job.stage() == stage).count());
    }
}
