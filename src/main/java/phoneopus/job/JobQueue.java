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

/** Which jobs run, which wait for their start, and how many more there may be. */
@Component
public class JobQueue {
    private static final Comparator<OpenJob> FIRST_COME =
            Comparator.comparingLong(OpenJob::createdUnixMs).thenComparing(job -> job.id().value());

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

    /** As it is now. Only under the dispatch lock. */
    Round look() throws IOException {
        spool.dropHalfAccepted();
        Round round = new Round();
        open.now().forEach(round::add);
        return round;
    }

    /** The queue at one moment, and what was started since. */
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
         * Lets in one more. A caller that has no name cannot be told from others.
         *
         * @throws QueueFullException where too many wait already
         * @throws TooManyRequestsException where its caller has too many already
         */
        void admit(JobRequest request) {
            String principal = request.principal();
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

        /** The next that this server may start; empty where there is none, or no room. */
        Optional<JobId> next(ServerIdentity server) {
            for (var jobs = waiting.iterator();
                    running < consults.maxConcurrent() && jobs.hasNext(); ) {
                OpenJob job = jobs.next();
                jobs.remove();
                // Where another server is to start it, later ones of its session wait for it.
                boolean free = sessions.add(job.session());
                if (free && job.startableBy(server, clock.millis())) {
                    return Optional.of(job.id());
                }
            }
            return Optional.empty();
        }

        /** The last one that was next runs now. */
        void started() {
            running++;
        }
    }

    /** As many consults wait as may wait. */
    public static final class QueueFullException extends FaultException {
        private static final long serialVersionUID = 1L;

        QueueFullException(int capacity) {
            super(
                    FaultCode.QUEUE_FULL,
                    "%d consults wait already, no more are taken.".formatted(capacity),
                    AGAIN);
        }
    }

    /** A caller has as many consults going as one may have. */
    public static final class TooManyRequestsException extends FaultException {
        private static final long serialVersionUID = 1L;

        TooManyRequestsException(int most) {
            super(
                    FaultCode.TOO_MANY_REQUESTS,
                    "You have %d consults that are queued or running, more are not taken."
                            .formatted(most),
                    AGAIN);
        }
    }

    /**
     * What one caller may have: only over HTTP do callers have names.
     *
     * @param maxConcurrentPerKey consults of a caller that are not over, all servers of the state
     *     directory together
     */
    @ConfigurationProperties("phone-opus.http")
    record CallerProperties(@DefaultValue("4") @Min(1) int maxConcurrentPerKey) {}
}
