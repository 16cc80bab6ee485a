package phoneopus.job;

import java.io.IOException;
import java.util.Optional;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.claude.Run;

/** A job's directory → the job, as it stands there. */
@Component
class JobReader {
    private final Spool spool;
    private final Claude claude;

    JobReader(Spool spool, Claude claude) {
        this.spool = spool;
        this.claude = claude;
    }

    /** Empty where there is no such job. */
    Optional<Job> read(JobId id) throws IOException {
        Optional<JobRequest> found = spool.request(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JobRequest request = found.get();
        Run run = run(request);
        Optional<Ended> ended = spool.ended(id);
        JobMode mode = spool.marked(id, Mark.PROMOTED) ? JobMode.BACKGROUND : request.mode();
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
                                : null,
                        run.pid().isPresent() ? (Long) run.pid().getAsLong() : null,
                        ended.orElse(null)));
    }

    Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }
}
