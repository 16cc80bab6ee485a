package phoneopus.claude;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Classifies a failure of Claude that another program recorded as one text, as if we had read
 * Claude's own result.
 */
public final class ToldFailure {
    private static final Pattern MAX_TURNS =
            Pattern.compile("(?i)max[_ -]?turns|maximum number of turns");

    private static final Pattern BUDGET =
            Pattern.compile("(?i)max_budget|budget[_ ]exceeded|maximum budget");

    private static final Pattern NO_SESSION = Pattern.compile("(?i)no conversation found");

    /** The service's code in a text: {@code API Error: 529 {"type": …}}. */
    private static final Pattern STATUS =
            Pattern.compile(
                    "(?i)(?:error|status|code|http|api)\\W{0,4}(?:code\\W{0,3})?\\b([45]\\d\\d)\\b|\\b(429|529)\\b");

    private static final Pattern OVERLOADED = Pattern.compile("(?i)\\boverloaded");

    private static final Pattern RATE_LIMITED =
            Pattern.compile("(?i)rate[_ ]limit|too many requests|(hit|reached) your .{0,20}limit");

    private static final Limits NONE = new Limits(Duration.ZERO, Duration.ZERO);

    private ToldFailure() {}

    /** Applies the same rules as to Claude's own messages. */
    public static Outcome of(String words) {
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.put("type", "result").put("is_error", true).put("result", words);
        if (MAX_TURNS.matcher(words).find()) {
            result.put("subtype", "error_max_turns");
        } else if (BUDGET.matcher(words).find()) {
            result.put("subtype", "error_max_budget_usd");
        } else if (NO_SESSION.matcher(words).find()) {
            result.put("subtype", "error_during_execution");
        } else {
            result.put("subtype", "success").put("api_error_status", status(words));
        }
        EventReader events = new EventReader();
        events.line(JsonMapper.shared().writeValueAsBytes(result));
        Outcome outcome = new OutcomeClassifier(events, NONE, Instant.EPOCH).of(null, 1, words);
        // A limit from that time says nothing about today.
        return outcome instanceof Outcome.Refused told
                ? new Outcome.Refused(
                        told.refusal(), told.words(), told.retryable(), told.totalCostUsd())
                : outcome;
    }

    /** Returns 0 if there is none. */
    private static int status(String words) {
        Matcher told = STATUS.matcher(words);
        if (told.find()) {
            return Integer.parseInt(told.group(1) == null ? told.group(2) : told.group(1));
        }
        if (OVERLOADED.matcher(words).find()) {
            return 529;
        }
        return RATE_LIMITED.matcher(words).find() ? 429 : 0;
    }
}
