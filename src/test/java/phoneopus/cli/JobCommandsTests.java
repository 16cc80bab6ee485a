package phoneopus.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.HandMade;
import phoneopus.cli.Application.Setting;
import phoneopus.job.ConsultProperties;
import phoneopus.job.FakeClaude;
import phoneopus.job.JobLists;
import phoneopus.job.JobRetention;
import phoneopus.job.Jobs;
import phoneopus.job.WiredServer;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.setup.Settings;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.tool.ConsultInput;
import tools.jackson.databind.json.JsonMapper;

/** The commands about consults, on a real state directory, without starting the application. */
@Timeout(60)
class JobCommandsTests {
    private static final String FIRST = "3f250000-4f89-41d3-9a0c-0305e82c3301";
    private static final String SECOND = "3f251111-4f89-41d3-9a0c-0305e82c3301";
    private static final String THIRD = "4f252222-4f89-41d3-9a0c-0305e82c3301";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UUID SESSION = UUID.fromString("399c3241-20ab-4480-a9f1-2c1142de3308");

    private static final PipedInput NOTHING = new PipedInput(InputStream.nullInputStream(), false);

    @TempDir Path temporary;
    Path folder;
    Path repository;
    FakeClaude claude;
    WiredServer server;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectories(folder.resolve("a/repository"));
        claude = new FakeClaude(folder);
        server = new WiredServer(folder.resolve("state"), claude.command(), Map.of()).start();
    }

    @AfterEach
    void stop() throws Exception {
        server.endAll();
    }

    @Test
    void jobsListsAllInATable() throws IOException {
        consult(FIRST, repository, "Is this right?\nSecond line", Duration.ofHours(3), 0.254);
        consult(SECOND, repository, "漢字".repeat(40), Duration.ofDays(9), 12);

        assertThat(run("jobs")).isZero();

        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("JOB       STATE      AGE  COST    SESSION   IN              QUESTION");
        assertThat(lines.get(1))
                .isEqualTo(
                        "3f250000  succeeded  3h   $0.25   399c3241  …/a/repository  Is this right?");
        assertThat(lines.get(2)).startsWith("3f251111  succeeded  9d   $12.00  ").endsWith("漢…");
        assertThat(lines).hasSize(3);
        assertThat(err()).isEmpty();
    }

    @Test
    void aSessionThatCannotBeResumedIsNotListed() throws IOException {
        var refused =
                new Outcome.Refused(
                        Refusal.SESSION_NOT_FOUND, "No conversation found", false, null);
        consult(FIRST, repository, "One?", Duration.ofHours(3), refused);

        assertThat(lines("jobs").getLast()).startsWith("3f250000  failed  3h   $0.50  -        …");
    }

    @Test
    void aListThatWasCutSaysSo() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);

        var one = lines("jobs", "--limit", "1");
        var more = err();
        var both = lines("jobs", "--limit", "2");

        assertThat(one).hasSize(2).last().asString().endsWith("Two?");
        assertThat(more).isEqualTo("There are more: use --limit.\n");
        assertThat(both).hasSize(3);
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--cwd=a/repository, One?",
        "--status=failed, Three?",
        "--background, Two?",
        "--all --status=failed, Three?"
    })
    void jobsCanBeSelected(String options, String question) throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);
        server.spool.mark(id(SECOND), JobMarker.PROMOTED);
        consult(THIRD, folder, "Three?", Duration.ofHours(1), new Outcome.TimedOut(HOUR));

        var lines = lines(("jobs " + options.replace("=a/", "=" + folder + "/a/")).split(" "));

        assertThat(lines).hasSize(2).last().asString().endsWith(question);
    }

    @Test
    void noConsultsIsSaidWithoutATable() {
        assertThat(lines("jobs")).isEmpty();
        assertThat(err()).isEqualTo("no consults\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3f250", "3F250000", FIRST})
    void aConsultIsFoundByTheFirstCharactersOfItsId(String name) throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);

        var lines = lines("job", name);

        assertThat(lines).first().isEqualTo("job=" + FIRST + " status=succeeded");
        assertThat(lines).last().isEqualTo("Yes: One?");
    }

    @Test
    void anAmbiguousBeginningIsRefusedWithWhatItMayMean() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);

        var code = run("cancel", "3f25");

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(out.size()).isZero();
        assertThat(err())
                .startsWith("`3f25` is ambiguous:\nJOB  ")
                .contains("\n" + FIRST + "  succeeded  3h   One?\n")
                .contains("\n" + SECOND + "  succeeded  2h   Two?\n");
    }

    @Test
    void aBeginningOfNoConsultIsRefused() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);

        var code = run("job", "3f259");

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).startsWith("No job begins with `3f259`.").hasLineCount(1);
    }

    @Test
    void whatIsPipedAndFilesAreAppendedToTheQuestion() throws Exception {
        var notes = Files.writeString(folder.resolve("notes.md"), "one\ntwo\n");

        var asked = asked(piped("+ new line\n"), "-f", notes.toString(), "Review this");

        assertThat(asked)
                .isEqualTo("Review this\n\nFile " + notes + ":\n\none\ntwo\n\n\n+ new line\n");
        assertThat(err())
                .startsWith(
                        "appended %s: 2 lines, 8 bytes\nappended stdin: 1 line, 11 bytes\n"
                                .formatted(notes));
    }

    @Test
    void aFileAloneIsTheQuestion() throws Exception {
        var plan = Files.writeString(folder.resolve("plan.md"), "Is this right?\n");

        assertThat(asked(piped(" \n"), "-f", plan.toString())).isEqualTo("Is this right?\n");
        assertThat(err()).doesNotContain("appended");
    }

    @Test
    void whatIsPipedAloneIsTheQuestion() throws Exception {
        assertThat(asked(piped("Is this right?"))).isEqualTo("Is this right?");
    }

    @Test
    void aDashAfterAQuestionWaitsForStdin() throws Exception {
        try (var pipe = new PipedOutputStream()) {
            var stdin = new PipedInput(new PipedInputStream(pipe), false);
            Thread.startVirtualThread(() -> {
                try (pipe) {
                    pipe.write("late".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(asked(stdin, "Why?", "-")).isEqualTo("Why?\n\nlate");
        }
    }

    @Test
    void aPipeThatNobodyWritesToIsLeft() throws Exception {
        try (var pipe = new PipedOutputStream()) {
            var stdin = new PipedInput(new PipedInputStream(pipe), true);

            assertThat(asked(stdin, "Why?")).isEqualTo("Why?");
            assertThat(err()).startsWith("Nothing came in on stdin within 3 s");
        }
    }

    @Test
    void whatIsNoTextIsNotPaidFor() throws Exception {
        var program = Files.write(folder.resolve("program"), new byte[] {'E', 'L', 'F', 0, 1});

        assertThat(run("ask", "-f", program.toString(), "What is this?"))
                .isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).contains(program + " is not text");
    }

    @ParameterizedTest
    @CsvSource({
        "ask what would you do, put quotes around it",
        "ask, The question is missing",
        "ask --session 3f259 Why?, No session and no job begins with `3f259`.",
        "ask -c --session 3f25 Why?, --continue and --session exclude each other",
        "ask -f /no/such/file, /no/such/file does not exist",
        "ask -f /proc Why?, /proc cannot be read: Is a directory",
        "ask --max-turns 0 Why?, '--max-turns must be at least 1, got `0`'"
    })
    void aQuestionThatCannotBeAskedIsRefused(String words, String why) {
        var code = run(words.split(" "));

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).contains(why).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--continue", "-c", "--last"})
    void theLastConsultOfTheDirectoryIsContinued(String option) throws Exception {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);
        consult(
                THIRD,
                repository,
                "Three?",
                Duration.ofHours(1),
                new Outcome.Refused(
                        Refusal.SESSION_NOT_FOUND, "No conversation found", false, null));

        assertThat(asked(NOTHING, option, "And now?")).isEqualTo("And now?");

        assertThat(resumed()).isEqualTo(SESSION);
        assertThat(err()).startsWith("continues 3f250000, 3h ago: One?\n");
    }

    @Test
    void whereNobodyHasAskedThereIsNothingToContinue() throws IOException {
        consult(FIRST, folder, "One?", Duration.ofHours(3), 0.25);

        var code = run("ask", "--cwd", repository.toString(), "--continue", "And now?");

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).isEqualTo("There is no consult of " + repository + " to continue.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3f25", FIRST, "399c", "399c3241-20ab-4480-a9f1-2c1142de3308"})
    void aSessionIsNamedByItsIdOrByThatOfItsJob(String name) throws Exception {
        consult(FIRST, folder, "One?", Duration.ofHours(3), 0.25);

        asked(NOTHING, "--session", name, "And now?");

        assertThat(resumed()).isEqualTo(SESSION);
    }

    @Test
    void aSessionThatIsNotKnownHereIsResumedByItsWholeId() throws Exception {
        asked(NOTHING, "--session", FIRST, "And now?");

        assertThat(resumed()).isEqualTo(UUID.fromString(FIRST));
    }

    /** The session that the newest job resumes. */
    private @Nullable UUID resumed() {
        var id = id(out.toString(StandardCharsets.UTF_8).strip());
        return server.jobs.find(id, null).request().consult().sessionId();
    }

    @Test
    void aDeletedConsultIsGone() throws Exception {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofHours(2), 0.25);
        consult(THIRD, folder, "Three?", Duration.ofHours(1), 0.25);

        var deleted = lines("rm", "3f250", THIRD);

        assertThat(deleted).containsExactly("deleted " + FIRST, "deleted " + THIRD);
        assertThat(lines("jobs")).hasSize(2).last().asString().startsWith("3f251111");
        assertThat(run("job", FIRST)).isEqualTo(ExitCode.WRONG_USAGE);
        try (var files = Files.walk(folder.resolve("state"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .doesNotContain(FIRST, THIRD);
        }
    }

    @Test
    void noConsultIsDeletedIfOneOfThemIsNotOver() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);
        var queued = server.request(repository, "Two?");
        server.spool.accept(queued, () -> {});

        var code = run("rm", FIRST, queued.jobId().toString());

        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).startsWith(queued.jobId() + " is queued, so nothing was deleted.");
        assertThat(lines("job", FIRST)).last().isEqualTo("Yes: One?");
    }

    @Test
    void whatEndedLongAgoIsPruned() throws Exception {
        consult(FIRST, repository, "One?", Duration.ofDays(31), 0.25);
        consult(SECOND, folder, "Two?", Duration.ofDays(29), 0.25);

        var shown = lines("prune", "--older-than", "30d", "--dry-run");
        var kept = lines("jobs");
        var deleted = lines("prune", "--older-than", "30d");

        assertThat(shown).hasSize(2).last().asString().startsWith("3f250000 ");
        assertThat(kept).hasSize(3);
        assertThat(deleted).containsExactly("deleted " + FIRST);
        assertThat(lines("jobs")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "cost --since yesterday, 'must be a day such as 2026-11-01 or an age such as 7d, got `yesterday`'",
        "prune, Missing required option: '--older-than=AGE'",
        "prune --older-than 30, 'must be an age such as 12h or 30d, got `30`'"
    })
    void anAgeThatIsNoneIsRefused(String words, String why) {
        assertThat(run(words.split(" "))).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err()).contains(why);
    }

    @Test
    void tailPrintsEachStepAndThenTheAnswer() throws Exception {
        claude.shut();
        var asked = server.request(repository, "Why?");
        server.spool.accept(asked, () -> {});
        var tail = CompletableFuture.supplyAsync(() -> run("tail", asked.jobId().toString()));
        await().atMost(WiredServer.LONG).until(() -> err().contains(" starting\n"));
        claude.open();

        assertThat(tail.get(30, SECONDS)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("This is a demo answer");
        assertThat(err()).containsPattern("(?m)^\\d:\\d\\d starting$").contains("\nconsult ok ");
    }

    @Test
    void consultsAreFoundByWordsOfQuestionAndAnswer() throws IOException {
        consult(FIRST, repository, "Does\nthe build fail?", HOUR, 0.25);
        consult(SECOND, folder, "Is the build slow?", HOUR, 0.25);
        consult(
                THIRD,
                folder,
                "Unrelated",
                HOUR,
                answered("The BUILD is too slow: " + "x ".repeat(99)));

        assertThat(lines("search", "fail"))
                .containsExactly(
                        "JOB       AGE  TEXT",
                        "3f250000  60m  Does the build fail? Yes: Does the build fail?");
        assertThat(lines("search", "slow", "build"))
                .hasSize(3)
                .allMatch(line -> line.length() <= 80);
        assertThat(lines("search", "slow", "build", "--cwd", repository.toString())).isEmpty();
        assertThat(err()).isEqualTo("no consults\n");
        assertThat(lines("search", "build", "--limit", "1")).hasSize(2);
    }

    @Test
    void aMatchFarInTheTextIsShown() throws IOException {
        consult(FIRST, repository, "word ".repeat(50) + "needle in it", HOUR, 0.25);

        assertThat(lines("search", "NEEDLE"))
                .last()
                .asString()
                .startsWith("3f250000  60m  …word word word word needle in it");
    }

    @Test
    void costsAreAddedUpByDayModelAndDirectory() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofDays(2), 0.25);
        consult(SECOND, repository, "Two?", Duration.ofDays(9), 1.5);
        consult(THIRD, folder, "Three?", Duration.ofDays(2), new Outcome.TimedOut(HOUR));
        var now = Instant.now().plusSeconds(60).atZone(ZoneId.systemDefault()).toLocalDate();
        var day = now.minusDays(2);

        var all = lines("cost");
        var young = lines("cost", "--since", "7d");
        var none = lines("cost", "--since", now.plusDays(1).toString());

        assertThat(all)
                .containsSubsequence(
                        "     COST  CONSULTS  DAY",
                        "    $0.75         2  " + day,
                        "    $1.50         1  " + day.minusDays(7),
                        "     COST  CONSULTS  MODEL",
                        "    $1.75         2  claude-opus-5-5",
                        "    $0.50         1  opus",
                        "     COST  CONSULTS  DIRECTORY",
                        "    $1.75         2  " + repository,
                        "    $0.50         1  " + folder,
                        "    $2.25         3  in all");
        assertThat(young).last().isEqualTo("    $0.75         2  in all");
        assertThat(none).containsExactly("    $0.00         0  in all");
        assertThat(lines("cost", "--by", "model"))
                .containsExactly(
                        "     COST  CONSULTS  MODEL",
                        "    $1.75         2  claude-opus-5-5",
                        "    $0.50         1  opus",
                        "",
                        "    $2.25         3  in all");
        assertThat(lines("cost", "--by", "day", "--since", "7d", "--json"))
                .containsExactly(
                        "{\"by\":\"day\",\"key\":\"%s\",\"consults\":2,\"cost_usd\":0.75,\"unknown\":0}"
                                .formatted(day),
                        "{\"by\":\"all\",\"key\":\"\",\"consults\":2,\"cost_usd\":0.75,\"unknown\":0}");
    }

    @Test
    void answersOfTheDemoAreMarkedAndCostNothing() throws IOException {
        consult(FIRST, repository, "One?", Duration.ofDays(2), 0.25);
        demo(SECOND);

        assertThat(lines("jobs"))
                .anyMatch(line -> line.startsWith("3f250000  succeeded  2d   $0.25 "))
                .anyMatch(line ->
                        line.startsWith(SECOND.substring(0, 8) + "  succeeded  60m  demo "));
        assertThat(lines("cost")).last().isEqualTo("    $0.25         1  in all");
        var record = JsonMapper.shared().readTree(lines("job", "--json", SECOND).getFirst());
        assertThat(record.path("demo").asBoolean()).isTrue();
    }

    @Test
    void searchedWordsAreNoPatterns() throws IOException {
        consult(FIRST, repository, "What does .*[a-z]+( \\1 do?", HOUR, 0.25);
        consult(SECOND, repository, "Anything", HOUR, 0.25);

        assertThat(lines("search", ".*[A-Z]+(")).hasSize(2);
        assertThat(lines("search", "\\1")).hasSize(2);
        assertThat(lines("search", "a.*g")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "jobs", "cancel", "search"})
    void jsonHasOneShape(String command) throws IOException {
        consult(FIRST, repository, "One?", Duration.ofHours(3), 0.25);

        var which = command.equals("jobs") ? "--all" : command.equals("search") ? "one" : "3f25";
        var json = JsonMapper.shared().readTree(lines(command, "--json", which).getFirst());

        assertThat(json.path("status").asString()).isEqualTo("succeeded");
        assertThat(json.at("/request/prompt").asString()).isEqualTo("One?");
        assertThat(json.at("/result/response").asString()).isEqualTo("Yes: One?");
        assertThat(json.path("response").asString()).isEqualTo("Yes: One?");
        assertThat(json.path("demo").asBoolean(true)).isFalse();
        assertThat(json.has("effective_prompt")).isFalse();
        assertThat(json.path("consult_cost_usd").doubleValue()).isEqualTo(0.25);
        assertThat(json.path("mode").asString()).isEqualTo("sync");
    }

    @Test
    void aFaultIsBesideTheRecordOfItsJob() throws IOException {
        consult(FIRST, repository, "One?", HOUR, new Outcome.TimedOut(HOUR));

        var json = JsonMapper.shared().readTree(lines("job", "--json", FIRST).getFirst());

        assertThat(json.path("status").asString()).isEqualTo("failed");
        assertThat(json.at("/failure/code").asString()).isEqualTo("timed_out");
        assertThat(json.at("/fault/code").asString()).isEqualTo("timed_out");
        assertThat(json.path("retryable").isBoolean()).isTrue();
    }

    private static PipedInput piped(String text) {
        return new PipedInput(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), true);
    }

    /** Asks in the background, and returns the prompt of the job. */
    private String asked(PipedInput stdin, String... words) throws InterruptedException {
        var code =
                run(
                        stdin,
                        Stream.concat(
                                        Stream.of(
                                                "ask",
                                                "--background",
                                                "--cwd",
                                                repository.toString()),
                                        Stream.of(words))
                                .toArray(String[]::new));
        assertThat(code).as(err()).isZero();
        var id = id(out.toString(StandardCharsets.UTF_8).strip());
        var request = server.jobs.find(id, null).request();
        assertThat(server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {})).isPresent();
        return request.consult().prompt();
    }

    private List<String> lines(String... words) {
        out.reset();
        err.reset();
        assertThat(run(words)).as(err()).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Without what a busy machine may add: that the index is not open yet. */
    private String err() {
        return err.toString(StandardCharsets.UTF_8).replaceAll("The index of jobs .*\n", "");
    }

    private static JobId id(String text) {
        return new JobId(UUID.fromString(text));
    }

    private int run(String... words) {
        return run(NOTHING, words);
    }

    private int run(PipedInput stdin, String... words) {
        return new Terminal(stdin, print(out), print(err), new OfTheServer()).run(words);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    /** An answered consult with that id. */
    private void consult(String id, Path cwd, String prompt, Duration age, double cost)
            throws IOException {
        consult(id, cwd, prompt, age, answered("Yes: " + prompt), cost);
    }

    private void consult(String id, Path cwd, String prompt, Duration age, Outcome outcome)
            throws IOException {
        consult(id, cwd, prompt, age, outcome, 0.5);
    }

    private void consult(
            String id, Path cwd, String prompt, Duration age, Outcome outcome, double cost)
            throws IOException {
        consult(id, server.request(cwd, prompt, SESSION), age, outcome, cost);
    }

    private void demo(String id) throws IOException {
        var made = server.request(repository, "Demo?", SESSION);
        var demo =
                new JobRequest(
                        made.jobId(),
                        made.mode(),
                        made.created(),
                        made.consult(),
                        made.effectivePrompt(),
                        made.promptPrefixInjected(),
                        made.sessionId(),
                        made.timeout(),
                        made.stallTimeout(),
                        List.of("/cache/phone-opus/demo-claude"),
                        made.resultGrace(),
                        made.starter());
        consult(id, demo, HOUR, answered("Demo."), 0);
    }

    private void consult(String id, JobRequest made, Duration age, Outcome outcome, double cost)
            throws IOException {
        var then = Instant.ofEpochMilli(System.currentTimeMillis() - age.toMillis());
        var request =
                new JobRequest(
                        id(id),
                        JobMode.SYNC,
                        then,
                        made.consult(),
                        made.effectivePrompt(),
                        made.promptPrefixInjected(),
                        made.sessionId(),
                        made.timeout(),
                        made.stallTimeout(),
                        made.command(),
                        made.resultGrace(),
                        made.starter());
        server.spool.accept(request, () -> {});
        server.spool.end(request.jobId(), new Completion(then.plusSeconds(60), cost, outcome));
    }

    private static Outcome answered(String response) {
        return new Outcome.Answered(
                new Answer(
                        response,
                        "claude-opus-5-5",
                        60_000L,
                        null,
                        2,
                        "end_turn",
                        SESSION,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** The application, as far as these commands use it. */
    private final class OfTheServer implements Application {
        @Override
        public ConfigurableApplicationContext start(boolean demo) {
            var context = new AnnotationConfigApplicationContext();
            context.registerBean(Jobs.class, () -> server.jobs);
            context.registerBean(JobLists.class, () -> server.lists);
            context.registerBean(JobRetention.class, () -> server.retention);
            context.registerBean(ClaudeProperties.class, () -> HandMade.properties(Map.of()));
            context.registerBean(ConsultProperties.class, () -> WiredServer.properties(Map.of()));
            context.registerBean(ConsultInput.class);
            context.refresh();
            return context;
        }

        @Override
        public ConfigurableApplicationContext serve(boolean demo, @Nullable Integer port) {
            throw new AssertionError("served");
        }

        @Override
        public Settings settings() {
            throw new AssertionError("settings read");
        }

        @Override
        public List<Setting> config() {
            throw new AssertionError("settings read");
        }
    }
}
