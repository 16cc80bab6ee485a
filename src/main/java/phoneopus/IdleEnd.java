package phoneopus;

import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.spool.JobLeases;
import phoneopus.stdio.StdioProperties;
import phoneopus.stdio.StdioTransportProvider;
import phoneopus.time.Stopwatch;

/**
 * Ends a stdio server that nobody uses any more. Many clients keep the server of every session they
 * have opened, for days.
 */
@Component
@ConditionalOnProperty("spring.ai.mcp.server.stdio")
final class IdleEnd {
    private static final long ROUND_MS = 5_000;

    private final StdioProperties settings;
    private final StdioTransportProvider transport;
    private final JobLeases leases;
    private Stopwatch unused = new Stopwatch();

    IdleEnd(StdioProperties settings, StdioTransportProvider transport, JobLeases leases) {
        this.settings = settings;
        this.transport = transport;
        this.leases = leases;
    }

    /** A server with a queued or running job stays: it may be the only one that can start it. */
    @Scheduled(fixedDelay = ROUND_MS)
    void check() {
        Duration silence = transport.silence();
        if (silence.isZero() || leases.any()) {
            unused = new Stopwatch();
        }
        Duration limit = settings.idle();
        if (!limit.isZero()
                && silence.compareTo(limit) >= 0
                && unused.elapsed().compareTo(limit) >= 0) {
            System.err.println(
                    "phone-opus: the client has been silent for longer than stdio.idle, so this server ends.");
            // The end waits for the thread of scheduled work, which this is.
            Thread.ofPlatform().name("idle-end").start(transport::end);
        }
    }
}
