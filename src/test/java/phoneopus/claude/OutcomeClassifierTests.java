package phoneopus.claude;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.run.Answer;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.run.StopReason;

class OutcomeClassifierTests {

    static final String UNRECORDED = "unrecorded";
    static final Limits LIMITS = new Limits(Duration.ofHours(1), Duration.ofMinutes(10));
    static final Instant SAID = Instant.parse("2026-11-25T12:00:00Z");
    static final String ANSWERED =
            "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"Yes.\"}";
    static final String OUT_OF_TURNS =
            "{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":true,\"total_cost_usd\":0.5,\"errors\":[\"Reached maximum number of turns (2)\"]}";

    @ParameterizedTest
    @MethodSource("recordedRuns")
    void aRecordedRunEndsAsTheTableSays(Recording recording, String expected) {
        var outcome = verdict(recording);

        assertThat(inShort(outcome)).isEqualTo(expected);
    }

    @Test
    void theTableNamesEveryRecordedRun() {
        var names = Recording.all().stream().map(Recording::name).toList();

        assertThat(names).hasSize(210).doesNotHaveDuplicates();
        assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(Recording.all())
                .filteredOn(recording -> Files.notExists(recording.stdout()))
                .extracting(Recording::name)
                .containsExactlyInAnyOrderElementsOf(
                        table().keySet().stream()
                                .filter(name -> table().get(name).equals(UNRECORDED))
                                .toList());
    }

    @Test
    void everyRefusalAndEveryEndingWithoutAMarkerWasRecorded() {
        var recorded = table().values().stream().map(ending -> ending.split(" ")).toList();

        assertThat(recorded)
                .extracting(ending -> ending[0])
                .contains("answered", "refused", "interrupted", "not_started");
        // Of a command that is too old there is no recording: it could not be asked at all.
        assertThat(recorded)
                .filteredOn(ending -> ending[0].equals("refused"))
                .extracting(ending -> Refusal.valueOf(ending[1]))
                .containsAll(EnumSet.complementOf(EnumSet.of(Refusal.CLAUDE_TOO_OLD)));
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void anAnswerWinsOverEveryMarker(StopReason marker) {
        var outcome = verdict(Optional.of(marker), Optional.of(143), "killed", ANSWERED);

        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void anAnswerWinsOverTheExitCode() {
        assertThat(verdict(Optional.empty(), Optional.of(1), "", ANSWERED))
                .isInstanceOf(Outcome.Answered.class);
        assertThat(verdict(Optional.empty(), Optional.empty(), "", ANSWERED))
                .isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aMarkerWinsOverARefusal() {
        assertThat(marked(StopReason.CANCELLED, OUT_OF_TURNS)).isEqualTo(new Outcome.Cancelled());
        assertThat(marked(StopReason.TIMED_OUT, OUT_OF_TURNS))
                .isEqualTo(new Outcome.TimedOut(LIMITS.timeout()));
        assertThat(marked(StopReason.STALLED, OUT_OF_TURNS))
                .isEqualTo(new Outcome.Stalled(LIMITS.stallTimeout()));
        assertThat(inShort(marked(StopReason.FLOODED, OUT_OF_TURNS)))
                .isEqualTo("refused BAD_OUTPUT final");
    }

    @Test
    void aMarkerWinsOverTheExitCode() {
        assertThat(marked(StopReason.CANCELLED)).isEqualTo(new Outcome.Cancelled());
        assertThat(verdict(Optional.of(StopReason.CANCELLED), Optional.empty(), ""))
                .isEqualTo(new Outcome.Cancelled());
    }

    @Test
    void aRefusalWinsOverTheExitCode() {
        var outcome = verdict(Optional.empty(), Optional.of(143), "killed", OUT_OF_TURNS);

        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.MAX_TURNS,
                                "Reached maximum number of turns (2)",
                                false,
                                0.5));
    }

    @Test
    void noErrorTakesAnAnswerBack() {
        var before = verdict(Optional.empty(), Optional.of(0), "", OUT_OF_TURNS, ANSWERED);
        var after = verdict(Optional.empty(), Optional.of(1), "", ANSWERED, OUT_OF_TURNS);

        assertThat(answerOf(before).origin().laterError()).isNull();
        assertThat(answerOf(after).response()).isEqualTo("Yes.");
        assertThat(answerOf(after).origin().laterError())
                .isEqualTo("Reached maximum number of turns (2)");
    }

    @Test
    void anErrorThatAnotherAnswerFollowsIsNotToldOfIt() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        ANSWERED,
                        OUT_OF_TURNS,
                        ANSWERED.replace("Yes.", "No."));

