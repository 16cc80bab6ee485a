package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.index.JobIndex;
import phoneopus.run.Outcome;
import phoneopus.run.Run;
import phoneopus.run.RunReport;
import phoneopus.run.StopReason;
import phoneopus.spool.Completion;
import phoneopus.spool.DamagedException;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Sessions;
import phoneopus.spool.Spool;

/** Records the end of a run. Any server may do so repeatedly: the first outcome counts. */
@Component
class RunFinalizer {
    private static final Logger log = LoggerFactory.getLogger(RunFinalizer.class);

    private final Spool spool;
    private final Sessions sessions;
    private final JobIndex index;
    private final JobMetrics metrics;
    private final Clock clock;

    RunFinalizer(Spool spool, Sessions sessions, JobIndex index, JobMetrics metrics, Clock clock) {
        this.sessions = sessions;
        this.spool = spool;
        this.index = index;
        this.metrics = metrics;
        this.clock = clock;
    }

    Completion settle(JobRequest request, Run run) throws IOException {
        Completion ended = known(request, run).orElse(null);
        if (ended == null) {
            ended = first(request, run);
        } else if (Files.exists(spool.directory(request.jobId()))) {
            spool.restore(request);
        }
        // Only after the outcome is recorded: another server that finalizes it too must still find
        // the session's previous cost. Its server may have been killed between the acceptance and
        // this.
        sessions.own(request);
        sessions.rememberCost(request, ended);
        run.sweep();
        writeRow(request.jobId());
        return ended;
    }

    /** The recorded end; an unreadable one is discarded. Its run is over and never starts again. */
    private Optional<Completion> known(JobRequest request, Run run) throws IOException {
        try {
            return spool.ended(request.jobId());
        } catch (DamagedException e) {
            log.warn("job={} finalized again: {}", request.jobId(), e.getReason());
            if (!run.claimed()) {
                run.announce(StopReason.FINISHED);
            }
            spool.discardOutcome(request.jobId());
            return Optional.empty();
        }
    }

    /** Schedules its row; once that is written, the job leaves the open list. */
    void writeRow(JobId id) {
        index.write(id);
    }

    private Completion first(JobRequest request, Run run) throws IOException {
        RunReport report = run.report();
        Outcome outcome = report.outcome();
        Completion ended =
                new Completion(
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        ownCost(request, outcome.totalCostUsd(), report.costIncludesEarlierRuns()),
                        outcome,
                        report.sessionBegun(),
                        null);
        spool.restore(request);
        if (!spool.end(request.jobId(), ended)) {
            return spool.ended(request.jobId())
                    .orElseThrow(() ->
                            new IOException(
                                    "outcome of job " + request.jobId() + " is unreadable"));
        }
        log.info(
                "job={} ended={} session={}",
                request.jobId(),
                outcome.getClass().getSimpleName(),
                request.sessionId());
        // Only here: other servers that finalize it find this outcome.
        metrics.ended(request, ended, took(run, ended));
        return ended;
    }

    /** Null if unknown because the session's previous cost is unknown. */
    private @Nullable Double ownCost(
            JobRequest request, @Nullable Double total, boolean includesEarlierRuns)
            throws IOException {
        if (total == null || !request.resumed() || !includesEarlierRuns) {
            return total;
        }
        OptionalDouble before = sessions.costOf(request.session());
        if (before.isEmpty()) {
            return null;
        }
        // If it is less than before, it does not include the earlier runs.
        return total < before.getAsDouble() ? total : (Double) (total - before.getAsDouble());
    }

    /** Null if it never started. */
    private static @Nullable Duration took(Run run, Completion ended) {
        return run.started()
                .map(started -> Duration.between(started, ended.finished()))
                .map(took -> took.isNegative() ? Duration.ZERO : took)
                .orElse(null);
    }
}
