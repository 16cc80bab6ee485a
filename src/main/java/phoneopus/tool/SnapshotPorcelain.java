package phoneopus.tool;

import java.time.Instant;
import java.util.Locale;
import phoneopus.job.JobMetrics.ConsultTotals;
import phoneopus.tool.Snapshots.HealthView;
import phoneopus.tool.Snapshots.HealthView.Claude;
import phoneopus.tool.Snapshots.HealthView.LastFault;
import phoneopus.tool.Snapshots.TelemetryView;
import phoneopus.tool.Snapshots.TelemetryView.Calls;

/** Renders snapshots as text for a model. */
final class SnapshotPorcelain {
    private SnapshotPorcelain() {}

    static String health(HealthView.Full full, Instant now) {
        HealthView.Concise health = full.concise();
        return "health state=%s uptime=%ds version=%s protocol=%s transport=%s store=%s\n%s\n%s\n%s"
                .formatted(
                        health.state(),
                        health.uptimeS(),
                        health.version(),
                        health.protocol(),
                        health.transport(),
                        health.store().word(),
                        claude(health),
                        "consults running=%s of %d queued=%s of %d"
                                .formatted(
                                        JobDetails.orDash(health.running()),
                                        full.maxConcurrent(),
                                        JobDetails.orDash(health.queued()),
                                        full.queueCapacity()),
                        fault(health, now));
    }

    static String telemetry(TelemetryView telemetry) {
        ConsultTotals consults = telemetry.consults();
        StringBuilder text =
                new StringBuilder(
                        "consults succeeded=%d failed=%d cancelled=%d turns=%d input_tokens=%d output_tokens=%d cost=%s\n"
                                .formatted(
                                        consults.succeeded(),
                                        consults.failed(),
                                        consults.cancelled(),
                                        consults.turns(),
                                        consults.inputTokens(),
                                        consults.outputTokens(),
                                        JobDetails.cost(consults.costUsd())));
        text.append("tool | requests | successes | errors | last | mean | max");
        telemetry.tools().forEach(tool -> row(text, tool.tool(), tool.calls()));
        row(text, "all", telemetry.totals());
        return text.toString();
    }

    private static void row(StringBuilder text, String name, Calls calls) {
        text.append('\n')
                .append(
                        String.join(
                                " | ",
                                name,
                                Long.toString(calls.requests()),
                                Long.toString(calls.successes()),
                                Long.toString(calls.errors()),
                                seconds(calls.lastMs()),
                                seconds(calls.meanMs()),
                                seconds(calls.maxMs())));
    }

    private static String claude(HealthView.Concise health) {
        Claude claude = health.claude();
        return claude == null
                ? "claude not found"
                : "claude binary=" + claude.binary() + " version=" + claude.version();
    }

    private static String fault(HealthView.Concise health, Instant now) {
        LastFault fault = health.lastFault();
        return fault == null
                ? "no fault yet"
                : "last fault code=%s/%s operation=%s %ds ago"
                        .formatted(
                                fault.kind(),
                                fault.code(),
                                fault.operation(),
                                Math.max(0, now.toEpochMilli() - fault.atUnixMs()) / 1000);
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.3fs", ms / 1000.0);
    }
}
