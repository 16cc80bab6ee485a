package phoneopus.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Effort;
import phoneopus.claude.EventLine;
import phoneopus.run.Answer;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import tools.jackson.databind.JsonNode;

/** The lines of text that {@code detail=full} adds to the head line. */
final class JobDetails {
    /**
     * Prompts are cut here, since their authors know them, and so are values such as the input of a
     * denied tool call.
     */
    private static final int LONGEST_PROMPT = 2_000;

    private static final int LONGEST_VALUE = 300;
    private static final int MOST_DENIALS = 10;

    private JobDetails() {}

    /** Lines, each with its line end. */
    static String of(JobRequest request) {
        Excerpt prompt = Excerpt.of(request.consult().prompt(), 0, LONGEST_PROMPT);
        return line("cwd=" + cell(request.consult().cwd()))
                + line(
                        "session_mode=%s requested_session=%s max_turns=%s effort=%s prefix=%s"
                                .formatted(
                                        modeOfSession(request),
                                        orDash(request.consult().sessionId()),
                                        orDash(request.consult().maxTurns()),
                                        word(request.consult().effort()),
                                        request.promptPrefixInjected()))
                + line("prompt:")
                + line(prompt.text())
                + (prompt.cut()
                        ? line("[cut at %s of %s]".formatted(prompt.nextOffset(), prompt.chars()))
                        : "");
    }

    static String of(Job job) {
        return line(
                        "mode=%s created=%s started=%s finished=%s updated=%s runner_pid=%s"
                                .formatted(
                                        job.mode().word(),
                                        job.request().created(),
                                        orDash(job.started()),
                                        orDash(job.finished()),
                                        job.updated(),
                                        orDash(job.runnerPid())))
                + of(job.request());
    }

    static String of(Answer answer) {
        return line(
                        "stop_reason=%s duration_api=%s total_cost=%s fast_mode=%s uuid=%s"
                                .formatted(
                                        orDash(answer.stopReason()),
                                        duration(answer.durationApiMs()),
                                        cost(answer.totalCostUsd()),
                                        orDash(answer.fastModeState()),
                                        orDash(answer.uuid())))
                + of(answer.origin())
                + lines("usage", answer.usage())
                + lines("model_usage", answer.modelUsage())
                + lines("denied", answer.permissionDenials());
    }

    private static String of(Answer.@Nullable Origin origin) {
        return origin == null
                ? ""
                : line("api_key_source=" + orDash(origin.apiKeySource()))
                        + (origin.laterError() == null
                                ? ""
                                : line("error_after_answer=" + cell(origin.laterError())));
    }

    /** One line for an object, or one for each member of an array. */
    private static String lines(String name, @Nullable JsonNode node) {
        if (node == null || node.isEmpty()) {
            return "";
        }
        if (node.isArray()) {
            return node.values().stream()
                    .map(member -> line(name + " " + words(member)))
                    .collect(Collectors.joining());
        }
        return line(name + " " + words(node));
    }

    private static String words(JsonNode node) {
        List<String> words = new ArrayList<>();
        flatten("", node, words);
        return String.join(" ", words);
    }

    private static void flatten(String path, JsonNode node, List<String> words) {
        if (node.isObject()) {
            node.properties()
                    .forEach(member ->
                            flatten(
                                    path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
                                    member.getValue(),
                                    words));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), words);
            }
        } else {
            Excerpt value = Excerpt.of(node.asString(""), 0, LONGEST_VALUE);
            words.add(cell(path + "=" + value.text()) + (value.cut() ? "…" : ""));
        }
    }

    /** The refused tool calls of an answer, each once and in one line; not more than a few. */
    static List<String> denied(Answer answer) {
        JsonNode denials = answer.permissionDenials();
        if (denials == null) {
            return List.of();
        }
        Map<String, Integer> calls = new LinkedHashMap<>();
        for (JsonNode denial : denials) {
            calls.merge(cell(EventLine.deniedCall(denial)), 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        calls.forEach((call, times) ->
                lines.add(times == 1 ? call : call + " (%d times)".formatted(times)));
        if (lines.size() <= MOST_DENIALS) {
            return lines;
        }
        List<String> first = new ArrayList<>(lines.subList(0, MOST_DENIALS));
        first.add("%d others".formatted(lines.size() - MOST_DENIALS));
        return first;
    }

    private static String line(String text) {
        return text.endsWith("\n") ? text : text + "\n";
    }

    static String word(@Nullable Effort effort) {
        return effort == null ? "-" : effort.word();
    }

    static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    /** Makes the text safe for a table cell or after an equals sign. */
    static String cell(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", " ")
                .replaceAll("(?<=^| )\\|(?= |$)", " ");
    }

    static String cost(@Nullable Double usd) {
        return usd == null ? "-" : String.format(Locale.ROOT, "$%.4f", usd);
    }

    static String duration(@Nullable Long ms) {
        return ms == null ? "-" : String.format(Locale.ROOT, "%.1fs", ms / 1000.0);
    }

    /** The value of {@code session_mode}: whether the session is resumed or new. */
    static String modeOfSession(JobRequest request) {
        return request.resumed() ? "resumed" : "new";
    }
}
