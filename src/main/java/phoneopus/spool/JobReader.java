package phoneopus.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.run.Run;

/** Reads a job from its directory. */
@Component
public class JobReader {
    private final Spool spool;
    private final Claude claude;
    private final Clock clock;

    public JobReader(Spool spool, Claude claude, Clock clock) {
        this.spool = spool;
        this.claude = claude;
        this.clock = clock;
    }

    /** Empty if there is no such job. */
    public Optional<Job> read(JobId id) throws IOException {
        Optional<JobRequest> found = spool.request(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JobRequest request = found.get();
        Run run = run(request);
        Optional<Completion> ended = spool.ended(id);
        JobMode mode = spool.marked(id, JobMarker.PROMOTED) ? JobMode.BACKGROUND : request.mode();
        JobStatus status =
                ended.map(end -> JobStatus.of(end.outcome()))
                        .orElse(run.pid().isPresent() ? JobStatus.RUNNING : JobStatus.QUEUED);
        return Optional.of(
                new Job(
                        request,
                        mode,
                        status,
                        run.startedUnixMs().isPresent()
                                ? (Long) run.startedUnixMs().getAsLong()
                                : ended.map(Completion::startedUnixMs).orElse(null),
                        run.pid().isPresent() ? (Long) run.pid().getAsLong() : null,
                        ended.orElse(null)));
    }

    /** The time since its last event; empty before the first. */
    public Optional<Duration> silence(JobRequest request) throws IOException {
        OptionalLong last = run(request).lastSignUnixMs();
        return last.isPresent()
                ? Optional.of(Duration.ofMillis(Math.max(0, clock.millis() - last.getAsLong())))
                : Optional.empty();
    }

    public Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }
}
