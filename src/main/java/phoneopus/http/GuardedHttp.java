package phoneopus.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Constants;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP with protection against slow clients. Tomcat would wait for headers as long as a
 * byte arrives now and then, for any number of clients. Here headers have a time limit, and when
 * connections run short, those that have not sent a request are closed, of the address with the
 * most of them.
 */
public final class GuardedHttp extends Http11NioProtocol {
    static final long MOST_CONNECTIONS = 2_048;

    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long ROUND_MS = 500;

    private @Nullable ScheduledFuture<?> rounds;
    private Set<SocketWrapperBase<NioChannel>> seenBefore = Set.of();

    /** A connection whose request has not arrived completely. */
    record Waiting(Runnable close, String address, long ageNanos) {}

    @Override
    public void start() throws Exception {
        super.start();
        rounds =
                getUtilityExecutor()
                        .scheduleWithFixedDelay(
                                this::guarded, ROUND_MS, ROUND_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (rounds != null) {
            rounds.cancel(false);
        }
        super.stop();
    }

    /** Catches failures, which would end the schedule. */
    private void guarded() {
        try {
            round();
        } catch (RuntimeException e) {
            getLog().error("could not check connections", e);
        }
    }

    private void round() {
        Set<SocketWrapperBase<NioChannel>> connections = getEndpoint().getConnections();
        long now = System.nanoTime();
        Set<SocketWrapperBase<NioChannel>> seen = new HashSet<>();
        List<Waiting> waiting = new ArrayList<>();
        for (SocketWrapperBase<NioChannel> connection : connections) {
            long age = ageNanos(connection, now);
            if (age < 0) {
                continue;
            }
            seen.add(connection);
            // A connection seen only once may just have finished a request.
            if (!seenBefore.contains(connection)) {
                continue;
            }
            if (age > HEAD_NANOS) {
                connection.close();
            } else {
                String address = String.valueOf(connection.getRemoteAddr());
                waiting.add(new Waiting(connection::close, address, age));
            }
        }
        seenBefore = seen;
        long tooMany = connections.size() - MOST_CONNECTIONS / 2;
        if (tooMany > 0) {
            drop(waiting, tooMany);
        }
    }

    /** Closes that many connections, always of the address that has the most. */
    static void drop(List<Waiting> waiting, long count) {
        Map<String, List<Waiting>> byAddress = new HashMap<>();
        waiting.stream()
                .sorted(Comparator.comparingLong(Waiting::ageNanos))
                .forEach(each ->
                        byAddress
                                .computeIfAbsent(each.address(), _ -> new ArrayList<>())
                                .add(each));
        for (long left = count; left > 0 && !byAddress.isEmpty(); left--) {
            List<Waiting> most =
                    byAddress.values().stream()
                            .max(Comparator.comparingInt(List::size))
                            .orElseThrow();
            Waiting oldest = most.removeLast();
            oldest.close().run();
            if (most.isEmpty()) {
                byAddress.remove(oldest.address());
            }
        }
    }

    /**
     * How long its headers have been arriving; 0 before the first byte, -1 if they are complete.
     */
    private static long ageNanos(SocketWrapperBase<NioChannel> connection, long now) {
        if (!(connection.getCurrentProcessor() instanceof Processor processor)) {
            return 0;
        }
        Request request = processor.getRequest();
        if (request == null || processor.isAsync() || processor.isUpgrade()) {
            return -1;
        }
        int stage = request.getRequestProcessor().getStage();
        // Between two pieces of headers the stage looks as if the request had ended.
        if (stage != Constants.STAGE_PARSE && stage != Constants.STAGE_ENDED) {
            return -1;
        }
        long begun = request.getStartTimeNanos();
        return begun < 0 ? 0 : Math.max(0, now - begun);
    }
}
