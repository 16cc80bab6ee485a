package phoneopus.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeProperties;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import tools.jackson.databind.JsonNode;

/**
 * Counts how this server's consults ended: as metrics of the whole server, and by principal for
 * callers who may only see their own.
 */
@Component
public class JobMetrics {
    private static final Duration[] BUCKETS =
            Stream.of(5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600)
                    .map(Duration::ofSeconds)
                    .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final ClaudeProperties claude;

    /** Bounded by the number of callers, whose keys are created by hand. */
    private final Map<Optional<String>, ConsultTotals> totals = new ConcurrentHashMap<>();

    private final Counter adopted;
    private final Counter joined;
    private final Counter promoted;
    private final Counter interrupted;
    private final Counter turns;
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Counter cost;

    JobMetrics(MeterRegistry meters, ClaudeProperties claude) {
        this.meters = meters;
        this.claude = claude;
        this.adopted = counter("consult.adopted", "Taken over from a server that is gone");
        this.joined =
                counter("consult.joined", "Repeated questions that joined an earlier consult");
        this.promoted =
                counter(
                        "consult.promoted",
                        "Became background jobs because their callers stopped waiting");
        this.interrupted = counter("consult.interrupted", "Killed without a result");
        this.turns = counter("consult.turns", "Claude's turns");
        this.inputTokens = tokens("input");
        this.outputTokens = tokens("output");
        this.cost =
                Counter.builder("consult.cost")
                        .description("Cost of consults as reported by Claude")
                        .baseUnit("usd")
                        .register(meters);
    }

    /** The totals of that principal's consults that this server finalized since its start. */
    public ConsultTotals of(@Nullable String principal) {
        return totals.getOrDefault(Optional.ofNullable(principal), ConsultTotals.NONE);
    }

    void adopted() {
        adopted.increment();
    }

    void joined() {
        joined.increment();
    }

    void promoted() {
        promoted.increment();
    }

    /**
     * Counts a completion. Called once, by the server that recorded it.
     *
     * @param took null if it never started
     */
    void ended(JobRequest request, Completion ended, @Nullable Duration took) {
        String outcome = JobStatus.of(ended.outcome()).word();
        String model = request.consult().model();
        Counter.builder("consult.ended")
                .description("Finished consults")
                .tag("outcome", outcome)
                .tag("code", code(ended.outcome()))
                .tag("model", model != null && claude.models().contains(model) ? model : "other")
                .register(meters)
                .increment();
        if (ended.outcome() instanceof Outcome.Interrupted) {
            interrupted.increment();
        }
        if (took != null) {
            Timer.builder("consult.duration")
                    .description("Time from the start of Claude to its end")
                    .tag("outcome", outcome)
                    .serviceLevelObjectives(BUCKETS)
                    .register(meters)
                    .record(took);
        }
        ConsultTotals one = ConsultTotals.of(ended);
        turns.increment((double) one.turns());
        inputTokens.increment((double) one.inputTokens());
        outputTokens.increment((double) one.outputTokens());
        cost.increment(one.costUsd());
        totals.merge(Optional.ofNullable(request.consult().principal()), one, ConsultTotals::plus);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    private Counter tokens(String direction) {
        return Counter.builder("consult.tokens")
                .description("Tokens Claude read and wrote")
                .tag("direction", direction)
                .register(meters);
    }

    /** A cancelled consult has no fault code: nothing needs to be investigated. */
    private static String code(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure && !(outcome instanceof Outcome.Cancelled)
                ? failure.code().word()
                : "none";
    }

    /**
     * Totals of finished consults.
     *
     * @param inputTokens including those written to and read from Claude's cache
     */
    public record ConsultTotals(
            long succeeded,
            long failed,
            long cancelled,
            long turns,
            long inputTokens,
            long outputTokens,
            double costUsd) {
        static final ConsultTotals NONE = new ConsultTotals(0, 0, 0, 0, 0, 0, 0);

        /** The totals of one consult; a figure Claude did not report counts as zero. */
        static ConsultTotals of(Completion ended) {
            JobStatus status = JobStatus.of(ended.outcome());
            Answer answer =
                    ended.outcome() instanceof Outcome.Answered(Answer given) ? given : null;
            JsonNode usage = answer == null ? null : answer.usage();
            return new ConsultTotals(
                    status == JobStatus.SUCCEEDED ? 1 : 0,
                    status == JobStatus.FAILED ? 1 : 0,
                    status == JobStatus.CANCELLED ? 1 : 0,
                    answer == null || answer.numTurns() == null ? 0 : answer.numTurns(),
                    count(usage, "input_tokens")
                            + count(usage, "cache_creation_input_tokens")
                            + count(usage, "cache_read_input_tokens"),
                    count(usage, "output_tokens"),
                    ended.consultCostUsd() == null ? 0 : ended.consultCostUsd());
        }

        ConsultTotals plus(ConsultTotals more) {
            return new ConsultTotals(
                    succeeded + more.succeeded,
                    failed + more.failed,
                    cancelled + more.cancelled,
                    turns + more.turns,
                    inputTokens + more.inputTokens,
                    outputTokens + more.outputTokens,
                    costUsd + more.costUsd);
        }

        private static long count(@Nullable JsonNode usage, String name) {
            return usage == null ? 0 : Math.max(0, usage.path(name).longValue(0));
        }
    }
}
