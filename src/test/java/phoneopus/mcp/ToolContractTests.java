package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import phoneopus.mcp.Argument.Hint;
import tools.jackson.databind.json.JsonMapper;

class ToolContractTests {

    private static final String ID = "3F2504E0-4f89-41d3-9a0c-0305e82c3301";
    private static final String LOWER = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private static final Map<String, Hint> HINTS =
            Map.of(
                    "prompt",
                    Hint.of("", "question"),
                    "session_id",
                    Hint.of("leave it out for a new one", "session resume"),
                    "cwd",
                    Hint.of("", "directory path"),
                    "job_id",
                    Hint.of("", "job"));

    enum Strength {
        WEAK,
        VERY_STRONG
    }

    static class Bean {
        @McpTool(
                name = "consult",
                title = "Consult",
                description = "Asks.",
                generateOutputSchema = true,
                annotations =
                        @McpTool.McpAnnotations(
                                title = "Again",
                                readOnlyHint = true,
                                destructiveHint = false,
                                openWorldHint = true))
        void call(
                Object context,
                @McpToolParam(description = "The question") @NotBlank String prompt,
                @McpToolParam(description = "Turns", required = false) @Min(1) Integer maxTurns,
                @McpToolParam(description = "Any number", required = false) Integer offset,
                @McpToolParam(description = "Session", required = false) UUID sessionId,
                @McpToolParam(description = "New", required = false) Boolean fresh,
                @McpToolParam(description = "Where", required = false) String cwd,
                @McpToolParam(description = "How", required = false) Strength strength,
                @McpToolParam(description = "Most", required = false) @Min(1) @Max(50) Integer limit) {}

        @McpTool(name = "nothing")
        void callNothing() {}

        @McpTool(name = "cancel")
        void cancel(@McpToolParam(description = "Which") UUID jobId) {}

        @McpTool(name = "wrong")
        void callWrongly(@McpToolParam(description = "When") java.time.Instant when) {}
    }

    private final ToolContract contract = contractOf("call");

    @Test
    void theSchemaIsClosedBoundedAndInTheWordsOfJson() {
        var schema = JsonMapper.shared().writeValueAsString(contract.tool().inputSchema());

        assertThat(schema)
                .isEqualTo(
                        """
                        {"type":"object","properties":{\
                        "prompt":{"type":"string","pattern":"[^\\\\s\\\\x00-\\\\x1f]","description":"The question"},\
                        "max_turns":{"type":"integer","minimum":1,"description":"Turns"},\
                        "offset":{"type":"integer","description":"Any number"},\
                        "session_id":{"type":"string","description":"Session"},\
                        "fresh":{"type":"boolean","description":"New"},\
                        "cwd":{"type":"string","description":"Where"},\
                        "strength":{"type":"string","enum":["weak","very_strong"],"description":"How"},\
                        "limit":{"type":"integer","minimum":1,"maximum":50,"description":"Most"}},\
                        "required":["prompt"],"additionalProperties":false}\
                        """);
    }

