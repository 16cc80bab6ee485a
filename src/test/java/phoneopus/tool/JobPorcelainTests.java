package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.run.Activity;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

class JobPorcelainTests {

    private static final String JOB = Samples.JOB.toString();
    private static final String SESSION = Samples.SESSION.toString();
    private static final String WAIT = "consult_wait {\"job_id\":\"" + JOB + "\"}";
    private static final Activity READING = new Activity(3, "Read Main.java", 0.04);
    private static final Instant CREATED = Samples.request().created();

    @Test
    void aSubmissionNamesTheJobAndTheNextStep() {
        var text = JobPorcelain.submitted(Samples.queued(), null, false, false);

        assertThat(text)
                .isEqualTo(
                        "background consult submitted job=%s session=%s status=queued\nnext: %s"
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aSubmissionThatJoinedSaysSoInItsHeadLine() {
        var text = JobPorcelain.submitted(Samples.running(), READING, true, false);

        assertThat(text)
                .isEqualTo(
                        "background consult submitted job=%s session=%s status=running joined\nnext: %s"
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aConsultThatGoesOnSaysSoAndThatItHasNotFailed() {
        var text = goesOn(READING, false);

        assertThat(text)
                .isEqualTo(
                        """
                        consult still running job=%s elapsed=50s turn=3 last="Read Main.java" session=%s
                        Not finished, not failed. Do not resubmit. Next: %s\
                        """
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void oneThatWaitsForItsTurnIsNotCalledRunning() {
        var text =
                JobPorcelain.goesOn(Samples.queued(), null, Duration.ofSeconds(50), false, false);

        assertThat(text)
                .startsWith(
                        "consult still queued job="
                                + JOB
                                + " elapsed=50s session="
                                + SESSION
                                + "\nNot finished, not failed.");
    }

    @Test
    void oneThatIsQueuedSaysForWhat() {
        var why = new Activity(0, "queued behind 2 others; 4 of 4 running", null);

        var goesOn =
                JobPorcelain.goesOn(Samples.queued(), why, Duration.ofSeconds(50), false, false);
        var submitted = JobPorcelain.submitted(Samples.queued(), why, false, false);
        var job =
                JobPorcelain.job(
                        new JobView.Seen(Samples.queued(), why, null, 0, null), null, false);

        assertThat(goesOn)
                .contains("\nqueued behind 2 others; 4 of 4 running\nNot finished")
                .doesNotContain("running job=", "turn=");
        assertThat(submitted).contains("\nqueued behind 2 others; 4 of 4 running\nnext: ");
        assertThat(job)
                .isEqualTo(
                        "job=%s status=queued\nqueued behind 2 others; 4 of 4 running session=%s\nnext: %s"
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aRetryIsShownWithItsAttemptsItsDelayAndItsReason() {
        var retry = new Activity.Retry(2, 10, Duration.ofSeconds(3), "overloaded");

        assertThat(goesOn(new Activity(3, "Read Main.java", null, retry), false))
                .contains(
                        " last=\"Read Main.java\" waiting=\"retry 2 of 10 in 3 s (overloaded)\" ");
        assertThat(goesOn(new Activity(0, null, null, retry), false))
                .contains(" turn=0 waiting=\"retry 2 of 10 in 3 s (overloaded)\" ");
    }

    @Test
    void whatIsNotKnownOfAConsultThatGoesOnIsLeftOut() {
        assertThat(goesOn(null, false))
                .startsWith("consult still running job=" + JOB + " elapsed=50s session=");
        assertThat(goesOn(new Activity(1, null, null), false))
                .contains(" elapsed=50s turn=1 session=");
    }

    @Test
    void aConsultThatGoesOnAndWasJoinedSaysSoInItsHeadLine() {
        var text = goesOn(READING, true);

        assertThat(text)
                .contains(
                        " last=\"Read Main.java\" session="
                                + SESSION
                                + " joined\nNot finished, not failed.");
    }

    @Test
    void whatClaudeDoesIsOnOneLine() {
        var text = goesOn(new Activity(3, "Bash ls\n\u001b[2J\u2028x", null), false);

        assertThat(text.lines()).hasSize(2);
        assertThat(text).contains(" last=\"Bash ls  [2J x\" session=");
    }

    @Test
    void anAnsweredJobShowsItsResponseUnaltered() {
        var response = "  # Findings\r\n\n| a | b |\n\u001b[1mbold\n\n";

        var text = job(Samples.answered(response));

        assertThat(text)
                .isEqualTo(
                        """
                        job=%s status=succeeded
                        result ready model=claude-opus-4-1 turns=3 duration=61.2s cost=$0.2500 denied=2 session=%s
                        denied: Bash
                        denied: Edit
                        response:
                        %s\
                        """
                                .formatted(JOB, SESSION, response));
    }

    @Test
    void aLongAnswerOfAJobSaysHowToReadOn() {
        var job = Samples.answered("x".repeat(250));

        var text =
                JobPorcelain.job(
                        new JobView.Seen(job, null, null, 100, null),
                        Excerpt.of("x".repeat(250), 100, 100),
                        false);

        assertThat(text)
                .endsWith(
                        "\nresponse:\n%s\n[cut at 200 of 250; next: consult_job {\"job_id\":\"%s\",\"offset\":200}]"
                                .formatted("x".repeat(100), JOB));
    }

    @Test
    void aFailedJobSaysWhyAndWhatToDo() {
        var text = job(Samples.failed());

        assertThat(text)
                .isEqualTo(
                        """
                        job=%s status=failed
                        failed code=downstream/overloaded retryable=true session=%s
                        Claude said: Overloaded. Wait a minute, then resume with session_id %s.\
                        """
                                .formatted(JOB, SESSION, SESSION));
    }

    @Test
    void aCancelledJobNamesTheSessionToGoOnWith() {
        var text = job(Samples.job(JobStatus.CANCELLED, Samples.ended(new Outcome.Cancelled())));

        assertThat(text)
                .isEqualTo(
                        """
                        job=%s status=cancelled
                        failed code=process/interrupted retryable=false session=%s
                        The consult was cancelled. If its answer is wanted after all, resume with session_id %s.\
                        """
                                .formatted(JOB, SESSION, SESSION));
    }

    @Test
    void aRunningJobSaysWhatItDoesOnOneLineAndWhatToDoNext() {
        var text =
                JobPorcelain.job(
                        new JobView.Seen(
                                Samples.running(), READING, Duration.ofSeconds(4), 0, null),
                        null,
                        false);

        assertThat(text)
                .isEqualTo(
                        """
                        job=%s status=running
                        turn 3: Read Main.java, $0.04, last activity 4s ago session=%s
                        next: %s\
                        """
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aWaitInVainSaysWhenToWaitAgain() {
        var text =
                JobPorcelain.job(
                        new JobView.Seen(Samples.running(), READING, null, 0, 10), null, false);

        assertThat(text)
                .isEqualTo(
                        "job=%s status=running\nturn 3: Read Main.java, $0.04 session=%s retry_after_s=10\nnext: %s"
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aQueuedJobWaitsForItsTurn() {
        var text = job(Samples.queued());

        assertThat(text)
                .isEqualTo(
                        "job=%s status=queued\nwaiting in the queue session=%s\nnext: %s"
                                .formatted(JOB, SESSION, WAIT));
    }

    @Test
    void aJobThatRunsElsewhereSaysSo() {
        assertThat(job(Samples.job(Samples.original(), JobStatus.RUNNING, null)))
                .isEqualTo(
                        "job=%s status=running\nrunning in the original program\nnext: %s"
                                .formatted(JOB, WAIT));
        assertThat(job(Samples.job(Samples.original(), JobStatus.QUEUED, null)))
                .contains("\nqueued in the original program\n");
        assertThat(
                        JobPorcelain.table(
                                List.of(Samples.job(Samples.original(), JobStatus.RUNNING, null)),
                                CREATED))
                .endsWith(" | running | 0s | - | - | - | /work/repository | - | Why?");
    }

    @Test
    void noJobsAreOneLine() {
        assertThat(JobPorcelain.table(List.of(), CREATED)).isEqualTo("no background consult jobs");
    }

    @Test
    void aTableHasAHeaderAndARowAJob() {
        var table =
                JobPorcelain.table(
                        List.of(Samples.answered("Yes."), Samples.running()),
                        CREATED.plusMillis(90_000));

        assertThat(table)
                .isEqualTo(
                        """
                        job | status | age | model | turns | cost | cwd | session | prompt
                        %1$s | succeeded | 90s | claude-opus-4-1 | 3 | $0.2500 | /work/repository | %2$s | Why?
                        %1$s | running | 90s | opus | - | - | /work/repository | %2$s | Why?\
                        """
                                .formatted(JOB, SESSION));
    }

    @Test
    void aTableNamesNoSessionThatNeverBeganOrCannotBeResumed() {
        var broke = new Outcome.Refused(Refusal.OUT_OF_CREDIT, "No credit.", false, null);
        var jobs =
                List.of(
                        Samples.failed(),
                        Samples.job(JobStatus.FAILED, Samples.ended(broke)),
                        Samples.job(
                                JobStatus.FAILED,
                                Samples.ended(new Outcome.NotStarted("it is gone"))));

        var cells =
                JobPorcelain.table(jobs, CREATED)
                        .lines()
                        .skip(1)
                        .map(row -> row.split(" \\| ")[7])
                        .toList();

        assertThat(cells).containsExactly(SESSION, "-", "-");
    }

    @Test
    void whatWasRefusedIsListedOnceInShortLines() {
        var denials =
                "{'tool_name':'Bash','tool_input':{'command':'rm  x\\nrm y'}},".repeat(3)
                        + "{'tool_name':'Write','tool_input':{'file_path':'/%s'}}"
                                .formatted("w".repeat(500));
        var many =
                IntStream.range(0, 30)
                        .mapToObj(i -> ",{'tool_name':'T%d'}".formatted(i))
                        .collect(Collectors.joining());

        assertThat(Porcelain.denied(denying("[" + denials + "]")))
                .isEqualTo(
                        "denied: Bash rm  x (3 times)\ndenied: Write /%s…\n"
                                .formatted("w".repeat(79)));
        assertThat(Porcelain.denied(denying("[" + denials + many + "]")).lines())
                .hasSize(11)
                .endsWith("denied: 22 others");
        assertThat(Porcelain.denied(Samples.bareAnswer("Yes."))).isEmpty();
    }

    private static Answer denying(String denials) {
        Answer usual = Samples.answer("Yes.");
        return new Answer(
                usual.response(),
                usual.model(),
                usual.durationMs(),
                usual.durationApiMs(),
                usual.numTurns(),
                usual.stopReason(),
                usual.sessionId(),
                usual.totalCostUsd(),
                usual.usage(),
                usual.modelUsage(),
                Samples.json(denials),
                usual.fastModeState(),
                usual.uuid());
    }

    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "7199, 119m",
        "7200, 2h",
        "172799, 47h",
        "172800, 2d",
        "2592000, 30d"
    })
    void anAgeIsInOneUnit(long seconds, String age) {
        var table = JobPorcelain.table(List.of(Samples.queued()), CREATED.plusSeconds(seconds));

        assertThat(table).contains(" | queued | " + age + " | opus | ");
    }

    @Test
    void aPromptIsItsFirstLineAndAtMostSixtyCharacters() {
        assertThat(promptOf("\n  What about this?\nAnd that?")).isEqualTo("What about this?");
        assertThat(promptOf("x".repeat(60))).isEqualTo("x".repeat(60));
        assertThat(promptOf("x".repeat(61))).isEqualTo("x".repeat(60));
        assertThat(promptOf("😀".repeat(61))).isEqualTo("😀".repeat(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b",
                "a | | b",
                "a | | | b",
                "| b",
                "a |",
                "a\t|\tb",
                "a\u0000b",
                "a\u001b[31mb",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\rb"
            })
    void nothingInACellBreaksTheTable(String text) {
        var table = table(Samples.asking(text + "x", "/work/" + text));

        assertThat(table.split("\\R")).hasSize(2);
        assertThat(table.lines().skip(1).findFirst().orElseThrow().split(" \\| ")).hasSize(9);
        assertThat(table.replace("\n", "").codePoints()).noneMatch(Character::isISOControl);
    }

    @Test
    void aBarThatStandsBetweenOtherCharactersStays() {
        assertThat(promptOf("a||b |c| d")).isEqualTo("a||b |c| d");
    }

    @Test
    void figuresLookTheSameWhateverTheMachineSpeaks() {
        var before = Locale.getDefault();

        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        String table;
        String text;
        try {
            table =
                    JobPorcelain.table(
                            List.of(Samples.answered("Yes.")), CREATED.plusMillis(7_200_000));
            text = goesOn(READING, false);
        } finally {
            Locale.setDefault(before);
        }

        assertThat(table).contains(" | 2h | ", " | $0.2500 | ");
        assertThat(text).contains(" elapsed=50s turn=3 ");
    }

    @Test
    void atATerminalWhatToDoNextIsACommand() {
        assertThat(JobPorcelain.whole(Samples.running(), READING))
                .endsWith("\nnext: phone-opus wait " + JOB);
        assertThat(JobPorcelain.whole(Samples.failed(), null))
                .endsWith("then resume with phone-opus ask --session %s \"…\".".formatted(SESSION));
    }

    @Test
    void atATerminalTheAnswerIsWhole() {
        var text = JobPorcelain.whole(Samples.answered("x".repeat(100_000)), null);

        assertThat(text).endsWith("\nresponse:\n" + "x".repeat(100_000));
    }

    @Test
    void inFullAJobSaysAllThatIsKnownOfItInLines() {
        var text =
                JobPorcelain.job(
                        new JobView.Seen(Samples.answered("Yes."), null, null, 0, null),
                        Excerpt.of("Yes.", 0, 100),
                        true);

        assertThat(text)
                .isEqualTo(
                        """
                        job=%1$s status=succeeded
                        mode=background created=2023-11-14T22:13:20Z started=2023-11-14T22:13:21Z finished=2023-11-14T22:14:21.234Z updated=2023-11-14T22:14:21.234Z runner_pid=-
                        cwd=/work/repository
                        session_mode=new requested_session=- max_turns=- effort=max prefix=true
                        prompt:
                        Why?
                        result ready model=claude-opus-4-1 turns=3 duration=61.2s cost=$0.2500 denied=2 session=%2$s
                        stop_reason=end_turn duration_api=50.0s total_cost=$0.5000 fast_mode=off uuid=b1b2b3b4-0000-4000-8000-000000000000
                        usage output_tokens=12 nested.a.0=1 nested.a.1=2
                        model_usage claude-opus-4-1.costUSD=0.5
                        denied tool_name=Bash
                        denied tool_name=Edit
                        denied: Bash
                        denied: Edit
                        response:
                        Yes.\
                        """
                                .formatted(JOB, SESSION));
    }

    @Test
    void inFullASubmissionRepeatsWhatWasAsked() {
        var request = Samples.asking("x".repeat(5_000), "/work");
        var job = Samples.job(request, JobStatus.RUNNING, null);

        var submitted = JobPorcelain.submitted(job, null, false, true);
        var goesOn = JobPorcelain.goesOn(job, READING, Duration.ofSeconds(50), false, true);

        assertThat(submitted)
                .contains("\ncwd=/work\n", "\n[cut at 2000 of 5000]\nnext: consult_wait ");
        assertThat(goesOn)
                .startsWith("consult still running ")
                .contains("\ncwd=/work\n", "\nNot finished, not failed. ");
    }

    @Test
    void inFullATableHasMoreColumns() {
        var table =
                JobPorcelain.table(
                        List.of(Samples.answered("Yes."), Samples.failed()), Instant.EPOCH, true);

        assertThat(table.lines().toList().getFirst())
                .isEqualTo(
                        "job | status | age | model | turns | cost | cwd | session | mode | effort | duration | denied | failure | prompt");
        assertThat(table)
                .contains(" | " + SESSION + " | background | max | 61.2s | 2 | - | Why?")
                .contains(
                        " | "
                                + SESSION
                                + " | background | max | - | - | downstream/overloaded | Why?");
    }

    private static String goesOn(Activity activity, boolean joined) {
        return JobPorcelain.goesOn(
                Samples.running(), activity, Duration.ofMillis(50_900), joined, false);
    }

    private static String job(Job job) {
        var answer = job.answer();
        return JobPorcelain.job(
                new JobView.Seen(job, null, null, 0, null),
                answer == null ? null : Excerpt.of(answer.response(), 0, 1_000),
                false);
    }

    private static String promptOf(String prompt) {
        var row = table(Samples.asking(prompt, "/work")).lines().skip(1).findFirst().orElseThrow();
        String before = "/work | " + SESSION + " | ";
        return row.substring(row.indexOf(before) + before.length());
    }

    private static String table(JobRequest request) {
        Completion none = null;
        return JobPorcelain.table(
                List.of(Samples.job(request, JobStatus.QUEUED, none)), CREATED.plusMillis(1_000));
    }
}
