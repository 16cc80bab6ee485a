package phoneopus.spool;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.run.Activity;
import phoneopus.run.Run;
import phoneopus.run.RunFollower;

/** Reads a job from its directory. */
@Component
public class JobReader {
    /** With this many, the followers of finished runs are dropped. */
    private static final int FOLLOWED = 50;

    private final Spool spool;
    private final Claude claude;
    private final Clock clock;
    private final Map<JobId, RunFollower> followed = new ConcurrentHashMap<>();

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
                        run.started().or(() -> ended.map(Completion::started)).orElse(null),
                        run.pid().isPresent() ? (Long) run.pid().getAsLong() : null,
                        ended.orElse(null)));
    }

    /** The time since its last event; empty before the first. */
    public Optional<Duration> silence(JobRequest request) throws IOException {
        Instant now = clock.instant();
        return run(request)
                .lastSign()
                .map(last -> last.isAfter(now) ? Duration.ZERO : Duration.between(last, now));
    }

    /** What a job does, read from its events; null if it has not started. */
    public @Nullable Activity activity(JobRequest request) throws IOException {
        Run run = run(request);
        if (run.hidden()) {
            return Activity.HIDDEN;
        }
        if (run.pid().isEmpty()) {
            return null;
        }
        if (followed.size() >= FOLLOWED) {
            followed.keySet().retainAll(spool.open());
        }
        return followed.computeIfAbsent(request.jobId(), _ -> run.follow()).look();
    }

    public Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }
}
