package phoneopus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoClaudeTests {

    static final String SESSION = "399c3241-20ab-4480-a9f1-2c1142de3308";
    static final String[] ARGUMENTS = {
        "-p",
        "--output-format",
        "stream-json",
        "--verbose",
        "--strict-mcp-config",
        "--setting-sources=",
        "--settings",
        "/some/settings.json",
        "--disable-slash-commands",
        "--permission-mode",
        "dontAsk",
        "--tools=Bash,Read,Grep",
        "--model",
        "opus",
        "--effort",
        "max",
        "--max-turns",
        "9",
        "--session-id",
        SESSION
    };

    final JsonMapper json = new JsonMapper();
    @TempDir Path temporary;
    Path folder;
    Script demo;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = temporary.toRealPath();
        demo =
                Script.of(
                        folder.resolve("a \"re po\""),
                        Script.file("src/main/sh/demo-claude.sh").toString());
    }

    @Test
    void tellsItsVersion() {
        var ended = demo.run("--version");

        assertThat(ended).isEqualTo(new Script.Completion(0, "0.0.0 (phone-opus demo)\n", ""));
    }

    @Test
    void printsTheEventsOfAConsult() {
        var ended = ask("Why?");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.err()).isEmpty();
        var events = events(ended.out());
        assertThat(events)
                .extracting(event -> event.path("type").asString())
                .containsExactly("system", "assistant", "user", "assistant", "result");
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.path("session_id").asString()).isEqualTo(SESSION);
                    assertThat(event.path("uuid").asString()).hasSize(36);
                });
        assertThat(events)
                .extracting(event -> event.path("uuid").asString())
                .doesNotHaveDuplicates();
        var init = events.getFirst();
        assertThat(init.path("subtype").asString()).isEqualTo("init");
        assertThat(init.path("cwd").asString()).isEqualTo(demo.folder().toString());
        assertThat(init.path("model").asString()).isEqualTo("demo-opus");
        assertThat(init.path("permissionMode").asString()).isEqualTo("dontAsk");
        assertThat(init.path("tools").valueStream().map(JsonNode::asString))
                .containsExactly("Bash", "Read", "Grep");
        var use = events.get(1).at("/message/content/0");
        assertThat(use.path("type").asString()).isEqualTo("tool_use");
        assertThat(use.path("name").asString()).isEqualTo("Read");
        assertThat(use.at("/input/file_path").asString())
                .isEqualTo(demo.folder().resolve("README.md").toString());
        assertThat(events.get(2).at("/message/content/0/tool_use_id")).isEqualTo(use.path("id"));
        assertThat(events.get(3).at("/message/content/0/text"))
                .isEqualTo(events.getLast().path("result"));
    }

    @Test
    void theResultHasEveryFieldThatIsAlwaysThere() {
        var result = result(ask("Why?"));

        assertThat(result.propertyNames())
                .contains(
                        "type",
                        "subtype",
                        "is_error",
                        "duration_ms",
                        "duration_api_ms",
                        "num_turns",
                        "stop_reason",
                        "session_id",
                        "uuid",
                        "total_cost_usd",
                        "usage",
                        "modelUsage",
                        "permission_denials",
                        "result");
        assertThat(result.path("subtype").asString()).isEqualTo("success");
        assertThat(result.path("is_error").asBoolean(true)).isFalse();
        assertThat(result.path("num_turns").asInt()).isEqualTo(2);
        assertThat(result.path("total_cost_usd").asInt(-1)).isZero();
        assertThat(result.path("duration_ms").asInt(-1)).isBetween(0, 30_000);
        assertThat(result.path("permission_denials").isEmpty()).isTrue();
        assertThat(result.at("/modelUsage/demo-opus").isObject()).isTrue();
    }

    @Test
    void saysThatClaudeWasNotAskedAndQuotesTheLastLine() {
        var answer =
                answer(
                        ask(
                                "\nA prefix.\n\nFirst line\nIs \"this\" a C:\\path,\tor é 😀?\r\n \n\n"));

        assertThat(answer)
                .startsWith("This is a demo answer: Claude was not asked.")
                .contains("\n> Is \"this\" a C:\\path,\tor é 😀?\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "\\", "😀"})
    void quotesAtMost200Characters(String character) {
        var whole = answer(ask(character.repeat(200)));
        var cut = answer(ask(character.repeat(201)));

        assertThat(whole).contains("> " + character.repeat(200) + "\n");
        assertThat(cut).contains("> " + character.repeat(200) + "…\n");
    }

    @Test
    void bytesThatAreNoTextDoNotBreakTheEvents() {
        byte[] prompt = {
            'a',
            0,
            1,
            0x1b,
            0x7f,
            (byte) 0xff,
            (byte) 0xc3,
            'b',
            (byte) 0xed,
            (byte) 0xa0,
            (byte) 0x80,
            (byte) 0xc0,
            (byte) 0x80,
            (byte) 0xf4,
            (byte) 0x90,
            (byte) 0x80,
            (byte) 0x80,
            'c',
            (byte) 0xe2
        };

        var answer = answer(demo.run(prompt, ARGUMENTS));

        assertThat(answer).contains("\n\nFor a real answer");
    }

    @Test
    void theLargestPromptIsReadFast() {
        var line = "a line of text with some words in it\n";
        var prompt = (line.repeat((1 << 20) / line.length()) + "Why?").getBytes(UTF_8);
        var started = System.nanoTime();

        var answer = answer(demo.run(prompt, ARGUMENTS));

        assertThat(answer).contains("> Why?\n");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aBlankPromptAndNoArgumentsWillDo() {
        var ended = demo.run(new byte[0]);

        assertThat(result(ended).path("session_id").asString()).hasSize(36);
    }

    @Test
    void resumesUnderTheGivenSession() {
        var ended =
                demo.run("Why?".getBytes(UTF_8), "-p", "--resume", SESSION, "--model", "sonnet");

        assertThat(result(ended).path("session_id").asString()).isEqualTo(SESSION);
        assertThat(result(ended).at("/modelUsage/demo-sonnet").isObject()).isTrue();
    }

    @Test
    void keepsToItsTurns() {
        var ended = demo.run("Why?".getBytes(UTF_8), "-p", "--max-turns", "1");

        assertThat(result(ended).path("num_turns").asInt()).isEqualTo(1);
        assertThat(events(ended.out())).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "two\nlines\n\n\t\"quoted\" \\n é 😀 \u0001"})
    void answersWhatItIsTold(String text) {
        var claude = folder.resolve("claude");
        Script.writeExecutable(
                claude,
                "#!/bin/sh\nFAKE_CLAUDE_ANSWER='%s' exec '%s'\n"
                        .formatted(text, demo.command().getFirst()));

        var answer = answer(Script.of(folder, claude.toString()).run());

        assertThat(answer).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 80, 81, 82, 1000, 5_000_000})
    void answersAtAnyLength(int bytes) {
        demo = demo.with("FAKE_CLAUDE_ANSWER_BYTES", bytes);

        var answer = answer(ask("Why?"));

        assertThat(answer).hasSize(bytes);
        assertThat(answer.lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void takesTurnsAndTime() {
        demo =
                demo.with("FAKE_CLAUDE_TURNS", 3)
                        .with("FAKE_CLAUDE_TURN_DELAY", 0.1)
                        .with("FAKE_CLAUDE_DELAY", 0.2);

        var ended = ask("Why?");

        assertThat(events(ended.out())).hasSize(9);
        assertThat(result(ended).path("num_turns").asInt()).isEqualTo(4);
        assertThat(result(ended).path("duration_ms").asInt()).isGreaterThanOrEqualTo(490);
    }

    @Test
    void tellsCostAndDenials() {
        demo = demo.with("FAKE_CLAUDE_COST", 0.25).with("FAKE_CLAUDE_DENIALS", 2);

        var result = result(ask("Why?"));

        assertThat(result.path("total_cost_usd").asDouble()).isEqualTo(0.25);
        assertThat(result.at("/modelUsage/demo-opus/costUSD").asDouble()).isEqualTo(0.25);
        assertThat(result.path("permission_denials"))
                .hasSize(2)
                .allSatisfy(denial ->
                        assertThat(denial.propertyNames())
                                .contains("tool_name", "tool_use_id", "tool_input"));
    }

    @Test
    void mayIgnoreTerm() {
        demo = demo.with("FAKE_CLAUDE_IGNORE_TERM", 1).with("FAKE_CLAUDE_DELAY", 1);
        var process = demo.start("Why?".getBytes(UTF_8), ARGUMENTS);

        try {
            awaitChild(process);
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.onExit().join();

            assertThat(process.exitValue()).isZero();
            assertThat(events(demo.out())).hasSize(5);
        } finally {
            Script.kill(process);
        }
    }

    @Test
    void hangsInAChildWhoseEndIsItsOwn() {
        demo = demo.with("FAKE_CLAUDE_HANG", 1);
        var process = demo.start("Why?".getBytes(UTF_8), ARGUMENTS);

        try {
            awaitChild(process);
            process.descendants().forEach(ProcessHandle::destroy);
            process.onExit().join();

            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(events(demo.out())).hasSize(3);
        } finally {
            Script.kill(process);
        }
    }

    @Test
    void printsEventsForEver() throws IOException {
        var builder = new ProcessBuilder(demo.command());
        builder.environment().put("FAKE_CLAUDE_ENDLESS", "1");
        var process = builder.redirectInput(Path.of("/dev/null").toFile()).start();

        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertThat(out.lines().limit(10_000))
                    .allSatisfy(line ->
                            assertThat(json.readTree(line).path("type").isString()).isTrue());
        } finally {
            Script.kill(process);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs setsid and /proc")
    void leavesAProcessInASessionOfItsOwn() throws IOException {
        var file = folder.resolve("pid");
        demo = demo.with("FAKE_CLAUDE_GRANDCHILD", file);

        var ended = ask("Why?");

        var pid = Files.readString(file).strip();
        var left = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        try {
            assertThat(answer(ended)).isNotEmpty();
            await().untilAsserted(() ->
                    assertThat(Files.readString(Path.of("/proc", pid, "stat")).split(" "))
                            .startsWith(pid, "(sleep)")
                            .containsSubsequence(pid, pid, pid));
        } finally {
            left.destroyForcibly();
            left.onExit().join();
        }
    }

    @Test
    void writesToStderr() {
        demo =
                demo.with("FAKE_CLAUDE_STDERR", "No conversation found")
                        .with("FAKE_CLAUDE_STDERR_BYTES", 1_000_000);

        var ended = ask("Why?");

        assertThat(ended.err())
                .hasSize(1_000_000 + "No conversation found\n".length())
                .endsWith("found\n");
        assertThat(events(ended.out())).hasSize(5);
    }

    @Test
    void breaksOffInTheMiddleOfTheResult() {
        demo = demo.with("FAKE_CLAUDE_HALF_LINE", 1);

        var ended = ask("Why?");

        var lines = ended.out().lines().toList();
        assertThat(ended.out()).doesNotEndWith("\n");
        assertThat(lines).hasSize(5);
        assertThat(lines.getLast()).startsWith("{\"duration_api_ms\"").doesNotEndWith("}");
    }

    @Test
    void leavesTheResultOut() {
        demo = demo.with("FAKE_CLAUDE_NO_RESULT", 1);

        var ended = ask("Why?");

        assertThat(ended.exitCode()).isZero();
        assertThat(events(ended.out()))
                .hasSize(4)
                .noneMatch(event -> event.path("type").asString().equals("result"));
    }

    @Test
    void saysNothingButFails() {
        demo =
                demo.with("FAKE_CLAUDE_EMPTY", 1)
                        .with("FAKE_CLAUDE_EXIT", 5)
                        .with("FAKE_CLAUDE_STDERR", "broken");

        var ended = ask("Why?");

        assertThat(ended).isEqualTo(new Script.Completion(5, "", "broken\n"));
    }

    @Test
    void replaysWhatWasRecorded() throws IOException {
        var recorded =
                "{\"type\":\"system\"}\n{\"type\":\"assistant\",\"text\":\"\\\\ é\"}\n{\"type\":\"result\"}\n";
        var file = Files.writeString(folder.resolve("recorded.jsonl"), recorded);
        demo = demo.with("FAKE_CLAUDE_REPLAY", file).with("FAKE_CLAUDE_EXIT", 1);

        var whole = ask("Why?");
        demo = demo.with("FAKE_CLAUDE_NO_RESULT", 1);
        var withoutResult = ask("Why?");

        assertThat(whole).isEqualTo(new Script.Completion(1, recorded, ""));
        assertThat(recorded).startsWith(withoutResult.out());
        assertThat(events(withoutResult.out())).hasSize(2);
    }

    @Test
    void recordsHowItWasCalled() throws IOException {
        var record = folder.resolve("a record");
        demo = demo.with("FAKE_CLAUDE_RECORD", record).with("OTHER", "kept");
        var process = demo.start("\nWhy\n?".getBytes(UTF_8), ARGUMENTS);
        process.onExit().join();

        var recorded =
                Map.of(
                        "argv", String.join("\n", ARGUMENTS) + "\n",
                        "stdin", "\nWhy\n?",
                        "cwd", demo.folder() + "\n",
                        "pid", process.pid() + "\n");

        assertThat(recorded)
                .allSatisfy((name, text) -> assertThat(record.resolve(name)).hasContent(text));
        assertThat(Files.readAllLines(record.resolve("env"))).contains("OTHER=kept");
        assertThat(answer(new Script.Completion(0, demo.out(), ""))).contains("> ?\n");
    }

    @Test
    void keepsAJournalOfItsRuns() throws IOException {
        demo = demo.with("FAKE_CLAUDE_RECORD", folder);

        ask("Why?");
        ask("Why not?");

        var journal = Files.readAllLines(folder.resolve("journal"));
        assertThat(journal)
                .hasSize(4)
                .allSatisfy(line ->
                        assertThat(line).matches("(start|end) \\d+ " + SESSION + " \\d{19}"));
        assertThat(journal)
                .extracting(line -> line.split(" ")[0])
                .containsExactly("start", "end", "start", "end");
    }

    private void awaitChild(Process process) {
        await().until(() ->
                demo.out().contains("tool_result") && process.descendants().count() == 1);
    }

    private Script.Completion ask(String prompt) {
        return demo.run(prompt.getBytes(UTF_8), ARGUMENTS);
    }

    private List<JsonNode> events(String out) {
        return out.lines().map(json::readTree).toList();
    }

    private JsonNode result(Script.Completion ended) {
        return events(ended.out()).getLast();
    }

    private String answer(Script.Completion ended) {
        return result(ended).path("result").asString();
    }
}