    @Test
    void aToolWithoutArgumentsIsClosedToo() {
        var schema = contractOf("callNothing").tool().inputSchema();

        assertThat(schema)
                .isEqualTo(
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of(),
                                "additionalProperties",
                                false));
    }

    @Test
    void theToolKeepsItsTitleItsDescriptionAndItsHintsAndDeclaresNoOutput() {
        var tool = contract.tool();

        assertThat(tool.name()).isEqualTo("consult");
        assertThat(tool.title()).isEqualTo("Consult");
        assertThat(tool.description()).isEqualTo("Asks.");
        assertThat(tool.outputSchema()).isNull();
        assertThat(tool.annotations().title()).isNull();
        assertThat(tool.annotations().readOnlyHint()).isTrue();
        assertThat(tool.annotations().destructiveHint()).isFalse();
        assertThat(tool.annotations().openWorldHint()).isTrue();
    }

    @Test
    void everyArgumentIsReadUnderItsNameInJava() {
        var read =
                contract.read(
                        Map.of(
                                "prompt",
                                " Why? ",
                                "max_turns",
                                3,
                                "offset",
                                -1,
                                "session_id",
                                ID,
                                "fresh",
                                true,
                                "cwd",
                                "/repo",
                                "strength",
                                "very_strong"));

        assertThat(read.ignored()).isEmpty();
        assertThat(read.values())
                .isEqualTo(
                        Map.of(
                                "prompt",
                                " Why? ",
                                "maxTurns",
                                3,
                                "offset",
                                -1,
                                "sessionId",
                                LOWER,
                                "fresh",
                                true,
                                "cwd",
                                "/repo",
                                "strength",
                                Strength.VERY_STRONG));
    }

    static Stream<Arguments> nothing() {
        return Stream.of("max_turns", "offset", "session_id", "fresh", "cwd", "strength", "limit")
                .flatMap(name ->
                        Stream.of(null, "", "  ", "null", " NULL ", "\"\"", "''", "\"null\"")
                                .map(value -> arguments(name, value)));
    }

    @ParameterizedTest
    @MethodSource("nothing")
    void whatModelsSendForNothingIsTheSameAsAbsent(String name, String value) {
        assertThat(valuesOf(name, value)).isEqualTo(Map.of("prompt", "Why?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"0\"", "0.0"})
    void noTurnsMeansThatThereIsNoBound(String zero) {
        assertThat(valuesOf("max_turns", zero)).doesNotContainKey("maxTurns");
        assertThat(valuesOf("max_turns", 0)).doesNotContainKey("maxTurns");
        assertThat(valuesOf("offset", zero)).containsEntry("offset", 0);
    }

    static Stream<Arguments> otherNotations() {
        var hex = ID.replace("-", "");
        return Stream.of(
                arguments("max_turns", "5", "maxTurns", 5),
                arguments("max_turns", " \"5\" ", "maxTurns", 5),
                arguments("max_turns", "5.0", "maxTurns", 5),
                arguments("limit", "'50'", "limit", 50),
                arguments("offset", "-3", "offset", -3),
                arguments("fresh", "true", "fresh", true),
                arguments("fresh", "False", "fresh", false),
                arguments("fresh", " \"TRUE\"", "fresh", true),
                arguments("strength", "VERY_Strong", "strength", Strength.VERY_STRONG),
                arguments("strength", " 'weak' ", "strength", Strength.WEAK),
                arguments("cwd", "\"/repo\"", "cwd", "/repo"),
                arguments("cwd", " `/re po` ", "cwd", "/re po"),
                arguments("cwd", "/it's", "cwd", "/it's"),
                arguments("cwd", "\"", "cwd", "\""),
                arguments("session_id", " " + ID + "\n", "sessionId", LOWER),
                arguments("session_id", "\"" + ID + "\"", "sessionId", LOWER),
                arguments("session_id", "{" + ID + "}", "sessionId", LOWER),
                arguments("session_id", "urn:uuid:" + ID, "sessionId", LOWER),
                arguments("session_id", "URN:UUID:" + ID, "sessionId", LOWER),
                arguments("session_id", hex, "sessionId", LOWER),
                arguments("session_id", " '{" + hex + "}'", "sessionId", LOWER));
    }

    @ParameterizedTest
    @MethodSource("otherNotations")
    void aValueIsTakenInEveryNotationThatCanMeanOnlyThat(
            String name, Object value, String parameter, Object taken) {
        assertThat(valuesOf(name, value)).containsEntry(parameter, taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Why?\"", " 'a' or 'b' ", "`x`", "null", "\"\"", "{\"prompt\":1}"})
    void aPromptIsTakenWordForWord(String prompt) {
        var read = contract.read(Map.of("prompt", prompt));

        assertThat(read.values()).isEqualTo(Map.of("prompt", prompt));
    }

    /** Clients forward these: Gemini CLI the first, Cline the second, and so on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait_for_previous",
                "task_progress",
                "security_risk",
                "explanation",
                "toolCallId",
                "reason",
                "action",
                "thought",
                "_meta",
                "temperature",
                "",
                "問"
            })
    void whatAClientAddsIsIgnoredAndNamed(String name) {
        var read = contract.read(Map.of("prompt", "Why?", name, List.of(true)));

        assertThat(read.values()).isEqualTo(Map.of("prompt", "Why?"));
        assertThat(read.ignored()).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({
        "sessionId, session_id",
        "session, session_id",
        "Session-ID, session_id",
        "sesion_id, session_id",
        "resume, session_id",
        "directory, cwd",
        "pwd, cwd",
        "cdw, cwd",
        "maxTurns, max_turns",
        "max_turn, max_turns",
        "ofset, offset",
        "frsh, fresh",
        "frehs, fresh",
        "limits, limit"
    })
    void whatLooksMisspeltIsRefusedWithTheRightName(String given, String right) {
        assertThatThrownBy(() -> contract.read(Map.of("prompt", "Why?", given, "x")))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(
                        "consult takes no argument `%s`, got `x` (string); call it %s"
                                .formatted(given, right));
    }

    @Test
    void nothingIsLostWhereTheRightArgumentIsThereTooOrTheOtherIsEmpty() {
        var both = contract.read(Map.of("prompt", "Why?", "session_id", ID, "sessionId", "n8n"));
        var empty = new HashMap<String, Object>(Map.of("prompt", "Why?"));
        empty.put("session", null);
        empty.put("directory", "");

        assertThat(both.values()).containsEntry("sessionId", LOWER);
        assertThat(both.ignored()).containsExactly("sessionId");
        assertThat(contract.read(empty).ignored())
                .containsExactlyInAnyOrder("session", "directory");
    }

    @Test
    void anotherNameForTheQuestionIsRefusedWithTheRightOne() {
        assertThatThrownBy(() -> contract.read(Map.of("question", "Why?")))
                .hasMessage(
                        "consult takes no argument `question`, got `Why?` (string); call it prompt");
    }

    @Test
    void aMissingArgumentNamesWhatWasGivenInItsPlace() {
        assertThatThrownBy(() -> contract.read(Map.of("frage", "Warum?")))
                .hasMessage("prompt must not be empty; consult takes no argument `frage`");
    }

    private Map<String, Object> valuesOf(String name, Object value) {
        var given = new HashMap<String, Object>(Map.of("prompt", "Why?"));
        given.put(name, value);
        return contract.read(given).values();
    }

    static Stream<Object> three() {
        return Stream.of(3, 3L, 3.0, new BigDecimal("3.000"), BigInteger.valueOf(3), 3.0f);
    }

    @ParameterizedTest
    @MethodSource("three")
    void aWholeNumberIsAnIntegerHoweverItIsWritten(Object value) {
        assertThat(valuesOf("max_turns", value)).containsEntry("maxTurns", 3);
    }

    @Test
    void theLargestIntegerIsTaken() {
        assertThat(valuesOf("max_turns", 2147483647L)).containsEntry("maxTurns", Integer.MAX_VALUE);
    }

    static Stream<Arguments> wrongArguments() {
        var turns = "max_turns must be an integer from 1 to 2147483647, got ";
        var session = "session_id must be a valid UUID, got ";
        var ten = "; for example \"max_turns\": 10";
        var none = " (string); leave it out for a new one";
        var flag = "; for example \"fresh\": true";
        return Stream.of(
                arguments("max_turns", -1, turns + "`-1` (number)" + ten),
                arguments("max_turns", 2147483648L, turns + "`2147483648` (number)" + ten),
                arguments("max_turns", 1.5, turns + "`1.5` (number)" + ten),
                arguments("max_turns", "five", turns + "`five` (string)" + ten),
                arguments("max_turns", "0x10", turns + "`0x10` (string)" + ten),
                arguments("max_turns", "NaN", turns + "`NaN` (string)" + ten),
                arguments(
                        "max_turns",
                        "9".repeat(30),
                        turns + "`" + "9".repeat(30) + "` (string)" + ten),
                arguments("max_turns", true, turns + "`true` (boolean)" + ten),
                arguments("max_turns", List.of(3), turns + "`[3]` (array)" + ten),
                arguments(
                        "max_turns", Double.POSITIVE_INFINITY, turns + "`Infinity` (number)" + ten),
                arguments(
                        "limit",
                        0,
                        "limit must be an integer from 1 to 50, got `0` (number); for example \"limit\": 10"),
                arguments("session_id", "new", session + "`new`" + none),
                arguments("session_id", "1-1-1-1-1", session + "`1-1-1-1-1`" + none),
                arguments(
                        "session_id",
                        LOWER.replaceFirst("-", ""),
                        session + "`" + LOWER.replaceFirst("-", "") + "`" + none),
                arguments("session_id", "a\u001b[31m\nb", session + "`a [31m b`" + none),
                arguments("session_id", 7, session + "`7` (number); leave it out for a new one"),
                arguments(
                        "session_id",
                        "x".repeat(5_000),
                        session + "`" + "x".repeat(100) + "…`" + none),
                arguments("fresh", "yes", "fresh must be true or false, got `yes` (string)" + flag),
                arguments("fresh", 1, "fresh must be true or false, got `1` (number)" + flag),
                arguments(
                        "cwd",
                        7,
                        "cwd must be a string, got `7` (number); for example \"cwd\": \"…\""),
                arguments(
                        "cwd",
                        Map.of("a", 1),
                        "cwd must be a string, got `{a=1}` (object); for example \"cwd\": \"…\""),
                arguments(
                        "strength",
                        "huge",
                        "strength must be one of weak, very_strong, got `huge` (string)"),
                arguments(
                        "strength",
                        1,
                        "strength must be one of weak, very_strong, got `1` (number)"));
    }

    @ParameterizedTest
    @MethodSource("wrongArguments")
    void aWrongArgumentIsRefusedWithItsNameAndItsValue(String name, Object value, String text) {
        var given = new HashMap<String, Object>(Map.of("prompt", "Why?"));
        given.put(name, value);

        assertThatThrownBy(() -> contract.read(given))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\u2003", "\u00a0", "\ufeff", "\u001c", "\u0000"})
    void aBlankPromptIsEmpty(String prompt) {
        var given = Map.<String, Object>of("prompt", prompt);

        assertThatThrownBy(() -> contract.read(given))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("prompt must not be empty");
    }

    @Test
    void aMissingPromptIsEmptyToo() {
        assertThatThrownBy(() -> contract.read(Map.of())).hasMessage("prompt must not be empty");
        assertThatThrownBy(() -> contract.read(null)).hasMessage("prompt must not be empty");
    }

    @Test
    void aMissingIdIsMissing() {
        var cancel = contractOf("cancel");

        assertThatThrownBy(() -> cancel.read(Map.of())).hasMessage("job_id is missing");
    }

    @Test
    void theSchemasPatternAndTheCheckAgreeOnEveryCharacter() {
        var schema = contract.tool().inputSchema().toString();
        var pattern =
                Pattern.compile(
                        "[^\\s\\x00-\\x1f\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]");

        assertThat(schema).contains("[^\\s\\x00-\\x1f]");
        for (int character = 0; character <= Character.MAX_VALUE; character++) {
            var given = Map.<String, Object>of("prompt", Character.toString(character));
            boolean taken = pattern.matcher(Character.toString(character)).find();
            assertThat(isTaken(given)).as("%04x", character).isEqualTo(taken);
        }
    }

    private boolean isTaken(Map<String, Object> given) {
        try {
            contract.read(given);
            return true;
        } catch (InvalidArgumentException _) {
            return false;
        }
    }

    @Test
    void aPromptThatIsNoTextIsNamed() {
        var given = Map.<String, Object>of("prompt", List.of("Why?"));

        assertThatThrownBy(() -> contract.read(given))
                .hasMessage(
                        "prompt must be a string, got `[Why?]` (array); for example \"prompt\": \"…\"");
    }

    @Test
    void aQuotedValueIsNeverCutWithinACharacter() {
        var quoted = InvalidArgumentException.quote("x".repeat(99) + "😀".repeat(10));

        assertThat(quoted.codePoints()).noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }

    @Test
    void anArgumentOfAnUnknownTypeStopsTheStart() {
        assertThatThrownBy(() -> contractOf("callWrongly"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Instant");
    }

    private static ToolContract contractOf(String method) {
        var found =
                Arrays.stream(Bean.class.getDeclaredMethods())
                        .filter(candidate -> candidate.getName().equals(method))
                        .findFirst()
                        .orElseThrow();
        return new ToolContract(found, List.of(), HINTS);
    }
}
