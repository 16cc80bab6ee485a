package phoneopus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import phoneopus.job.ConsultProperties;
import phoneopus.job.FakeClaude;
import phoneopus.job.JobLists;
import phoneopus.job.Jobs;
import phoneopus.job.WiredServer;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.setup.Settings;
import phoneopus.spool.Completion;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMarker;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.tool.ConsultInput;

/** Commands about consults that are over, on a real state directory, without a process. */
@Timeout(60)
class JobCommandsTests {
    private static final String FIRST = "3f250000-4f89-41d3-9a0c-0305e82c3301";
    private static final String SECOND = "3f251111-4f89-41d3-9a0c-0305e82c3301";
    private static final String THIRD = "4f252222-4f89-41d3-9a0c-0305e82c3301";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UUID SESSION = UUID.fromString("399c3241-20ab-4480-a9f1-2c1142de3308");

    @TempDir Path temporary;
    Path folder;
    Path repository;
    WiredServer server;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectories(folder.resolve("a/repository"));
        server =
                new WiredServer(folder.resolve("state"), new FakeClaude(folder).command(), Map.of())
                        .start();
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
        return new Terminal(print(out), print(err), new OfTheServer()).run(words);
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
        var made = server.request(cwd, prompt, SESSION);
        var then = Instant.ofEpochMilli(System.currentTimeMillis() - age.toMillis());
        var request =
                new JobRequest(
                        id(id),
                        JobMode.SYNC,
                        then,
                        null,
                        prompt,
                        prompt,
                        false,
                        cwd.toString(),
                        null,
                        null,
                        SESSION,
                        "opus",
                        made.effort(),
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
            context.registerBean(ClaudeProperties.class, () -> HandMade.properties(Map.of()));
            context.registerBean(ConsultProperties.class, () -> WiredServer.properties(Map.of()));
            context.registerBean(ConsultInput.class);
            context.refresh();
            return context;
        }

        @Override
        public ConfigurableApplicationContext serve(boolean demo) {
            throw new AssertionError("served");
        }

        @Override
        public Settings settings() {
            throw new AssertionError("settings read");
        }
    }
}
