package phoneopus.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.run.Activity;

class EventReaderTests {

    final EventReader events = new EventReader();

    @Test
    void nothingIsSeenBeforeTheFirstEvent() {
        assertThat(events.activity()).isEqualTo(Activity.NONE);
        assertThat(events.result()).isEmpty();
        assertThat(events.model()).isEmpty();
    }

    @Test
    void countsATurnOnceAMessage() {
        read(assistant("msg_1", "{\"type\":\"thinking\",\"thinking\":\"Hm.\"}"));
        read(assistant("msg_1", "{\"type\":\"text\",\"text\":\"I look.\"}"));
        read(assistant("msg_1", toolUse("Read", "{\"file_path\":\"Main.java\"}")));
        read(assistant("msg_2", "{\"type\":\"text\",\"text\":\"Done.\"}"));

        assertThat(events.activity().turns()).isEqualTo(2);
    }

    @Test
    void aSubagentsMessagesAreNotCountedAndNotDescribed() {
        read(assistant("msg_1", toolUse("Agent", "{\"description\":\"Look around\"}")));
        read(
                assistant("msg_2", toolUse("Read", "{\"file_path\":\"Main.java\"}"))
                        .replace(
                                "\"parent_tool_use_id\":null",
                                "\"parent_tool_use_id\":\"toolu_1\""));

        assertThat(events.activity()).isEqualTo(new Activity(1, "Agent Look around", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Read       | {\"limit\":3,\"file_path\":\"src/Main.java\"} | Read src/Main.java",
                "Grep       | {\"pattern\":\"TODO\",\"path\":\"src\"}       | Grep src",
                "Grep       | {\"pattern\":\"TODO\"}                        | Grep TODO",
                "Bash       | {\"command\":\"git log\",\"description\":\"History\"} | Bash git log",
                "Bash       | {\"command\":\"  git log\\n; head\\n\"}       | Bash git log",
                "Bash       | {\"command\":\"a\\tb\"}                       | Bash a b",
                "WebFetch   | {\"url\":\"https://example.org\"}             | WebFetch https://example.org",
                "WebSearch  | {\"query\":\"jvm\"}                           | WebSearch jvm",
                "Other      | {\"file_path\":\" \",\"n\":1}                 | Other",
                "Other      | \"a string\"                                  | Other",
                "Other      | {\"file_path\":[\"a\"]}                       | Other",
            })
    void describesTheLastToolCall(String tool, String input, String expected) {
        read(assistant("msg_1", toolUse(tool, input)));

        assertThat(events.activity().last()).isEqualTo(expected);
    }

    @Test
    void describesWritingAndThinking() {
        read(assistant("msg_1", "{\"type\":\"thinking\",\"thinking\":\"Hm.\"}"));
        var first = events.activity().last();
        read(assistant("msg_1", "{\"type\":\"text\",\"text\":\"I look.\"}"));
        var second = events.activity().last();

        assertThat(first).isEqualTo("thinking");
        assertThat(second).isEqualTo("writing");
    }

    @Test
    void cutsALongDescription() {
        read(assistant("msg_1", toolUse("Bash", "{\"command\":\"" + "x".repeat(100) + "\"}")));

        assertThat(events.activity().last()).isEqualTo("Bash " + "x".repeat(80) + "…");
    }

    @Test
    void cutsNoCharacterInHalf() {
        read(
                assistant(
                        "msg_1",
                        toolUse("Bash", "{\"command\":\"" + "x".repeat(79) + "😀 and more\"}")));

        assertThat(UTF_8.newEncoder().canEncode(events.activity().last())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "\"result\"",
                "{",
                "{\"type\":\"result\",\"resu",
                "no JSON at all",
                "[]",
                "[[{\"type\":\"result\"}]]",
                "{\"type\":7}",
                "{\"type\":null}",
                "{\"type\":\"event_of_tomorrow\",\"message\":{\"id\":\"msg_9\"}}",
                "{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\"}}",
                "{\"type\":\"system\",\"subtype\":\"status\",\"model\":\"other\"}",
                "{\"type\":\"user\",\"message\":\"a string\"}",
            })
    void passesOverALineThatSaysNothing(String line) {
        read("{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"opus-9\"}");
        read(line);

        assertThat(events.activity()).isEqualTo(Activity.NONE);
        assertThat(events.result()).isEmpty();
        assertThat(events.model()).contains("opus-9");
    }

    @Test
    void passesOverALineNestedTooDeep() {
        read("[".repeat(100_000));

        assertThat(events.result()).isEmpty();
    }

    @Test
    void passesOverALineThatIsNoText() {
        events.line(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(events.result()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"assistant\",\"message\":\"a string\"}",
                "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_1\",\"content\":\"a string\"}}",
                "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_1\",\"content\":[\"a string\",7,null]}}",
                "{\"type\":\"assistant\"}",
            })
    void aMessageOfAnotherShapeIsATurnOfWhichNothingIsKnown(String line) {
        read(line);

        assertThat(events.activity()).isEqualTo(new Activity(1, null, null));
    }

    @Test
    void readsALineWithAllEventsInIt() {
        read(
                "[{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"opus-9\"},"
                        + assistant("msg_1", "{\"type\":\"text\",\"text\":\"Yes.\"}")
                        + ",{\"type\":\"result\",\"result\":\"Yes.\",\"total_cost_usd\":0.25}]");

        assertThat(events.activity()).isEqualTo(new Activity(1, "writing", 0.25));
        assertThat(events.model()).contains("opus-9");
        assertThat(events.result().orElseThrow().path("result").asString()).isEqualTo("Yes.");
    }

    @Test
    void readsTheRecordedEventsOfATool() {
        var activity = Recording.named("b-stream-tool").events().activity();

        assertThat(activity).isEqualTo(new Activity(3, "writing", 0.0024000000000000002));
    }

    @Test
    void readsTheRecordedEventsOfASubagent() {
        var recorded = Recording.named("k-subagent-stream").events();

        assertThat(recorded.activity().turns()).isEqualTo(3);
        assertThat(recorded.result().orElseThrow().path("result").asString())
                .isEqualTo("answer after subagent");
    }

    @Test
    void aRetryIsSeenWithItsDelayUntilSomethingElseComes() {
        for (String line : Recording.lines("e-429-stream-retries-1.jsonl")) {
            read(line);
            if (line.contains("api_retry")) {
                break;
            }
        }
        var waiting = events.activity();

        read(assistant("msg_1", "{\"type\":\"text\",\"text\":\"I look.\"}"));

        assertThat(waiting)
                .isEqualTo(
                        new Activity(
                                0,
                                null,
                                null,
                                new Activity.Retry(1, 1, Duration.ofMillis(1003), "rate_limit")));
        assertThat(events.activity()).isEqualTo(new Activity(1, "writing", null));
    }

    @Test
    void aRetryThatTheResultEndedIsNoneAnyMore() {
        var lines = Recording.lines("e-429-stream-retries-1.jsonl");
        read(lines.stream().filter(line -> line.contains("api_retry")).findFirst().orElseThrow());
        var waiting = events.activity().retry();

        read(lines.getLast());

        assertThat(waiting).isNotNull();
        assertThat(events.activity().retry()).isNull();
    }

    private void read(String line) {
        events.line(line.getBytes(UTF_8));
    }

    private static String assistant(String id, String block) {
        return "{\"type\":\"assistant\",\"parent_tool_use_id\":null,\"message\":{\"id\":\"%s\",\"content\":[%s]}}"
                .formatted(id, block);
    }

    private static String toolUse(String name, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"%s\",\"input\":%s}"
                .formatted(name, input);
    }
}
