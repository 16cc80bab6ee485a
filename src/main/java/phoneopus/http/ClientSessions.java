package phoneopus.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.mcp.Caller;

/** The sessions of all HTTP clients: bounded in number, and dropped when idle. */
@Component
@ConditionalOnWebApplication
class ClientSessions implements MeterBinder {
    private static final long SWEEP_S = 1;

    private final HttpProperties properties;
    private final Clock clock;
    private final Map<String, Kept> kept = new HashMap<>();

    ClientSessions(HttpProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    private static final class Kept {
        private final ClientSession session;
        private Instant used;

        Kept(ClientSession session, Instant used) {
            this.session = session;
            this.used = used;
        }
    }

    /**
     * Adds a session.
     *
     * @throws HttpRefusal if there are too many and all are in use
     */
    void add(ClientSession session) {
        Optional<ClientSession> replaced = makeRoom(session);
        replaced.ifPresent(ClientSession::close);
    }

    /** Empty if there is none or it belongs to another caller. */
    synchronized <S extends ClientSession> Optional<S> find(
            String id, Caller caller, Class<S> type) {
        Kept found = kept.get(id);
        if (found == null
                || !found.session.caller().equals(caller)
                || !type.isInstance(found.session)) {
            return Optional.empty();
        }
        found.used = clock.instant();
        return Optional.of(type.cast(found.session));
    }

    synchronized void remove(ClientSession session) {
        kept.remove(session.id());
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("mcp.sessions", this, ClientSessions::count)
                .description("Clients' sessions")
                .register(meters);
    }

    private synchronized int count() {
        return kept.size();
    }

    @Scheduled(fixedDelay = SWEEP_S, timeUnit = TimeUnit.SECONDS)
    void sweep() {
        unused().forEach((_, session) -> session.close());
    }

    private synchronized Optional<ClientSession> makeRoom(ClientSession session) {
        Optional<ClientSession> replaced = Optional.empty();
        if (kept.size() >= properties.maxSessions()) {
            Kept dispensable = dispensable(session.caller());
            kept.remove(dispensable.session.id());
            replaced = Optional.of(dispensable.session);
        }
        kept.put(session.id(), new Kept(session, clock.instant()));
        return replaced;
    }

    /** The session to drop for a new one: one of the caller with the most sessions. */
    private Kept dispensable(Caller newcomer) {
        Map<Caller, Long> counts =
                kept.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.session.caller(), Collectors.counting()));
        long own = counts.getOrDefault(newcomer, 0L);
        Map.Entry<Caller, Long> most =
                Collections.max(counts.entrySet(), Map.Entry.comparingByValue());
        // With one more, the newcomer would have at least as many as the other.
        boolean ownFault = own + 1 >= most.getValue();
        Caller loser = ownFault ? newcomer : most.getKey();
        return kept.values().stream()
                .filter(each -> each.session.caller().equals(loser))
                .filter(each -> !ownFault || !each.session.busy())
                .min(
                        Comparator.comparing((Kept each) -> each.session.busy())
                                .thenComparing(each -> each.used))
                .orElseThrow(HttpRefusal::tooManySessions);
    }

    /** The idle sessions, which are removed. */
    private synchronized Map<String, ClientSession> unused() {
        Instant now = clock.instant();
        Map<String, ClientSession> unused = new HashMap<>();
        for (Kept each : kept.values()) {
            if (each.session.busy()) {
                each.used = now;
            } else if (Duration.between(each.used, now).compareTo(properties.sessionIdle()) >= 0) {
                unused.put(each.session.id(), each.session);
            }
        }
        kept.keySet().removeAll(unused.keySet());
        return unused;
    }
}
