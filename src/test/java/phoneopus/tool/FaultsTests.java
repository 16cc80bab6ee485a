package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import phoneopus.claude.ClaudeProblems;
import phoneopus.job.JobProblems;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.original.OriginalProblems;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.Sessions.SessionNotFoundException;
import phoneopus.spool.StateUnavailableException;
import phoneopus.tool.Fault.FaultView;

class FaultsTests {

    private static final String SESSION = Samples.SESSION.toString();

    static Stream<Arguments> endings() {
        return Stream.of(
                arguments(
                        refused(Refusal.NOT_AUTHENTICATED, false),
                        "downstream/not_authenticated",
                        false,
                        "log in"),
                arguments(
                        refused(Refusal.RATE_LIMITED, true),
                        "downstream/rate_limited",
                        true,
                        SESSION),
                arguments(
                        refused(Refusal.OVERLOADED, true), "downstream/overloaded", true, SESSION),
                arguments(
                        refused(Refusal.MAX_TURNS, false),
                        "downstream/max_turns",
                        false,
                        "max_turns"),
                arguments(
                        refused(Refusal.BUDGET_EXCEEDED, false),
                        "downstream/budget_exceeded",
                        false,
                        SESSION),
                arguments(
                        refused(Refusal.SESSION_NOT_FOUND, false),
                        "downstream/session_not_found",
                        false,
                        "Omit session_id for a new session"),
                arguments(
                        refused(Refusal.OUT_OF_CREDIT, false),
                        "downstream/out_of_credit",
                        false,
                        "Tell the user to add credit"),
                arguments(
                        refused(Refusal.INVALID_REQUEST, false),
                        "downstream/invalid_request",
                        false,
                        "without session_id"),
                arguments(
                        refused(Refusal.CLAUDE_TOO_OLD, false),
                        "process/claude_too_old",
                        false,
                        "Tell the user to update Claude Code (`phone-opus doctor` prints"),
                arguments(
                        refused(Refusal.NOT_AUTHENTICATED, true),
                        "downstream/not_authenticated",
                        true,
                        "wait half a minute"),
                arguments(
                        refused(Refusal.CLAUDE_ERROR, true),
                        "downstream/claude_error",
                        true,
                        SESSION),
                arguments(
                        refused(Refusal.BAD_OUTPUT, true), "downstream/bad_output", true, SESSION),
                arguments(
                        new Outcome.TimedOut(Duration.ofMinutes(60)),
                        "timeout/timed_out",
                        false,
                        SESSION),
                arguments(
                        new Outcome.Stalled(Duration.ofSeconds(90)),
                        "timeout/stalled",
                        true,
                        SESSION),
                arguments(new Outcome.Cancelled(), "process/interrupted", false, SESSION),
                arguments(
                        new Outcome.Interrupted("it was killed by signal 9"),
                        "process/interrupted",
                        true,
                        SESSION),
                arguments(
                        new Outcome.NotStarted("the command could not be executed"),
                        "process/spawn_failed",
                        false,
                        "ask again"));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void anEndingIsAFaultOfItsClassAndSaysWhatToDo(
            Outcome outcome, String name, boolean retryable, String next) {
        var fault = Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.name()).isEqualTo(name);
        assertThat(fault.retryable()).isEqualTo(retryable);
        assertThat(fault.next()).contains(next);
        assertThat(fault.message()).matches(".+[.…]|Claude said: .+");
        assertThat(fault.job())
                .isEqualTo(
                        new Fault.Failed(
                                Samples.JOB, goesOn(outcome) ? Samples.SESSION : null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    stub error 429             | Claude said: stub error 429. Wait
                    Overloaded.                | Claude said: Overloaded. Wait
                    Why not?                   | Claude said: Why not? Wait
                    It said "Overloaded."      | Claude said: It said "Overloaded." Wait
                    {"type":"error"}           | Claude said: {"type":"error"}. Wait
                    """)
    void claudesWordsDoNotRunIntoOurs(String words, String sentence) {
        var outcome = new Outcome.Refused(Refusal.OVERLOADED, words, true, null);

        var fault = Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.sentence()).startsWith(sentence + " a minute, then ");
        assertThat(fault.message()).isEqualTo("Claude said: " + words);
    }

    private static boolean goesOn(Outcome outcome) {
        return !(outcome instanceof Outcome.NotStarted
                || (outcome instanceof Outcome.Refused refused
                        && List.of(
                                        Refusal.SESSION_NOT_FOUND,
                                        Refusal.OUT_OF_CREDIT,
                                        Refusal.INVALID_REQUEST,
                                        Refusal.CLAUDE_TOO_OLD)
                                .contains(refused.refusal())));
    }

    @ParameterizedTest
    @CsvSource({
        "true, , true",
        "true, false, true",
        "false, , true",
        "false, false, false",
        "false, true, true"
    })
    void aSessionThatNeverBeganIsNotOfferedAgainOneThatWasThereIs(
            boolean resumed, Boolean begun, boolean offered) {
        var outcome = new Outcome.Refused(Refusal.OVERLOADED, "Overloaded.", true, null);
        var ended = new Completion(Instant.ofEpochMilli(1), null, outcome, begun, null);

        var fault = Faults.of(resumed ? Samples.resumed() : Samples.request(), ended).orElseThrow();

        assertThat(fault.job().sessionId()).isEqualTo(offered ? Samples.SESSION : null);
        assertThat(fault.next().contains(SESSION)).isEqualTo(offered);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void aPersonIsToldTheSameInWordsOfTheTerminal(
            Outcome outcome, String name, boolean retryable, String next) {
        var fault =
                Faults.of(Samples.request(), Samples.ended(outcome), Wording.TERMINAL)
                        .orElseThrow();

        assertThat(fault.name()).isEqualTo(name);
        assertThat(fault.next())
                .isNotBlank()
                .doesNotContain("session_id", "max_turns", "the user", "Do not retry");
        if (next.equals(SESSION)) {
            assertThat(fault.next())
                    .contains("esume with phone-opus ask --session " + SESSION + " \"…\"");
        }
    }

    @Test
    void aModelIsGivenNoCommandButTheDoctor() {
        var endings =
                endings()
                        .map(each ->
                                Faults.of(Samples.request(), Samples.ended((Outcome) each.get()[0]))
                                        .orElseThrow());
        var problems = problems().map(each -> Faults.of((Throwable) each.get()[0]));

        assertThat(Stream.concat(endings, problems))
                .allSatisfy(fault ->
                        assertThat(fault.next().replace("`phone-opus doctor`", ""))
                                .isNotBlank()
                                .doesNotContain("`", "npm", "claude ", "phone-opus", "ulimit"));
    }

    @Test
    void aProblemBeforeTheConsultIsToldInWordsOfTheTerminalToo() {
        assertThat(atTheTerminal(new JobNotFoundException(Samples.JOB)))
                .endsWith("List all jobs with phone-opus jobs.");
        assertThat(atTheTerminal(new SessionNotFoundException(Samples.SESSION)))
                .endsWith("Omit --session for a new one.");
        assertThat(atTheTerminal(ClaudeProblems.notFound(null)))
                .endsWith("Run `phone-opus doctor`, which prints the fix.");
        assertThat(atTheTerminal(ClaudeProblems.tooOld(Path.of("/opt/claude"), "1.0.60")))
                .endsWith(
                        "Update Claude Code (`phone-opus doctor` prints the command): /opt/claude update");
        assertThat(atTheTerminal(JobProblems.notAccepted(new NoSuchFileException("/a/b"))))
                .contains("(a file is missing). Nothing was started. File: /a/b. Make sure");
    }

    private static String atTheTerminal(Exception problem) {
        return Faults.of(problem, Wording.TERMINAL).sentence();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void withoutASessionNobodyIsToldToGoOnWithOne(
            Outcome outcome, String name, boolean retryable, String next) {
        var fault = Faults.of(Samples.original(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.name()).isEqualTo(name);
        assertThat(fault.next()).isNotBlank().doesNotContain("null", "esume with");
        assertThat(fault.job()).isEqualTo(new Fault.Failed(Samples.JOB, null, null));
        assertThat(Porcelain.fault(fault)).contains(" session=- ");
        assertThat(FaultView.of(fault, "consult").sessionId()).isNull();
    }

    @Test
    void aTimeOutWhoseLimitIsNotKnownDoesNotNameOne() {
        assertThat(message(new Outcome.TimedOut(Duration.ZERO)))
                .isEqualTo("The consult was stopped because it took too long.");
        assertThat(message(new Outcome.Stalled(Duration.ZERO)))
                .isEqualTo("Claude showed no activity and was stopped.");
    }

    @Test
    void aLimitSaysHowManySecondsAreLeftAndNoneOnceItIsLifted() {
        assertThat(secondsLeft(Instant.now().plusSeconds(90))).isBetween(1L, 90L);
        assertThat(secondsLeft(Instant.now().minusSeconds(90))).isZero();
        assertThat(secondsLeft(null)).isNull();
    }

    @Test
    void aLimitSaysWhenItIsLiftedAndASessionToResumeThen() {
        var today = ZonedDateTime.now();
        var soon = today.plusMinutes(1).getDayOfYear() == today.getDayOfYear();
        var later = today.plusDays(3).withHour(19).withMinute(0);

        assertThat(nextAfterLimit(today.plusMinutes(1)))
                .matches(
                        "The limit resets at \\d\\d:\\d\\d \\S+" + (soon ? "" : " on .+") + "; .*");
        assertThat(nextAfterLimit(later))
                .startsWith("The limit resets at 19:00 ")
                .contains(
                        " on " + later.format(DateTimeFormatter.ofPattern("MMM d", Locale.ENGLISH)))
                .contains("Wait, then")
                .endsWith("session_id " + SESSION + ".");
    }

    private static String nextAfterLimit(ZonedDateTime resets) {
        var limited =
                new Outcome.Refused(
                        Refusal.RATE_LIMITED,
                        "You've hit your limit",
                        true,
                        null,
                        resets.toInstant());
        return Faults.of(Samples.request(), Samples.ended(limited)).orElseThrow().next();
    }

    private static Long secondsLeft(Instant resetsAt) {
        var limited = new Outcome.Refused(Refusal.RATE_LIMITED, "No.", true, null, resetsAt);
        var fault = Faults.of(Samples.request(), Samples.ended(limited)).orElseThrow();
        return FaultView.of(fault, "consult").retryAfterS();
    }

    @Test
    void anAnswerIsNoFault() {
        var ended = Samples.ended(new Outcome.Answered(Samples.answer("Yes.")));

        assertThat(Faults.of(Samples.request(), ended)).isEmpty();
    }

    @Test
    void whereThereIsAdviceItIsWhatToDoNext() {
        var missing = Faults.of(ClaudeProblems.notFound("/opt/a. Install it/claude"));
        var unknown = Faults.of(new InvalidArgumentException("job_id is missing"));
        var full = Faults.of(JobProblems.queueFull(100));

        assertThat(missing.message()).endsWith("(looked for `/opt/a. Install it/claude`).");
        assertThat(missing.next()).endsWith("Do not retry until then.");
        assertThat(unknown.next()).isEqualTo("Correct that argument and call again.");
        assertThat(unknown.sentence()).isEqualTo("job_id is missing");
        assertThat(full.next()).isEqualTo("Try again when one has ended.");
    }

    @Test
    void noFaultThatIsKnownLeavesItOpenWhatToDoNext() {
        assertThat(problems().map(each -> Faults.of((Throwable) each.get()[0])))
                .allSatisfy(fault -> assertThat(fault.next()).isNotBlank());
    }

    @Test
    void aCommandThatIsTooOldIsNamedWithWhatIsNeededAndItsUpdate() {
        var fault = Faults.of(ClaudeProblems.tooOld(Path.of("/opt/claude"), "1.0.60"));

        assertThat(fault.name()).isEqualTo("process/claude_too_old");
        assertThat(fault.retryable()).isFalse();
        assertThat(fault.message())
                .isEqualTo(
                        "Claude Code 1.0.60 (/opt/claude) is too old: phone-opus needs at least 2.1.111, the first that supports every value of `--effort`.");
        assertThat(fault.next()).contains("`phone-opus doctor` prints the command");
    }

    @Test
    void theOriginalProgramsConsultsAreSaidToBeStillComing() {
        var fault = Faults.of(OriginalProblems.stillComing());

        assertThat(fault.name()).isEqualTo("resource/store_unavailable");
        assertThat(fault.retryable()).isTrue();
        assertThat(fault.sentence()).contains("still being imported", "Try again in a moment");
    }

    @Test
    void aClassThatIsGoneIsSaidInWordsOfNone() {
        var gone = new NoClassDefFoundError("tools/jackson/core/JsonParser");

        assertThat(List.of(Faults.of(gone), Faults.of(new IllegalStateException(gone))))
                .allSatisfy(fault -> {
                    assertThat(fault.name()).isEqualTo("invariant/internal");
                    assertThat(fault.sentence()).contains("Restart").doesNotContain("jackson");
                });
    }

    @Test
    void aThreadThatCannotBeStartedIsWorthARetry() {
        var fault = Faults.of(new OutOfMemoryError("unable to create native thread: possibly ..."));

        assertThat(fault.name()).isEqualTo("process/spawn_failed");
        assertThat(fault.retryable()).isTrue();
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                arguments(
                        new InvalidArgumentException("prompt must not be empty"),
                        "protocol/invalid_input",
                        false,
                        "prompt must not be empty"),
                arguments(
                        new JobNotFoundException(Samples.JOB),
                        "protocol/not_found",
                        false,
                        "No job "
                                + Samples.JOB
                                + ": unknown or expired. List all jobs with consult_jobs {\"mode\":\"all\"}."),
                arguments(
                        new SessionNotFoundException(Samples.SESSION),
                        "downstream/session_not_found",
                        false,
                        "No session %s was begun here by you. Omit session_id for a new one."
                                .formatted(Samples.SESSION)),
                arguments(
                        StateUnavailableException.ending(),
                        "resource/store_unavailable",
                        true,
                        "This phone-opus server is shutting down, so nothing was started. Ask again after your client has restarted it."),
                arguments(
                        ClaudeProblems.notFound(null),
                        "process/claude_not_found",
                        false,
                        "Claude Code was not found (looked for `claude` on the PATH and in the standard locations). Tell the user to run `phone-opus doctor`, which prints the fix. Do not retry until then."),
                arguments(
                        JobProblems.queueFull(100),
                        "resource/queue_full",
                        true,
                        "100 consults are already queued, which is the limit. Try again when one has ended."),
                arguments(
                        JobProblems.tooManyRequests(4),
                        "resource/too_many_requests",
                        true,
                        "You already have 4 consults queued or running, which is the limit. Try again when one has ended."),
                arguments(
                        JobProblems.notAccepted(
                                new FileSystemException("/a/b", null, "No space left on device")),
                        "resource/store_unavailable",
                        true,
                        "The state directory cannot be written (No space left on device). Nothing was started. Make sure that it is writable and has free space, then try again."),
                arguments(
                        JobProblems.unreadable(
                                new FileSystemException("/a/b", null, "Input/output error")),
                        "resource/store_unavailable",
                        true,
                        "The state directory cannot be read (Input/output error). The consult itself keeps running. Make sure that the directory is readable."));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemBeforeTheConsultIsAFaultWithoutOne(
            Exception problem, String name, boolean retryable, String sentence) {
        var fault = Faults.of(problem);

        assertThat(fault.name()).isEqualTo(name);
        assertThat(fault.retryable()).isEqualTo(retryable);
        assertThat(fault.sentence()).isEqualTo(sentence);
        assertThat(fault.job()).isNull();
    }

    @Test
    void aConsultThatGoesOnAllTheSameIsNamed() {
        var request = Samples.request();

        var fault =
                Faults.of(JobProblems.unreadable(request, new IOException("Input/output error")));

        assertThat(fault.job())
                .isEqualTo(new Fault.Failed(request.jobId(), request.sessionId(), null));
    }

    static Stream<Exception> brokenMachinery() {
        return Stream.of(
                new IllegalStateException("/root/secret/path"),
                new NullPointerException("x is null"),
                new InterruptedException(),
                new RuntimeException(new IOException("/tmp/x")));
    }

    @ParameterizedTest
    @MethodSource("brokenMachinery")
    void aBugSaysNothingOfItselfButAnIdThatIsInTheLog(Exception bug) {
        var fault = Faults.of(bug);

        assertThat(fault.name()).isEqualTo("invariant/internal");
        assertThat(fault.retryable()).isFalse();
        assertThat(fault.sentence())
                .matches(".*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*")
                .doesNotContain("/", "Exception", "null");
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void neverMoreThanTwoThousandCharactersOfWordsComeThrough(Refusal refusal) {
        var outcome = new Outcome.Refused(refusal, "w".repeat(50_000), false, null);

        var fault = Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.message().replaceAll("[^w]", "").length()).isLessThanOrEqualTo(2_000);
    }

    @Test
    void theWordsOfACommandThatDidNotStartAreNoLonger() {
        var outcome = new Outcome.NotStarted("w".repeat(50_000));

        var fault = Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.message().length()).isLessThan(2_100);
    }

    @Test
    void wordsAreNeverCutWithinACharacter() {
        var outcome =
                new Outcome.Refused(Refusal.CLAUDE_ERROR, "w" + "😀".repeat(3_000), false, null);

        var fault = Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow();

        assertThat(fault.message().codePoints())
                .noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }

    static Stream<IOException> troubleWithTheStateDirectory() {
        return Stream.of(
                new FileAlreadyExistsException("/root/.local/state/phone_opus"),
                new AccessDeniedException("/root/.local/state/phone_opus"),
                new FileSystemException("/root/.local/state/phone_opus", null, "Not a directory"),
                new IOException(new IllegalStateException("boom")),
                new IOException((String) null));
    }

    @ParameterizedTest
    @MethodSource("troubleWithTheStateDirectory")
    void noPathAndNoClassOfJavaAppears(IOException trouble) {
        var notAccepted = Faults.of(JobProblems.notAccepted(trouble)).sentence();
        var unreadable = Faults.of(JobProblems.unreadable(trouble)).sentence();

        assertThat(notAccepted + unreadable)
                .doesNotContain("/root", "Exception", "java.", "null")
                .doesNotContainPattern("[a-z][A-Z]");
    }

    @Test
    void theLimitIsSaidInMinutesOrSeconds() {
        var minutes = message(new Outcome.TimedOut(Duration.ofMinutes(60)));
        var seconds = message(new Outcome.Stalled(Duration.ofSeconds(90)));
        var second = message(new Outcome.Stalled(Duration.ofSeconds(1)));

        assertThat(minutes).contains(" 60 min");
        assertThat(seconds).contains(" 90 s ");
        assertThat(second).contains(" 1 s ");
    }

    @Test
    void everyRefusalHasTheCodeOfItsName() {
        for (var refusal : Refusal.values()) {
            var fault =
                    Faults.of(Samples.request(), Samples.ended(refused(refusal, false)))
                            .orElseThrow();

            assertThat(fault.code().word()).isEqualTo(refusal.name().toLowerCase(Locale.ROOT));
        }
    }

    private static String message(Outcome outcome) {
        return Faults.of(Samples.request(), Samples.ended(outcome)).orElseThrow().message();
    }

    private static Outcome refused(Refusal refusal, boolean retryable) {
        return new Outcome.Refused(refusal, "its words.", retryable, null);
    }
}
