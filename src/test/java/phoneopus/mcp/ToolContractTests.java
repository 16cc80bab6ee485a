package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import tools.jackson.databind.json.JsonMapper;

class ToolContractTests {

    private static final String ID = "3F2504E0-4f89-41d3-9a0c-0305e82c3301";

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
                @McpToolParam(description = "How", required = false) Strength strength) {}

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
                        "max_turns":{"type":"integer","minimum":1,"maximum":2147483647,"description":"Turns"},\
                        "offset":{"type":"integer","description":"Any number"},\
                        "session_id":{"type":"string","format":"uuid","description":"Session"},\
                        "fresh":{"type":"boolean","description":"New"},\
                        "cwd":{"type":"string","description":"Where"},\
                        "strength":{"type":"string","enum":["weak","very_strong"],"description":"How"}},\
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
                                "",
                                "strength",
                                "very_strong"));

        assertThat(read)
                .isEqualTo(
                        Map.of(
                                "prompt",
                                " Why? ",
                                "maxTurns",
                                3,
                                "offset",
                                -1,
                                "sessionId",
                                ID,
                                "fresh",
                                true,
                                "cwd",
                                "",
                                "strength",
                                Strength.VERY_STRONG));
    }

    @Test
    void nullIsTheSameAsAbsent() {
        var given = new HashMap<String, Object>();
        given.put("prompt", "Why?");
        given.put("max_turns", null);
        given.put("session_id", null);
        given.put("strength", null);

        var read = contract.read(given);

        assertThat(read).isEqualTo(Map.of("prompt", "Why?"));
    }

    static Stream<Object> three() {
        return Stream.of(3, 3L, 3.0, new BigDecimal("3.000"), BigInteger.valueOf(3), 3.0f);
    }

    @ParameterizedTest
    @MethodSource("three")
    void aWholeNumberIsAnIntegerHoweverItIsWritten(Object value) {
        var read = contract.read(Map.of("prompt", "Why?", "max_turns", value));

        assertThat(read).containsEntry("maxTurns", 3);
    }

    @ParameterizedTest
    @CsvSource({"1e12,2147483647", "-1e12,-2147483648", "3000000000,2147483647"})
    void anIntegerWithoutARuleIsNeverRefusedForItsSize(double value, int taken) {
        var read = contract.read(Map.of("prompt", "Why?", "offset", value));

        assertThat(read).containsEntry("offset", taken);
    }

    @Test
    void theLargestIntegerIsTaken() {
        var read = contract.read(Map.of("prompt", "Why?", "max_turns", 2147483647L));

        assertThat(read).containsEntry("maxTurns", Integer.MAX_VALUE);
    }

    static Stream<Arguments> wrongArguments() {
        var turns = "max_turns must be an integer from 1 to 2147483647, got ";
        var session = "session_id must be a valid UUID, got ";
        return Stream.of(
                arguments("max_turns", 0, turns + "`0`"),
                arguments("max_turns", -1, turns + "`-1`"),
                arguments("max_turns", 2147483648L, turns + "`2147483648`"),
                arguments("max_turns", 1.5, turns + "`1.5`"),
                arguments("max_turns", "3", turns + "`3`"),
                arguments("max_turns", true, turns + "`true`"),
                arguments("max_turns", List.of(3), turns + "`[3]`"),
                arguments("max_turns", Double.POSITIVE_INFINITY, turns + "`Infinity`"),
                arguments("session_id", "", session + "``"),
                arguments("session_id", "not-a-uuid", session + "`not-a-uuid`"),
                arguments("session_id", "1-1-1-1-1", session + "`1-1-1-1-1`"),
                arguments("session_id", " " + ID, session + "` " + ID + "`"),
                arguments("session_id", "a\u001b[31m\nb", session + "`a [31m b`"),
                arguments("session_id", 7, session + "`7`"),
                arguments("session_id", "x".repeat(5_000), session + "`" + "x".repeat(100) + "…`"),
                arguments("fresh", "true", "fresh must be true or false, got `true`"),
                arguments("fresh", 1, "fresh must be true or false, got `1`"),
                arguments("cwd", 7, "cwd must be a string, got `7`"),
                arguments("cwd", Map.of("a", 1), "cwd must be a string, got `{a=1}`"),
                arguments(
                        "strength",
                        "VERY_STRONG",
                        "strength must be one of weak, very_strong, got `VERY_STRONG`"),
                arguments(
                        "strength",
                        "huge",
                        "strength must be one of weak, very_strong, got `huge`"),
                arguments("strength", 1, "strength must be one of weak, very_strong, got `1`"),
                arguments(
                        "maxTurns",
                        3,
                        "consult takes no argument `maxTurns` (got `3`), only prompt, max_turns, offset, session_id, fresh, cwd, strength"));
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
                .hasMessage("prompt must be a string, got `[Why?]`");
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
        return new ToolContract(found, List.of());
    }
}
