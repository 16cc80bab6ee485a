package phoneopus.claude;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.run.WellFormedText;
import tools.jackson.databind.JsonNode;

/**
 * Reads the command's event lines: its activity and its result. Ignores lines that are not events,
 * are cut off, or have an unknown kind or shape, since kinds change with the command's versions.
 */
final class EventReader {
    private @Nullable JsonNode result;
    private @Nullable JsonNode answer;
    private @Nullable String laterError;
    private @Nullable String sessionId;
    private @Nullable String initModel;
    private @Nullable String fallbackModel;
    private @Nullable String messageModel;
    private @Nullable String apiKeySource;
    private @Nullable String version;
    private @Nullable Instant limitResetsAt;
    private @Nullable String lastMessage;
    private @Nullable String textMessage;
    private final StringBuilder text = new StringBuilder();
    private int turns;
    private @Nullable String last;
    private Activity.@Nullable Retry retry;

    void line(byte[] line) {
        EventLine.events(line).forEach(this::event);
    }

    Activity activity() {
        return new Activity(turns, last, result == null ? null : cost(result), retry);
    }

    /**
     * The {@code result} event that counts, unchanged: the last success with a text, else the last
     * of all. An error after an answer does not revoke the answer.
     */
    Optional<JsonNode> result() {
        return Optional.ofNullable(answer == null ? result : answer);
    }

    /** An error after the answer. */
    Optional<String> laterError() {
        return Optional.ofNullable(laterError);
    }

    /** The main agent's last text; blank if it wrote none. */
    String lastText() {
        return text.toString();
    }

    int turns() {
        return turns;
    }

    /** The session that Claude reports to have begun or resumed. */
    Optional<String> sessionId() {
        return Optional.ofNullable(sessionId);
    }

    /** Whether Claude has begun its session; a successful result implies it. */
    boolean sessionBegun() {
        return sessionId != null || result != null;
    }

    /** The requested model, from the {@code init} event. */
    Optional<String> requestedModel() {
        return Optional.ofNullable(initModel);
    }

    /** The model in the latest event. */
    Optional<String> model() {
        return Optional.ofNullable(messageModel)
                .or(() -> Optional.ofNullable(fallbackModel))
                .or(() -> Optional.ofNullable(initModel));
    }

    /** The model in the main agent's last message. */
    Optional<String> messageModel() {
        return Optional.ofNullable(messageModel);
    }

    /** The account that pays, as the command names it. */
    Optional<String> apiKeySource() {
        return Optional.ofNullable(apiKeySource);
    }

    /** Whether the cost of a resumed session includes its earlier runs, as far as known. */
    boolean costIncludesEarlierRuns() {
        return Optional.ofNullable(version)
                .flatMap(ClaudeVersion::ofEvent)
                .map(ClaudeVersion::costIncludesEarlierRuns)
                .orElse(true);
    }

    /** When the limit that refused the request is lifted. */
    Optional<Instant> limitResetsAt() {
        return Optional.ofNullable(limitResetsAt);
    }

    static @Nullable Double cost(JsonNode result) {
        JsonNode cost = result.path("total_cost_usd");
        return cost.isNumber() && Double.isFinite(cost.doubleValue(Double.NaN))
                ? (Double) cost.doubleValue()
                : null;
    }

    /** Whether a result is a success, even without a text. */
    static boolean successful(JsonNode result) {
        return result.path("subtype").stringValue("").equals("success")
                && !result.path("is_error").booleanValue(false)
                && result.path("result").isString();
    }

    /** The text of a result: its answer or its errors. */
    static String words(JsonNode result) {
        if (result.path("result").isString()) {
            return WellFormedText.whole(result.path("result").stringValue(""));
        }
        List<String> errors = new ArrayList<>();
        result.path("errors").forEach(error -> errors.add(error.stringValue("")));
        return WellFormedText.whole(
                errors.stream().filter(error -> !error.isBlank()).collect(Collectors.joining(" ")));
    }

    private void event(JsonNode event) {
        switch (event.path("type").stringValue("")) {
            case "result" -> result(event);
            case "system" -> system(event);
            case "rate_limit_event" -> limit(event.path("rate_limit_info"));
            case "assistant" -> assistant(event);
            case "user" -> retry = null;
            default -> {}
        }
    }

    private void result(JsonNode event) {
        retry = null;
        result = event;
        if (successful(event) && !event.path("result").stringValue("").isBlank()) {
            answer = event;
            laterError = null;
        } else if (answer != null && !successful(event)) {
            laterError = words(event);
        }
    }

    private void system(JsonNode event) {
        switch (event.path("subtype").stringValue("")) {
            case "init" -> {
                initModel = event.path("model").stringValue(initModel);
                sessionId = event.path("session_id").stringValue(sessionId);
                apiKeySource = event.path("apiKeySource").stringValue(apiKeySource);
                version = event.path("claude_code_version").stringValue(version);
            }
            case "api_retry" ->
                    retry =
                            new Activity.Retry(
                                    event.path("attempt").intValue(0),
                                    event.path("max_retries").intValue(0),
                                    Duration.ofMillis(event.path("retry_delay_ms").longValue(0)),
                                    EventLine.oneLine(
                                            event.path("error").stringValue("no answer")));
            default -> fallbackModel = event.path("to_model").stringValue(fallbackModel);
        }
    }

    private void limit(JsonNode info) {
        if (info.path("status").stringValue("").equals("rejected")) {
            long seconds = info.path("resetsAt").longValue(0);
            limitResetsAt =
                    seconds > 0 && seconds < Integer.MAX_VALUE * 100L
                            ? Instant.ofEpochSecond(seconds)
                            : null;
        }
    }

    /**
     * A message of the model comes as several events, one per content block. A subagent's messages
     * are not turns of the main agent.
     */
    private void assistant(JsonNode event) {
        if (event.path("parent_tool_use_id").isString()) {
            return;
        }
        retry = null;
        JsonNode message = event.path("message");
        String id = message.path("id").stringValue("");
        String model = message.path("model").stringValue("");
        // Messages by the command itself have a model in angle brackets.
        boolean claudes = !model.startsWith("<");
        if (claudes && !model.isBlank()) {
            messageModel = model;
        }
        if (!id.equals(lastMessage)) {
            lastMessage = id;
            turns++;
        }
        for (JsonNode block : message.path("content")) {
            switch (block.path("type").stringValue("")) {
                case "tool_use" -> last = EventLine.toolCall(block);
                case "text" -> {
                    last = "writing";
                    if (claudes) {
                        write(id, block.path("text").stringValue(""));
                    }
                }
                case "thinking" -> last = "thinking";
                default -> {}
            }
        }
    }

    private void write(String message, String block) {
        if (block.isBlank()) {
            return;
        }
        if (message.isEmpty() || !message.equals(textMessage)) {
            text.setLength(0);
        } else {
            text.append("\n\n");
        }
        textMessage = message;
        text.append(WellFormedText.whole(block));
    }
}
