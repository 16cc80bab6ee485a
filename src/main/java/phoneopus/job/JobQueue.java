package phoneopus.job;

import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;
import phoneopus.claude.ServerIdentity;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;

/** Tells which jobs run, which are queued, and how many more may be. */
@Component
public class JobQueue {
    private static final Comparator<OpenJob> FIRST_COME =
            Comparator.comparing(OpenJob::created).thenComparing(job -> job.id().value());

    private static final String AGAIN = "Try again when one has ended.";

    private final Spool spool;
    private final OpenJobs open;
    private final ConsultProperties consults;
    private final CallerProperties callers;
    private final Clock clock;

    JobQueue(
            Spool spool,
            OpenJobs open,
            ConsultProperties consults,
            CallerProperties callers,
            Clock clock) {
        this.spool = spool;
        this.open = open;
        this.consults = consults;
        this.callers = callers;
        this.clock = clock;
    }

    /** The current queue. Call it only under the dispatch lock. */
    Round look() throws IOException {
        spool.dropHalfAccepted();
        Round round = new Round();
        open.now().forEach(round::add);
        return round;
    }

    /**
     * What keeps a queued job from starting; changes nothing.
     *
     * @param server the one that asks
     */
    String waitsFor(JobRequest request, ServerIdentity server) throws IOException {
        OpenJob job = OpenJob.of(request);
        int running = 0;
        int before = 0;
        for (OpenJob other : open.counted()) {
            boolean live = other.stage() == OpenJob.Stage.LIVE;
            boolean earlier =
                    other.stage() == OpenJob.Stage.WAITING && FIRST_COME.compare(other, job) < 0;
            if ((live || earlier)
                    && job.session() != null
                    && job.session().equals(other.session())
                    && !other.id().equals(job.id())) {
                return "queued until job=%s of the same session has ended".formatted(other.id());
            }
            running += live ? 1 : 0;
            before += earlier ? 1 : 0;
        }
        if (running < consults.maxConcurrent()) {
            return job.startableBy(server, clock.instant())
                    ? "queued, about to start"
                    : "queued for the server that accepted it";
        }
        return "queued %s; %d of %d running"
                .formatted(
                        switch (before) {
                            case 0 -> "as the next";
                            case 1 -> "behind 1 other";
                            default -> "behind %d others".formatted(before);
                        },
                        running,
                        consults.maxConcurrent());
    }

    /** A snapshot of the queue, updated by what is started from it. */
    final class Round {
        private final Set<OpenJob> waiting = new TreeSet<>(FIRST_COME);
        private final Set<@Nullable UUID> sessions = new HashSet<>();
        private final Map<@Nullable String, Integer> unfinished = new HashMap<>();
        private int running;

        void add(OpenJob job) {
            switch (job.stage()) {
                case WAITING -> waiting.add(job);
                case LIVE -> {
                    running++;
                    sessions.add(job.session());
                }
                case OVER -> {
                    return;
                }
            }
            unfinished.merge(job.principal(), 1, Integer::sum);
        }

        /**
         * Checks that one more may be accepted. Callers without a name cannot be told apart.
         *
         * @throws QueueFullException if too many consults are queued
         * @throws TooManyRequestsException if its caller has too many consults
         */
        void admit(JobRequest request) {
            String principal = request.consult().principal();
            if (principal != null
                    && unfinished.getOrDefault(principal, 0) >= callers.maxConcurrentPerKey()) {
                throw new TooManyRequestsException(callers.maxConcurrentPerKey());
            }
            boolean mustWait =
                    running >= consults.maxConcurrent() || sessions.contains(request.sessionId());
            if (mustWait && waiting.size() >= consults.queueCapacity()) {
                throw new QueueFullException(consults.queueCapacity());
            }
        }

        /** The next job this server may start; empty if there is none or too many run. */
        Optional<JobId> next(ServerIdentity server) {
            for (var jobs = waiting.iterator();
                    running < consults.maxConcurrent() && jobs.hasNext(); ) {
                OpenJob job = jobs.next();
                jobs.remove();
                // If another server has to start it, later ones of its session wait for it.
                boolean free = sessions.add(job.session());
                if (free && job.startableBy(server, clock.instant())) {
                    return Optional.of(job.id());
                }
            }
            return Optional.empty();
        }

        /** Records that the job returned by {@link #next} runs now. */
        void started() {
            running++;
        }
    }

    /** The queue is full. */
    public static final class QueueFullException extends FaultException {
        private static final long serialVersionUID = 1L;

        QueueFullException(int capacity) {
            super(
                    FaultCode.QUEUE_FULL,
                    "%d consults are already queued, which is the limit.".formatted(capacity),
                    AGAIN);
        }
    }

    /** A caller has the maximum number of consults. */
    public static final class TooManyRequestsException extends FaultException {
        private static final long serialVersionUID = 1L;

        TooManyRequestsException(int most) {
            super(
                    FaultCode.TOO_MANY_REQUESTS,
                    "You already have %d consults queued or running, which is the limit."
                            .formatted(most),
                    AGAIN);
        }
    }

    /**
     * The limits of one caller. Only over HTTP do callers have names.
     *
     * @param maxConcurrentPerKey a caller's consults queued or running, all servers of the state
     *     directory together
     */
    @ConfigurationProperties("phone-opus.http")
    record CallerProperties(@DefaultValue("4") @Min(1) int maxConcurrentPerKey) {}
}
