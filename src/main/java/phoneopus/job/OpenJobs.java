package phoneopus.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.job.OpenJob.Stage;
import phoneopus.run.Run;
import phoneopus.spool.DamagedException;
import phoneopus.spool.JobId;
import phoneopus.spool.JobLeases;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;

/**
 * Reads the open jobs anew each time. A run whose process is gone is finalized when a job is
 * started, listed or found, so that no state is wrong.
 */
@Component
public class OpenJobs {
    private static final Logger log = LoggerFactory.getLogger(OpenJobs.class);

    private final Spool spool;
    private final Claude claude;
    private final RunFinalizer finalizer;
    private final JobLeases locks;
    private final ConsultProperties properties;

    /**
     * Caches what never changes of a job, and that it is over, so that a long prompt is read only
     * once.
     */
    private final Map<JobId, OpenJob> known = new ConcurrentHashMap<>();

    private final Map<JobId, String> complaints = new ConcurrentHashMap<>();

    OpenJobs(
            Spool spool,
            Claude claude,
            RunFinalizer finalizer,
            JobLeases locks,
            ConsultProperties properties) {
        this.locks = locks;
        this.spool = spool;
        this.claude = claude;
        this.finalizer = finalizer;
        this.properties = properties;
    }

    /** The open jobs in their current state, for counting; changes nothing. */
    List<OpenJob> counted() throws IOException {
        List<OpenJob> jobs = new ArrayList<>();
        for (JobId id : spool.open()) {
            try {
                OpenJob job = known.get(id);
                if (job == null) {
                    Optional<JobRequest> request = spool.request(id);
                    if (request.isEmpty()) {
                        continue;
                    }
                    job = OpenJob.of(request.get());
                }
                jobs.add(looked(job));
            } catch (IOException | RuntimeException _) {
                // Damaged: it is not counted, and the next round logs it.
            }
        }
        return jobs;
    }

    /** The open jobs, after finalizing those that are over. */
    public List<OpenJob> now() throws IOException {
        List<JobId> ids = spool.open();
        known.keySet().retainAll(ids);
        complaints.keySet().retainAll(ids);
        List<OpenJob> jobs = new ArrayList<>();
        for (JobId id : ids) {
            OpenJob job = known.get(id);
            if (job == null) {
                Optional<JobRequest> request = request(id);
                if (request.isEmpty()) {
                    if (startedWithoutRequest(id)) {
                        logOnce(id, "its request is gone");
                    }
                    continue;
                }
                job = OpenJob.of(request.get());
            }
            try {
                OpenJob current = settled(job);
                known.put(id, current);
                jobs.add(current);
            } catch (IOException | RuntimeException e) {
                // Damaged, or over without space for its outcome: it is not counted.
                logOnce(id, String.valueOf(e.getMessage()));
            }
        }
        return jobs;
    }

    /** Repairs the jobs that could not be read last time. */
    void repairDamaged() {
        for (JobId id : complaints.keySet()) {
            try {
                repair(id);
            } catch (IOException | RuntimeException e) {
                logOnce(id, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Logs a repeated failure only once. */
    private void logOnce(JobId id, String why) {
        if (!why.equals(complaints.put(id, why))) {
            log.warn("job={} skipped: {}", id, why);
        }
    }

    /** Empty if it is damaged: one damaged directory must not block all others. */
    Optional<JobRequest> request(JobId id) {
        try {
            return spool.request(id);
        } catch (IOException | RuntimeException e) {
            logOnce(id, "its request is unreadable: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Repairs a job with a damaged file: finalizes its run again or, if its request cannot be read,
     * sets it aside.
     *
     * @return whether it is readable now
     */
    boolean repair(JobId id) throws IOException {
        try {
            Optional<JobRequest> request = spool.request(id);
            if (request.isPresent()) {
                settleIfOver(request.get());
                return true;
            }
            if (startedWithoutRequest(id)) {
                setAside(id, "its request is gone");
            }
        } catch (DamagedException e) {
            setAside(id, e.getReason());
        }
        return false;
    }

    /** Sets it aside unless its run is alive, since the command writes there. */
    private void setAside(JobId id, String why) throws IOException {
        Run run = claude.adopt(spool.directory(id), properties.limits());
        if (!run.claimed() || run.over()) {
            spool.setAside(id);
            log.warn("job={} set aside: {}", id, why);
        }
    }

    /**
     * Whether it is damaged; a job without a request that has not started may be in the middle of
     * its acceptance.
     */
    private boolean startedWithoutRequest(JobId id) {
        try {
            return spool.hasPid(id);
        } catch (IOException _) {
            return false;
        }
    }

    /** Records the end of a job whose process is gone. */
    void settleIfOver(JobRequest request) throws IOException {
        if (run(request).over() || damagedOutcome(request.jobId())) {
            settle(request);
        }
    }

    private boolean damagedOutcome(JobId id) throws IOException {
        try {
            spool.ended(id);
            return false;
        } catch (DamagedException _) {
            return true;
        }
    }

    private void settle(JobRequest request) throws IOException {
        if (request.mode() == JobMode.SYNC && locks.orphaned(request.jobId())) {
            // Its caller is gone with its server: list it, so that its answer can be found.
            spool.mark(request.jobId(), JobMarker.PROMOTED);
        }
        finalizer.settle(request, run(request));
    }

    private Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }

    /** Finalizes it if it is over. */
    private OpenJob settled(OpenJob job) throws IOException {
        OpenJob current = looked(job);
        if (current.stage() == Stage.OVER && job.stage() != Stage.OVER) {
            if (job.original() && spool.ended(job.id()).isPresent()) {
                finalizer.writeRow(job.id());
            } else {
                // Also if it has an outcome: its server may have been killed before it recorded the
                // cost and removed the settings.
                Optional<JobRequest> request = request(job.id());
                if (request.isPresent()) {
                    settle(request.get());
                }
            }
        }
        return current;
    }

    private OpenJob looked(OpenJob job) throws IOException {
        if (job.stage() == Stage.OVER) {
            return job;
        }
        if (job.original() || spool.ended(job.id()).isPresent()) {
            return job.in(Stage.OVER);
        }
        Run run = claude.adopt(spool.directory(job.id()), properties.limits());
        if (!run.claimed()) {
            return job.in(Stage.WAITING);
        }
        return job.in(run.over() ? Stage.OVER : Stage.LIVE);
    }
}
