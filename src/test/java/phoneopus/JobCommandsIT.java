package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests background consults at a terminal, with the shipped launcher. */
@Timeout(120)
class JobCommandsIT {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String NO_SUCH_JOB = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private static final Duration END_OF_A_RUN = Duration.ofSeconds(7);

    private Surroundings surroundings;
    private Script phoneOpus;

    @BeforeEach
    void findLauncher(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
        phoneOpus =
                new Script(
                        PackagedServer.command(), surroundings.desk(), surroundings.environment());
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
    }

    @Test
    void aBackgroundConsultPrintsItsIdAndItsAnswerIsWaitedFor() {
        var repository = surroundings.held(Map.of("ANSWER", "Rename it."));

        var asked = ask(repository, "--background", "Why?");
        Surroundings.awaitHeld(repository, 1);
        var id = asked.out().strip();
        var early = phoneOpus.run("wait", "--timeout", "1", id);
        var shown = phoneOpus.run("job", id);
        Surroundings.release(repository);
        var waited = phoneOpus.run("wait", id);
        var again = phoneOpus.run("job", id);

        assertThat(asked.exitCode()).isZero();
        assertThat(asked.out()).matches(ID + "\n");
        assertThat(asked.err())
                .matches(
                        "background consult submitted, status=(queued|running)\nnext: %s wait %s\n"
                                .formatted(PackagedServer.launcher(), id));
        assertThat(early)
                .isEqualTo(
                        new Script.Completion(
                                4, "", "job=" + id + " status=running, not done yet\n"));
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).startsWith("job=" + id + " status=running\nstarting");
        assertThat(waited.exitCode()).isZero();
        assertThat(waited.out()).isEqualTo("Rename it.\n");
        assertThat(waited.err())
                .startsWith("consult ok model=demo-opus turns=2 ")
                .contains(" job=" + id + "\n", "follow up: ", " ask --cwd ");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .startsWith("job=" + id + " status=succeeded\nresult ready model=demo-opus ")
                .endsWith("\nresponse:\nRename it.\n");
        assertThat(again.err()).isEmpty();
    }

    @Test
    void everythingCanBeOneLineOfJson() {
        var repository = surroundings.held(Map.of("ANSWER", "Rename it."));

        var asked = json(ask(repository, "--background", "--json", "Why?"));
        Surroundings.awaitHeld(repository, 1);
        var id = asked.path("job_id").asString();
        var early = phoneOpus.run("wait", "--timeout", "0", "--json", id);
        Surroundings.release(repository);
        var waited = json(phoneOpus.run("wait", "--json", id));
        var shown = json(phoneOpus.run("job", "--json", id));
        var cancelled = json(phoneOpus.run("cancel", "--json", id));
        var listed = json(phoneOpus.run("jobs", "--json"));

        assertThat(asked.path("mode").asString()).isEqualTo("background");
        assertThat(asked.path("prompt").asString()).isEqualTo("Why?");
        assertThat(early.exitCode()).isEqualTo(4);
        assertThat(json(early).path("status").asString()).isEqualTo("running");
        assertThat(waited.path("response").asString()).isEqualTo("Rename it.");
        assertThat(waited).isEqualTo(shown);
        assertThat(shown.path("status").asString()).isEqualTo("succeeded");
        assertThat(shown.at("/result/response").asString()).isEqualTo("Rename it.");
        assertThat(cancelled).isEqualTo(shown);
        assertThat(listed).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "e-529-retries-0.json, 5, downstream/overloaded",
        "e-no-key-stream.jsonl, 3, downstream/not_authenticated",
        "c-max-turns-1-tool.json, 1, downstream/max_turns"
    })
    void aWaitEndsWithTheCodeOfTheFailure(String recorded, int exitCode, String code) {
        var repository =
                surroundings.repository(
                        Map.of(
                                "REPLAY",
                                Script.file("src/test/resources/phoneopus/claude/" + recorded),
                                "EXIT",
                                1));
        var id = ask(repository, "--background", "Why?").out().strip();

        var waited = phoneOpus.run("wait", id);
        var shown = phoneOpus.run("job", id);

        assertThat(waited.exitCode()).isEqualTo(exitCode);
        assertThat(waited.out()).isEmpty();
        assertThat(waited.err()).startsWith("failed code=" + code + " ");
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out())
                .startsWith("job=" + id + " status=failed\nfailed code=" + code + " ");
    }

    @Test
    void allConsultsAreListedWithShortIds() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var none = phoneOpus.run("jobs");
        var id = ask(repository, "--background", "Why?").out().strip();
        phoneOpus.run("wait", id.substring(0, 8));
        ask(repository, "And now?");

        var jobs = phoneOpus.run("jobs");
        var background = phoneOpus.run("jobs", "--background");
        var one = phoneOpus.run("jobs", "--all", "--limit", "1", "--json");

        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).isEmpty();
        // On a busy machine, opening the index may take longer than a list waits for it.
        assertThat(none.err()).matches("no consults\n(The index of jobs is being filled .*\n)?");
        assertThat(jobs.exitCode()).isZero();
        assertThat(jobs.out().lines())
                .hasSize(3)
                .first()
                .asString()
                .matches("JOB +STATE +AGE +COST +SESSION +IN +QUESTION");
        assertThat(jobs.out().lines().skip(1).findFirst().orElseThrow()).endsWith("  And now?");
        assertThat(background.out().lines().skip(1))
                .singleElement()
                .asString()
                .matches(
                        "%s  succeeded  \\d+s +\\$0\\.00  [0-9a-f]{8}  \\S+  Why\\?"
                                .formatted(id.substring(0, 8)));
        assertThat(json(one).at("/request/prompt").asString()).isEqualTo("And now?");
    }

    @Test
    void cancellingEndsARunningConsultWithAllItStarted() {
        var repository = surroundings.repository(Map.of("HANG", 1, "GRANDCHILD", "grandchild"));
        var id = ask(repository, "--background", "Why?").out().strip();
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(RunningProcesses.in(repository))
                                .extracting(RunningProcesses.Living::command)
                                .contains("sleep 600", "sleep 2147483647"));

        var cancelled = phoneOpus.run("cancel", id);
        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(RunningProcesses.in(repository)).isEmpty());
        var again = phoneOpus.run("cancel", id);
        var waited = phoneOpus.run("wait", id);

        assertThat(cancelled.exitCode()).isZero();
        assertThat(cancelled.out()).startsWith("job=" + id + " status=cancelled\n");
        assertThat(again).isEqualTo(cancelled);
        assertThat(waited.exitCode()).isEqualTo(1);
        assertThat(waited.err()).contains("The consult was cancelled.");
    }

    @Test
    void aFinishedConsultIsNotCancelled() {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var id = ask(repository, "--background", "Why?").out().strip();
        phoneOpus.run("wait", id);

        var cancelled = phoneOpus.run("cancel", id);

        assertThat(cancelled.exitCode()).isZero();
        assertThat(cancelled.out()).startsWith("job=" + id + " status=succeeded\n");
    }

    @Test
    void askingTheSameJoinsUnlessItIsToBeFresh() {
        var repository = surroundings.held(Map.of("RECORD", "record", "ANSWER", "Yes."));
        var id = ask(repository, "--background", "Why?").out().strip();
        Surroundings.awaitHeld(repository, 1);

        var joined = ask(repository, "--background", "Why?");
        var fresh = ask(repository, "--background", "--fresh", "Why?");
        Surroundings.awaitHeld(repository, 2);
        Surroundings.release(repository);
        phoneOpus.run("wait", id);
        phoneOpus.run("wait", fresh.out().strip());

        assertThat(joined.out()).isEqualTo(id + "\n");
        assertThat(joined.err()).startsWith("background consult joined, status=running\n");
        assertThat(fresh.out()).matches(ID + "\n").isNotEqualTo(id + "\n");
        assertThat(fresh.err()).startsWith("background consult submitted, ");
        assertThat(Surroundings.read(repository.resolve("record/journal")).lines())
                .filteredOn(line -> line.startsWith("start "))
                .hasSize(2);
    }

    @Test
    void theDemosAnswerIsNobodysWhoAsksClaude() {
        var repository = surroundings.recorded(Map.of("ANSWER", "Of Claude."));
        ask(repository, "--demo", "--background", "Why?");

        var asked = ask(repository, "Why?");

        assertThat(asked.out()).isEqualTo("Of Claude.\n");
        assertThat(asked.err().lines().findFirst().orElseThrow()).doesNotEndWith(" joined");
    }

    @Test
    void anAnswerThatNobodyFetchedIsOfWhoeverAsksTheSame() {
        var repository = surroundings.recorded(Map.of("ANSWER", "Paid for."));
        ask(repository, "--background", "Why?");
        await().atMost(Surroundings.A_WHILE)
                .untilAsserted(() ->
                        assertThat(Surroundings.read(repository.resolve("record/journal")))
                                .contains("end "));

        var asked = ask(repository, "Why?");
        var again = ask(repository, "Why?");

        assertThat(asked.out()).isEqualTo("Paid for.\n");
        assertThat(asked.err().lines().findFirst().orElseThrow()).endsWith(" joined");
        assertThat(again.err().lines().findFirst().orElseThrow()).doesNotEndWith(" joined");
        assertThat(Surroundings.read(repository.resolve("record/journal")).lines())
                .filteredOn(line -> line.startsWith("start "))
                .hasSize(2);
    }

    @Test
    void anAnswerThatCouldNotBePrintedIsListedAndOfWhoeverAsksTheSame() {
        var repository = surroundings.recorded(Map.of("ANSWER", "Paid for."));
        var fullDisk = new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/full", "sh"));
        fullDisk.addAll(PackagedServer.command());
        new Script(fullDisk, surroundings.desk(), surroundings.environment())
                .run("ask", "--cwd", repository.toString(), "Why?");

        var listed = json(phoneOpus.run("jobs", "--json"));
        var asked = ask(repository, "Why?");

        assertThat(listed.path("status").asString()).isEqualTo("succeeded");
        assertThat(asked.out()).isEqualTo("Paid for.\n");
        assertThat(asked.err().lines().findFirst().orElseThrow()).endsWith(" joined");
    }

    @Test
    void anAnswerThatWasShownIsNobodysWhoAsksTheSame() {
        var repository = surroundings.recorded(Map.of("ANSWER", "Paid for."));
        var id = ask(repository, "--background", "Why?").out().strip();
        await().atMost(Surroundings.A_WHILE)
                .until(() -> phoneOpus.run("job", id).out().endsWith("\nPaid for.\n"));

        var again = ask(repository, "Why?");

        assertThat(again.err().lines().findFirst().orElseThrow()).doesNotEndWith(" joined");
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "wait", "cancel"})
    void anIdThatIsNotThereIsWrongUsage(String command) {
        var unknown = phoneOpus.run(command, NO_SUCH_JOB);
        var json = phoneOpus.run(command, "--json", NO_SUCH_JOB);
        var wrong = phoneOpus.run(command, "7");

        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err().lines())
                .singleElement()
                .asString()
                .startsWith("No job " + NO_SUCH_JOB + ": ");
        assertThat(json.exitCode()).isEqualTo(2);
        assertThat(json(json).at("/fault/code").asString()).isEqualTo("not_found");
        assertThat(json(json).path("operation").asString()).isEqualTo(command);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines())
                .singleElement()
                .asString()
                .contains("at least its first 4 characters, got `7`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "job", "wait", "cancel"})
    void everyCommandHasHelp(String command) {
        var help = phoneOpus.run(command, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: phone-opus " + command, "--json");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key list", "doctor", "completion", "--help"})
    void aCommandThatIsNotAboutConsultsLeavesThemAlone(String words) {
        phoneOpus =
                phoneOpus
                        .with("PHONE_OPUS_CONSULT_MAX_CONCURRENT", 1)
                        .with("PHONE_OPUS_HTTP_KEYS_FILE", "~/keys");
        var running = surroundings.held(Map.of());
        var waiting = surroundings.recorded(Map.of());
        ask(running, "--background", "Why?");
        Surroundings.awaitHeld(running, 1);
        ask(waiting, "--background", "And now?");
        Surroundings.release(running);
        await().atMost(END_OF_A_RUN)
                .untilAsserted(() -> assertThat(surroundings.processes()).isEmpty());
        var before = surroundings.stateFiles();

        var ended = phoneOpus.run(words.split(" "));

        assertThat(ended.exitCode()).isIn(0, 3);
        assertThat(surroundings.stateFiles()).isEqualTo(before);
        assertThat(waiting.resolve("record")).doesNotExist();
    }

    private Script.Completion ask(Path repository, String... words) {
        var all = new ArrayList<>(List.of("ask", "--cwd", repository.toString()));
        all.addAll(List.of(words));
        return phoneOpus.run(all.toArray(String[]::new));
    }

    private static JsonNode json(Script.Completion ended) {
        assertThat(ended.out().lines()).as(ended.err()).hasSize(1);
        return JsonMapper.shared().readTree(ended.out());
    }
}
