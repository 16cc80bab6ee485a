package phoneopus.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.claude.Run;

/**
 * Who starts next, under a lock that all servers of the state directory share: first come first
 * served, no more at once than the settings say, and never two of one session, since the command
 * would lose a branch. Whoever holds the lock starts anybody's consults.
 */
@Component
class Dispatch {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    /** A run that this server just started. */
    record Started(JobRequest request, Run run) {}

    /** What decides the order, kept so that a long prompt is not read again and again. */
    private record Place(JobId id, long createdUnixMs, UUID session) {}

    private static final Comparator<Place> FIRST_COME =
            Comparator.comparingLong(Place::createdUnixMs)
                    .thenComparing(place -> place.id().value());

    private final Spool spool;
    private final Claude claude;
    private final Settlement settlement;
    private final ConsultProperties properties;
    private final DispatchLock lock = new DispatchLock();
    private final Map<JobId, Place> places = new ConcurrentHashMap<>();

    Dispatch(Spool spool, Claude claude, Settlement settlement, ConsultProperties properties) {
        this.spool = spool;
        this.claude = claude;
        this.settlement = settlement;
        this.properties = properties;
    }

    /**
     * Accepts the request, and starts whatever may start.
     *
     * @throws QueueFullException where too many wait already
     */
    List<Started> submit(JobRequest request) throws IOException, InterruptedException {
        return lock.hold(
                spool.dispatchLock(),
                () -> {
                    Round before = look();
                    boolean waits =
                            before.room() <= 0 || before.sessions().contains(request.sessionId());
                    if (waits && before.waiting().size() >= properties.queueCapacity()) {
                        throw new QueueFullException(properties.queueCapacity());
                    }
                    spool.accept(request);
                    return start(look());
                });
    }

    /** Starts whatever may start. */
    List<Started> round() throws IOException, InterruptedException {
        return lock.hold(spool.dispatchLock(), () -> start(look()));
    }

    /** What is open: how many more may run, which sessions are taken, who waits. */
    private record Round(int room, Set<UUID> sessions, List<Place> waiting) {}

    private Round look() throws IOException {
        int live = 0;
        Set<UUID> sessions = new HashSet<>();
        List<Place> waiting = new ArrayList<>();
        List<JobId> open = spool.open();
        places.keySet().retainAll(open);
        for (JobId id : open) {
            Optional<JobRequest> request = Optional.empty();
            Place place = places.get(id);
            if (place == null) {
                request = readable(id);
                if (request.isEmpty()) {
                    continue;
                }
                place = new Place(id, request.get().createdUnixMs(), request.get().sessionId());
                places.put(id, place);
            }
            Run run = claude.adopt(spool.directory(id), properties.limits());
            if (!run.claimed()) {
                waiting.add(place);
            } else if (!run.over()) {
                live++;
                sessions.add(place.session());
            } else {
                settle(id);
            }
        }
        waiting.sort(FIRST_COME);
        return new Round(properties.maxConcurrent() - live, sessions, waiting);
    }

    private List<Started> start(Round round) throws IOException, InterruptedException {
        List<Started> started = new ArrayList<>();
        for (Place place : round.waiting()) {
            if (started.size() >= round.room()) {
                break;
            }
            Optional<JobRequest> request = readable(place.id());
            if (request.isPresent() && round.sessions().add(place.session())) {
                started.add(start(request.get()));
            }
        }
        return started;
    }

    private Started start(JobRequest request) throws IOException, InterruptedException {
        Run run =
                claude.start(
                        spool.directory(request.jobId()),
                        request.command(),
                        request.directory(),
                        request.effectivePrompt(),
                        request.limits());
        log.info("job={} started pid={}", request.jobId(), run.pid().orElse(0));
        return new Started(request, run);
    }

    /** A run whose server is gone, or is about to settle it itself. */
    private void settle(JobId id) throws IOException {
        Optional<JobRequest> request = readable(id);
        if (request.isPresent()) {
            settlement.settle(
                    request.get(), claude.adopt(spool.directory(id), request.get().limits()));
        }
    }

    /** One damaged directory must not keep all others from their turn. */
    private Optional<JobRequest> readable(JobId id) {
        try {
            return spool.request(id);
        } catch (IOException e) {
            log.warn("job={} passed over, its request is unreadable: {}", id, e.getMessage());
            return Optional.empty();
        }
    }
}