        assertThat(answerOf(outcome).response()).isEqualTo("No.");
        assertThat(answerOf(outcome).origin().laterError()).isNull();
    }

    @Test
    void aLaterAnswerReplacesAnEarlierOneAndAnEmptyOneDoesNot() {
        var later = ANSWERED.replace("Yes.", "No.");
        var empty = ANSWERED.replace("Yes.", "");

        assertThat(answerOf(verdict(Optional.empty(), Optional.of(0), "", ANSWERED, later)))
                .extracting(Answer::response)
                .isEqualTo("No.");
        assertThat(answerOf(verdict(Optional.empty(), Optional.of(0), "", ANSWERED, empty)))
                .extracting(Answer::response)
                .isEqualTo("Yes.");
    }

    @Test
    void anEmptyResultIsAnsweredByTheLastMessage() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        says("interim"),
                        says("forty-two"),
                        ANSWERED.replace("Yes.", ""));

        assertThat(answerOf(outcome).response()).isEqualTo("forty-two");
        assertThat(answerOf(outcome).origin().source()).isEqualTo(Answer.Source.TRANSCRIPT);
    }

    @Test
    void withoutAResultTheLastMessageIsAnAnswerOnlyWhereAllWentWell() {
        var well = verdict(Optional.empty(), Optional.of(0), "", says("forty-two"));

        assertThat(answerOf(well).response()).isEqualTo("forty-two");
        assertThat(inShort(verdict(Optional.empty(), Optional.of(143), "", says("forty-t"))))
                .isEqualTo("interrupted");
        assertThat(inShort(verdict(Optional.empty(), Optional.empty(), "", says("forty-t"))))
                .isEqualTo("interrupted");
        assertThat(inShort(marked(StopReason.CANCELLED, says("forty-t")))).isEqualTo("cancelled");
    }

    @Test
    void nothingIsNeverAnAnswer() {
        assertThat(
                        inShort(
                                verdict(
                                        Optional.empty(),
                                        Optional.of(0),
                                        "",
                                        ANSWERED.replace("Yes.", " "))))
                .isEqualTo("refused BAD_OUTPUT retryable");
    }

    @Test
    void whatNoAnswerHasCostIsTold() {
        var empty =
                ANSWERED.replace("\"result\":\"Yes.\"", "\"result\":\"\",\"total_cost_usd\":0.5");

        var refused = (Outcome.Refused) verdict(Optional.empty(), Optional.of(0), "", empty);

        assertThat(refused.refusal()).isEqualTo(Refusal.BAD_OUTPUT);
        assertThat(refused.totalCostUsd()).isEqualTo(0.5);
    }

    @Test
    void aRunThatWasEndedBecauseItsResultWasThereEndsByItsResult() {
        assertThat(answerOf(marked(StopReason.FINISHED, ANSWERED)).response()).isEqualTo("Yes.");
        assertThat(inShort(marked(StopReason.FINISHED, OUT_OF_TURNS)))
                .isEqualTo("refused MAX_TURNS final");
    }

    @ParameterizedTest
    @CsvSource({
        "5.5,6",
        "1e3,1000",
        "1e30,",
        "1e400,",
        "99999999999999999999,",
        "-1e999999999,",
        "\"7\",",
    })
    void aFigureThatIsNoWholeNumberHarmsNothing(String figure, Long expected) {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        ANSWERED.replace(
                                "}",
                                ",\"duration_ms\":%1$s,\"duration_api_ms\":%1$s,\"num_turns\":%1$s,\"total_cost_usd\":%1$s,\"usage\":{\"input_tokens\":%1$s}}"
                                        .formatted(figure)));

        assertThat(answerOf(outcome).response()).isEqualTo("Yes.");
        assertThat(answerOf(outcome).durationMs()).isEqualTo(expected);
        assertThat(answerOf(outcome).durationApiMs()).isEqualTo(expected);
        boolean number = !figure.startsWith("\"") && Double.isFinite(Double.parseDouble(figure));
        assertThat(outcome.totalCostUsd())
                .isEqualTo(number ? Double.valueOf(figure) : (Object) null);
    }

    @Test
    void aNumberOfThousandsOfDigitsHarmsNothing() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        ANSWERED.replace("}", ",\"duration_ms\":" + "9".repeat(5_000) + "}"));

        assertThat(answerOf(outcome).durationMs()).isNull();
    }

    @Test
    void halfASurrogatePairIsAReplacementCharacter() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        ANSWERED.replace("Yes.", "a\\ud83d b \\ud83d\\ude00 c\\ude00"));

        assertThat(answerOf(outcome).response()).isEqualTo("a\ufffd b \ud83d\ude00 c\ufffd");
    }

    @Test
    void whatCanBeReadOfALineIsRead() {
        var two = ANSWERED.replace("Yes.", "one") + ANSWERED.replace("Yes.", "two");
        var broken = ANSWERED.replace("Yes.", "a\u00ffb").getBytes(ISO_8859_1);

        assertThat(answerOf(verdict(Optional.empty(), Optional.of(0), "", two)).response())
                .isEqualTo("two");
        assertThat(answerOf(verdict(Optional.empty(), Optional.of(0), "", two + "{\"ty")))
                .extracting(Answer::response)
                .isEqualTo("two");
        assertThat(responseOf(broken)).isEqualTo("a\ufffdb");
        assertThat(responseOf((ANSWERED + "\n").getBytes(UTF_16LE))).isEqualTo("Yes.");
        assertThat(responseOf(ANSWERED.getBytes(UTF_16))).isEqualTo("Yes.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"Yes.\"}",
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"Yes.\"}\r",
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"No.\",\"result\":\"Yes.\"}",
            })
    void aByteOrderMarkALineEndOfTwoBytesAndARepeatedKeyHideNoAnswer(String line) {
        assertThat(responseOf(line.getBytes(UTF_8))).isEqualTo("Yes.");
    }

    /** Each resumption would send it again: the advice is to leave that session. */
    @Test
    void aSessionThatHoldsHalfASurrogatePairIsRefusedForGood() {
        var words =
                "API Error: 400 The request body is not valid JSON: no low surrogate in string: line 1 column 158 (char 157)";
        var outcome = verdict(Optional.empty(), Optional.of(1), "", apiError(400, words));

        assertThat(outcome)
                .isEqualTo(new Outcome.Refused(Refusal.INVALID_REQUEST, words, false, null));
    }

    @Test
    void theModelIsTheOneThatAnsweredAndTheOneThatWasAskedIsNamed() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"fable-5\",\"apiKeySource\":\"ANTHROPIC_API_KEY\"}",
                        "{\"type\":\"system\",\"subtype\":\"model_refusal_fallback\",\"from_model\":\"fable-5\",\"to_model\":\"opus-4-8\"}",
                        used("\"haiku-9\":{\"outputTokens\":7},\"opus-4-8\":{\"outputTokens\":9}"));

        assertThat(answerOf(outcome).model()).isEqualTo("opus-4-8");
        assertThat(answerOf(outcome).origin().requestedModel()).isEqualTo("fable-5");
        assertThat(answerOf(outcome).origin().apiKeySource()).isEqualTo("ANTHROPIC_API_KEY");
    }

    @Test
    void withoutFiguresTheModelIsTheOneThatTookOver() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"fable-5\"}",
                        "{\"type\":\"system\",\"subtype\":\"model_refusal_fallback\",\"to_model\":\"opus-4-8\"}",
                        ANSWERED);

        assertThat(answerOf(outcome).model()).isEqualTo("opus-4-8");
    }

    @Test
    void ofAResumedSessionTheModelIsTheOneOfTheLastMessage() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"sonnet-9\"}",
                        "{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"model\":\"sonnet-9\",\"content\":[]}}",
                        used(
                                "\"opus-9\":{\"outputTokens\":900},\"sonnet-9[1m]\":{\"outputTokens\":9}"));

        assertThat(answerOf(outcome).model()).isEqualTo("sonnet-9[1m]");
        assertThat(answerOf(outcome).origin().requestedModel()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "429,You've hit your limit · resets 7pm (Europe/Berlin),2026-11-25T18:00:00Z",
        "429,You've hit your limit · resets 11am (UTC),2026-11-26T11:00:00Z",
        "429,Limit. It resets at 19:30 (Europe/Berlin),2026-11-25T18:30:00Z",
        "0,You've hit your session limit,",
        "0,Claude AI usage limit reached|1795640400,2026-11-25T21:00:00Z",
        "429,resets 7pm (Nowhere/Land),",
        "429,resets 77pm (UTC),",
        "429,rate_limit_error,",
    })
    void aLimitSaysWhenItResets(int status, String words, String expected) {
        var refused = (Outcome.Refused) verdict(apiError(status, words));

        assertThat(inShort(refused)).isEqualTo("refused RATE_LIMITED retryable");
        assertThat(refused.resetsAt()).isEqualTo(expected == null ? null : Instant.parse(expected));
    }

    @Test
    void aLimitThatIsOnlyToldInTheLastWordsSaysWhenItResetsToo() {
        var refused =
                (Outcome.Refused)
                        verdict(
                                Optional.empty(),
                                Optional.of(1),
                                "Claude AI usage limit reached|1795640400");

        assertThat(inShort(refused)).isEqualTo("refused RATE_LIMITED retryable");
        assertThat(refused.resetsAt()).isEqualTo(Instant.ofEpochSecond(1_795_640_400L));
    }

    @Test
    void theEventOfALimitIsSurerThanItsWords() {
        var refused =
                (Outcome.Refused)
                        verdict(
                                "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":1795640400}}",
                                apiError(
                                        429, "You've hit your limit · resets 7pm (Europe/Berlin)"));

        assertThat(refused.resetsAt()).isEqualTo(Instant.ofEpochSecond(1_795_640_400L));
    }

    @Test
    void aLimitThatDoesNotRefuseIsNone() {
        var refused =
                (Outcome.Refused)
                        verdict(
                                "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"allowed_warning\",\"resetsAt\":1795640400}}",
                                apiError(400, "Could not process image"));

        assertThat(inShort(refused)).isEqualTo("refused INVALID_REQUEST final");
    }

    @Test
    void anOverloadIsToldByItsWordsWhereItHasNoStatus() {
        assertThat(inShort(verdict(apiError(0, "Repeated 529 Overloaded errors"))))
                .isEqualTo("refused OVERLOADED retryable");
    }

    @Test
    void aTokenThatAnotherConsultRenewedIsWorthARetry() {
        assertThat(inShort(verdict(apiError(401, "OAuth token has been revoked"))))
                .isEqualTo("refused NOT_AUTHENTICATED retryable");
    }

    @Test
    void anOptionOfOursThatIsNotKnownIsAnOldCommands() {
        var ours = "error: unknown option '--effort'";
        var theirs = "error: unknown option '--frobnicate'";

        assertThat(inShort(verdict(Optional.empty(), Optional.of(1), ours)))
                .isEqualTo("refused CLAUDE_TOO_OLD final");
        assertThat(inShort(verdict(Optional.empty(), Optional.of(1), theirs)))
                .isEqualTo("refused CLAUDE_ERROR final");
    }

    @Test
    void whoComesToAResultHasBegunItsSession() {
        var nothing = new EventReader();
        var init = new EventReader();
        init.line(
                "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"x\"}".getBytes(UTF_8));
        var result = new EventReader();
        result.line(OUT_OF_TURNS.getBytes(UTF_8));

        assertThat(nothing.sessionBegun()).isFalse();
        assertThat(init.sessionBegun()).isTrue();
        assertThat(result.sessionBegun()).isTrue();
    }

    @Test
    void anExitCodeThatIsNoSignalIsNone() {
        assertThat(verdict(Optional.empty(), Optional.of(255), ""))
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.CLAUDE_ERROR,
                                "Claude ended with exit code 255 and no message.",
                                false,
                                null));
    }

    @Test
    void aSuccessWithoutAnAnswerIsBadOutput() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false}");

        assertThat(inShort(outcome)).isEqualTo("refused BAD_OUTPUT retryable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error_of_tomorrow", ""})
    void anErrorOfAKindThatIsNotKnownIsClaudes(String subtype) {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(1),
                        "",
                        "{\"type\":\"result\",\"subtype\":\"%s\",\"is_error\":true,\"errors\":[\"One.\",\"\",\"Two.\"]}"
                                .formatted(subtype));

        assertThat(outcome)
                .isEqualTo(new Outcome.Refused(Refusal.CLAUDE_ERROR, "One. Two.", false, null));
    }

    @Test
    void noLoginOnStderrIsNotAuthenticated() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(1),
                        "OAuth token has expired · Please run /login");

        assertThat(inShort(outcome)).isEqualTo("refused NOT_AUTHENTICATED final");
    }

    @Test
    void keepsTheWordsOfStderr() {
        assertThat(verdict(Recording.named("g-unknown-flag")))
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.CLAUDE_ERROR,
                                "error: unknown option '--frobnicate'",
                                false,
                                null));
        assertThat(verdict(Optional.empty(), Optional.of(127), "claude: not found"))
                .isEqualTo(new Outcome.NotStarted("claude: not found"));
    }

    @Test
    void saysTheExitCodeWhereThereIsNoWord() {
        var outcome = verdict(Optional.empty(), Optional.of(3), "");

        assertThat(outcome)
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.CLAUDE_ERROR,
                                "Claude ended with exit code 3 and no message.",
                                false,
                                null));
    }

    @Test
    void keepsTheWordsAndTheCostOfAResult() {
        assertThat(verdict(Recording.named("e-403")))
                .isEqualTo(
                        new Outcome.Refused(
                                Refusal.NOT_AUTHENTICATED,
                                "Failed to authenticate. API Error: 403 stub error 403",
                                false,
                                0.0));
        assertThat(verdict(Recording.named("g-budget-exceeded")))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> {
                            assertThat(refused.words()).isEqualTo("Reached maximum budget ($0.01)");
                            assertThat(refused.totalCostUsd()).isPositive();
                        });
    }

    @Test
    void takesEverythingFromTheResult() {
        var answer = answer(Recording.named("d-session-id"));

        assertThat(answer.response()).isEqualTo("Answer 1.");
        assertThat(answer.sessionId())
                .isEqualTo(UUID.fromString("11111111-2222-4333-8444-555555555555"));
        assertThat(answer.totalCostUsd()).isEqualTo(0.0008);
        assertThat(answer.durationMs()).isPositive();
        assertThat(answer.durationApiMs()).isPositive();
        assertThat(answer.numTurns()).isEqualTo(1);
        assertThat(answer.stopReason()).isEqualTo("end_turn");
        assertThat(answer.usage().path("output_tokens").asInt()).isEqualTo(20);
        assertThat(answer.modelUsage().propertyNames()).containsExactly("claude-opus-5-5");
        assertThat(answer.fastModeState()).isEqualTo("off");
        assertThat(answer.uuid()).hasSize(36);
        assertThat(answer.denials()).isZero();
    }

    @Test
    void keepsTheRefusedToolCalls() {
        var answer = answer(Recording.named("f-many-denials"));

        assertThat(answer.denials()).isEqualTo(2);
        assertThat(answer.permissionDenials())
                .allSatisfy(denial ->
                        assertThat(denial.propertyNames())
                                .contains("tool_name", "tool_use_id", "tool_input"));
    }

    @Test
    void keepsEveryCharacterOfTheAnswer() {
        var answer = answer(Recording.named("k-json-newlines"));

        assertThat(answer.response()).isEqualTo("line1\nline2 \"q\" \u2028 é");
    }

    @Test
    void theModelIsTheOneThatTheInitEventNames() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"opus-9\"}",
                        used("\"haiku-9\":{},\"opus-9\":{}"));

        assertThat(((Outcome.Answered) outcome).answer().model()).isEqualTo("opus-9");
    }

    @Test
    void withoutAnInitEventTheModelIsTheFirstInTheAlphabet() {
        var outcome =
                verdict(Optional.empty(), Optional.of(0), "", used("\"opus-9\":{},\"haiku-9\":{}"));

        assertThat(((Outcome.Answered) outcome).answer().model()).isEqualTo("haiku-9");
    }

    @Test
    void anAnswerMayLackEverythingElse() {
        var outcome = verdict(Optional.empty(), Optional.of(0), "", ANSWERED);

        assertThat(((Outcome.Answered) outcome).answer())
                .isEqualTo(
                        new Answer(
                                "Yes.",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                new Answer.Origin(null, null, Answer.Source.RESULT, null)));
        assertThat(((Outcome.Answered) outcome).answer().denials()).isZero();
    }

    @Test
    void partsOfAnotherShapeCountAsAbsent() {
        var outcome =
                verdict(
                        Optional.empty(),
                        Optional.of(0),
                        "",
                        "{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"Yes.\",\"session_id\":\"none\",\"total_cost_usd\":\"1\",\"duration_ms\":\"1\",\"num_turns\":\"1\",\"stop_reason\":null,\"uuid\":7,\"modelUsage\":[]}");

        var answer = ((Outcome.Answered) outcome).answer();
        assertThat(answer.sessionId()).isNull();
        assertThat(answer.totalCostUsd()).isNull();
        assertThat(answer.durationMs()).isNull();
        assertThat(answer.numTurns()).isNull();
        assertThat(answer.stopReason()).isNull();
        assertThat(answer.uuid()).isNull();
        assertThat(answer.model()).isNull();
    }

    static List<org.junit.jupiter.params.provider.Arguments> recordedRuns() {
        var table = table();
        return Recording.all().stream()
                .filter(recording -> !UNRECORDED.equals(table.get(recording.name())))
                .map(recording ->
                        org.junit.jupiter.params.provider.Arguments.of(
                                org.junit.jupiter.api.Named.of(recording.name(), recording),
                                table.getOrDefault(recording.name(), "not in the table")))
                .toList();
    }

    static Map<String, String> table() {
        return Recording.lines("verdicts.txt").stream()
                .map(line -> line.split(" +", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    static String inShort(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered _ -> "answered";
            case Outcome.Refused refused ->
                    "refused %s %s"
                            .formatted(
                                    refused.refusal(), refused.retryable() ? "retryable" : "final");
            case Outcome.TimedOut _ -> "timed_out";
            case Outcome.Stalled _ -> "stalled";
            case Outcome.Cancelled _ -> "cancelled";
            case Outcome.Interrupted _ -> "interrupted";
            case Outcome.NotStarted _ -> "not_started";
        };
    }

    static Answer answerOf(Outcome outcome) {
        return ((Outcome.Answered) outcome).answer();
    }

    static String responseOf(byte[] line) {
        var events = new EventReader();
        events.line(line);
        return answerOf(new OutcomeClassifier(events, LIMITS, SAID).of(null, 0, "")).response();
    }

    static String says(String text) {
        return "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}}"
                .formatted(text);
    }

    static String apiError(int status, String words) {
        return "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":%d,\"result\":\"%s\"}"
                .formatted(status, words);
    }

    static Outcome verdict(String... lines) {
        return verdict(Optional.empty(), Optional.of(1), "", lines);
    }

    static Answer answer(Recording recording) {
        return ((Outcome.Answered) verdict(recording)).answer();
    }

    static String used(String models) {
        return ANSWERED.replace("}", ",\"modelUsage\":{" + models + "}}");
    }

    static Outcome verdict(Recording recording) {
        return new OutcomeClassifier(recording.events(), LIMITS, SAID)
                .of(null, recording.exit().orElse(null), recording.stderr());
    }

    static Outcome marked(StopReason marker, String... lines) {
        return verdict(Optional.of(marker), Optional.of(143), "", lines);
    }

    static Outcome verdict(
            Optional<StopReason> marker, Optional<Integer> exit, String words, String... lines) {
        var events = new EventReader();
        Arrays.stream(lines).forEach(line -> events.line(line.getBytes(UTF_8)));
        return new OutcomeClassifier(events, LIMITS, SAID)
                .of(marker.orElse(null), exit.orElse(null), words);
    }
}
