package phoneopus.tool;

import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.spool.JobId;

/** Decides when and in which words a waiting caller is told what Claude is doing. */
final class Progress {
    /** Some clients disconnect when a quick call sends progress. */
    private static final Duration FIRST = Duration.ofSeconds(3);

    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(9);
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(2);

    /** The receiver of notifications. */
    @FunctionalInterface
    interface Channel {
        /**
         * Sends a notification.
         *
         * @param seconds the time since the call was received; it only increases
         */
        void send(double seconds, String message);
    }

    private final JobId job;
    private final Supplier<String> queued;
    private final LongSupplier nanos;
    private final Channel channel;
    private final long started;
    private long sent;
    private @Nullable Activity lastSeen;

    /**
     * Starts now.
     *
     * @param queued what the consult waits for while it is queued
     */
    Progress(JobId job, Supplier<String> queued, LongSupplier nanos, Channel channel) {
        this.job = job;
        this.queued = queued;
        this.nanos = nanos;
        this.channel = channel;
        this.started = nanos.getAsLong();
    }

    static Progress of(Call call, JobId job, Supplier<String> queued, LongSupplier nanos) {
        Object token = call.request().progressToken();
        return new Progress(
                job,
                queued,
                nanos,
                (seconds, message) -> {
                    if (token != null) {
                        call.exchange()
                                .progressNotification(
                                        ProgressNotification.builder(token, seconds)
                                                .message(message)
                                                .build());
                    }
                });
    }

    /**
     * @param activity null while the consult is queued
     */
    void seen(@Nullable Activity activity) {
        long now = nanos.getAsLong();
        long since = now - (sent == 0 ? started : sent);
        boolean due =
                sent == 0
                        ? since >= FIRST.toNanos()
                        : since >= AT_LEAST_EVERY.toNanos()
                                || (since >= AT_MOST_EVERY.toNanos()
                                        && !Objects.equals(activity, lastSeen));
        if (due) {
            sent = now;
            lastSeen = activity;
            channel.send(
                    (now - started) / 1e9,
                    "job=" + job + " " + (activity == null ? queued.get() : activity.line()));
        }
    }
}
