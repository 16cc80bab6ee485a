package phoneopus.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.files.DurableFiles;
import phoneopus.run.Answer;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import tools.jackson.databind.json.JsonMapper;

class SpoolTests {

    @TempDir Path temporary;
    Path state;
    Spool spool;

    @BeforeEach
    void open() {
        state = temporary.resolve("state");
        spool = new Spool(new StateDirectory(state));
    }

    @Test
    void aRequestComesBackAsItWas() throws IOException {
        var request = request("Is it „right“?\n\t\u0000 \ud83d\ude80");

        spool.accept(request, () -> {});

        assertThat(spool.request(request.jobId())).contains(request);
    }

    @Test
    void aRequestWithNothingOptionalComesBackAsItWas() throws IOException {
        var full = request("Why?");
        var request =
                new JobRequest(
                        full.jobId(),
                        JobMode.SYNC,
                        Instant.ofEpochMilli(1),
                        new Consult("Why?", "/", null, null, "opus", Effort.LOW, null),
                        "Why?",
                        false,
                        full.sessionId(),
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(1),
                        List.of(),
                        null,
                        null);

        spool.accept(request, () -> {});

        assertThat(spool.request(request.jobId())).contains(request);
    }

    @Test
    void itsFileHasTheNamesThatOtherVersionsRead() throws IOException {
        var request = request("Why?");

        spool.accept(request, () -> {});

        var file = spool.directory(request.jobId()).resolve("request.json");
        assertThat(JsonMapper.shared().readTree(file).propertyNames())
                .containsExactlyInAnyOrder(
                        "job_id",
                        "mode",
                        "created_unix_ms",
                        "principal",
                        "prompt",
                        "effective_prompt",
                        "prompt_prefix_injected",
                        "cwd",
                        "max_turns",
                        "requested_session_id",
                        "session_id",
                        "model",
                        "effort",
                        "timeout",
                        "stall_timeout",
                        "command",
                        "result_grace",
                        "starter");
    }

    @Test
    void aPromptOfAMebibyteComesBackAsItWas() throws IOException {
        var request = request("ä\n".repeat(1024 * 1024 / 3));

        spool.accept(request, () -> {});

        assertThat(spool.request(request.jobId())).contains(request);
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() throws IOException {
        var request = request("cut \ud83d here");

        spool.accept(request, () -> {});

        assertThat(spool.request(request.jobId()))
                .get()
                .extracting(kept -> kept.consult().prompt())
                .isEqualTo("cut ? here");
    }

    /** By a server that was just about to record its end. */
    @Test
    void aDeletedJobIsNotRestored() throws IOException {
        var request = request("Why?");
        spool.accept(request, () -> {});
        spool.close(request.jobId());
        spool.discard(request.jobId());

        assertThatThrownBy(() -> spool.restore(request)).isInstanceOf(JobNotFoundException.class);

        assertThat(spool.directory(request.jobId())).doesNotExist();
    }

    @Test
    void anOpenJobIsRestoredWhereItsDirectoryIsGone() throws IOException {
        var request = request("Why?");
        spool.accept(request, () -> {});
        DurableFiles.deleteTree(spool.directory(request.jobId()));

        spool.restore(request);

        assertThat(spool.directory(request.jobId()).resolve("request.json")).exists();
    }

    @Test
    void theRequestOfAnotherJobIsNotReadAsItsOwn() throws IOException {
        var own = request("Why?");
        var other = request("Why not?");
        spool.accept(own, () -> {});
        spool.accept(other, () -> {});
        Files.copy(
                spool.directory(other.jobId()).resolve("request.json"),
                spool.directory(own.jobId()).resolve("request.json"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(spool.request(own.jobId())).contains(own);
        spool.close(own.jobId());
        assertThatThrownBy(() -> spool.request(own.jobId())).isInstanceOf(DamagedException.class);
    }

    static Stream<Outcome> outcomes() {
        var json = new JsonMapper();
        return Stream.of(
                new Outcome.Answered(
                        new Answer(
                                "Yes, \ud83d\ude80.\n",
                                "opus",
                                1L,
                                2L,
                                3,
                                "end_turn",
                                UUID.randomUUID(),
                                0.1,
                                json.readTree("{\"input_tokens\":7}"),
                                json.readTree("{\"opus\":{\"costUSD\":0.1}}"),
                                json.readTree("[{\"tool_name\":\"Bash\"}]"),
                                "off",
                                "u")),
                new Outcome.Answered(
                        new Answer(
                                "", null, null, null, null, null, null, null, null, null, null,
                                null, null)),
                new Outcome.TimedOut(Duration.ofMinutes(60)),
                new Outcome.Stalled(Duration.ofMillis(1)),
                new Outcome.Cancelled(),
                new Outcome.Interrupted("it was killed"),
                new Outcome.NotStarted("no such file"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void everyOutcomeComesBackAsItWas(Outcome outcome) throws IOException {
        var ended = new Completion(Instant.ofEpochMilli(7), null, outcome);

        spool.accept(request("Why?", id()), () -> {});
        spool.end(id(), ended);

        assertThat(spool.ended(id()).orElseThrow()).hasToString(ended.toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1_700_000_000_123L, Long.MAX_VALUE})
    void aTimeIsMillisecondsInTheFile(long unixMs) throws IOException {
        var time = Instant.ofEpochMilli(unixMs);
        var refused = new Outcome.Refused(Refusal.RATE_LIMITED, "no", true, null, time);
        var ended = new Completion(time, null, refused, null, time);

        spool.accept(request("Why?", id()), () -> {});
        spool.end(id(), ended);

        assertThat(spool.directory(id()).resolve("request.json"))
                .content()
                .contains("\"created_unix_ms\":1700000000000,");
        assertThat(spool.directory(id()).resolve("outcome.json"))
                .content()
                .contains("\"finished_unix_ms\":" + unixMs + ",")
                .contains("\"resets_at_unix_ms\":" + unixMs + "}")
                .contains("\"started_unix_ms\":" + unixMs + "}");
        assertThat(spool.ended(id())).contains(ended);
    }

    @ParameterizedTest
    @EnumSource
    void everyRefusalComesBackAsItWas(Refusal refusal) throws IOException {
        var ended =
                new Completion(
                        Instant.ofEpochMilli(7),
                        0.25,
                        new Outcome.Refused(refusal, "no", true, 0.5));

        spool.accept(request("Why?", id()), () -> {});
        spool.end(id(), ended);

        assertThat(spool.ended(id())).contains(ended);
    }

    @Test
    void everyKindOfOutcomeIsTried() {
        var kinds = new HashSet<Class<?>>();
        kinds.addAll(List.of(Outcome.class.getPermittedSubclasses()));
        kinds.remove(Outcome.Failure.class);
        kinds.addAll(List.of(Outcome.Failure.class.getPermittedSubclasses()));

        var tried = outcomes().map(Object::getClass).toList();

        kinds.removeAll(tried);
        assertThat(kinds).containsExactly(Outcome.Refused.class);
    }

    @Test
    void ofTwentyOutcomesTheFirstStands() throws Exception {
        spool.accept(request("Why?", id()), () -> {});
        List<Callable<Boolean>> writers =
                IntStream.range(0, 20)
                        .<Callable<Boolean>>mapToObj(i ->
                                () ->
                                        spool.end(
                                                id(),
                                                new Completion(
                                                        Instant.ofEpochMilli(i),
                                                        null,
                                                        cancelled())))
                        .toList();

        var first = new ArrayList<Instant>();
        try (var threads = Executors.newFixedThreadPool(20)) {
            var written = threads.invokeAll(writers);
            for (int i = 0; i < written.size(); i++) {
                if (written.get(i).get()) {
                    first.add(Instant.ofEpochMilli(i));
                }
            }
        }

        assertThat(first).hasSize(1);
        assertThat(spool.ended(id()).orElseThrow().finished()).isEqualTo(first.getFirst());
        assertThat(spool.directory(id())).isDirectoryNotContaining("glob:**.outcome.json.*");
    }

    @Test
    void theOpenListNamesWhatIsNotOver() throws IOException {
        var first = request("one");
        var second = request("two");

        spool.accept(first, () -> {});
        spool.accept(second, () -> {});
        spool.close(first.jobId());
        spool.close(first.jobId());

        assertThat(spool.open()).containsExactly(second.jobId());
        assertThat(spool.request(first.jobId())).contains(first);
    }

    @Test
    void theOpenListPassesOverFilesOfOthers() throws IOException {
        spool.accept(request("one", id()), () -> {});
        Files.createFile(state.resolve("open/.DS_Store"));

        var open = spool.open();

        assertThat(open).containsExactly(id());
    }

    @Test
    void whatIsNotThereIsEmpty() throws IOException {
        assertThat(spool.open()).isEmpty();
        assertThat(spool.request(id())).isEmpty();
        assertThat(spool.ended(id())).isEmpty();
    }

    @Test
    void anUnreadableFileSaysSo() throws IOException {
        spool.accept(request("Why?", id()), () -> {});
        Files.writeString(spool.directory(id()).resolve("request.json"), "{\"job_id\":");
        Files.writeString(spool.directory(id()).resolve("outcome.json"), "");
        spool.close(id());

        assertThatThrownBy(() -> spool.request(id()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("request.json is unreadable");
        assertThatThrownBy(() -> spool.ended(id()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("outcome.json is unreadable");
    }

    @Test
    void fieldsOfANewerVersionAreIgnored() throws IOException {
        var request = request("Why?", id());
        var ended =
                new Completion(
                        Instant.ofEpochMilli(7), null, new Outcome.TimedOut(Duration.ofHours(1)));
        spool.accept(request, () -> {});
        spool.end(id(), ended);
        addField(spool.directory(id()).resolve("request.json"));
        addField(spool.directory(id()).resolve("outcome.json"));

        assertThat(spool.request(id())).contains(request);
        assertThat(spool.ended(id())).contains(ended);
    }

    @Test
    void nobodyElseCanReadAnything() throws IOException {
        spool.accept(request("Why?", id()), () -> {});
        spool.end(id(), new Completion(Instant.ofEpochMilli(7), null, cancelled()));

        try (var files = Files.walk(state)) {
            assertThat(files)
                    .allSatisfy(file -> {
                        var wanted = Files.isDirectory(file) ? "rwx------" : "rw-------";
                        assertThat(
                                        PosixFilePermissions.toString(
                                                Files.getPosixFilePermissions(file)))
                                .as(file.toString())
                                .isEqualTo(wanted);
                    });
        }
    }

    @Test
    void aRequestIsThereOnlyOnceItIsOnTheOpenList() throws IOException {
        var request = request("Why?", id());
        var before = new ArrayList<Object>();

        spool.accept(
                request,
                () -> {
                    before.addAll(spool.open());
                    before.add(spool.request(id()));
                });

        assertThat(before).containsExactly(id(), Optional.empty());
        assertThat(spool.request(id())).contains(request);
    }

    @Test
    void whatWasNotQuiteAcceptedIsDroppedAndNothingElse() throws IOException {
        var accepted = request("Why?");
        spool.accept(accepted, () -> {});
        var started = JobId.random();
        spool.reopen(started);
        Files.createDirectories(spool.directory(started));
        Files.createFile(spool.directory(started).resolve("pid"));
        spool.reopen(JobId.random());
        spool.reopen(id());
        Files.createDirectories(spool.directory(id()));
        Files.createFile(spool.directory(id()).resolve("caretaker"));

        spool.dropHalfAccepted();

        assertThat(spool.open()).containsExactlyInAnyOrder(accepted.jobId(), started);
        assertThat(spool.lastChangedFirst()).containsExactlyInAnyOrder(accepted.jobId(), started);
    }

    @Test
    void theOutcomeOfWhatIsTakenOverStandsBeforeItsRequest() throws IOException {
        var command =
                new AbstractList<String>() {
                    @Override
                    public String get(int index) {
                        throw new UnsupportedOperationException("cannot be written");
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                };

        assertThatThrownBy(() ->
                        spool.keep(
                                request("Why?", id(), command),
                                new Completion(Instant.ofEpochMilli(1), null, cancelled())))
                .hasMessageContaining("cannot be written");

        assertThat(spool.ended(id())).isPresent();
        assertThat(spool.open()).isEmpty();
    }

    @Test
    void aRequestThatCannotBeKeptLeavesNothing() throws IOException {
        var request = request("Why?", id());
        Files.createDirectories(state.resolve("spool"));
        Files.createFile(state.resolve("open"));

        assertThatThrownBy(() -> spool.accept(request, () -> {})).isInstanceOf(IOException.class);

        assertThat(state.resolve("spool")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spool", "open"})
    void aLinkInThePlaceOfAFolderTakesNothingIn(String folder) throws IOException {
        var elsewhere = Files.createDirectory(state.resolveSibling("elsewhere"));
        Files.createDirectories(state);
        Files.createSymbolicLink(state.resolve(folder), elsewhere);

        assertThatThrownBy(() -> spool.accept(request("Why?"), () -> {}))
                .hasMessageContaining(folder + " in it is a symbolic link");

        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aLinkInThePlaceOfAJobIsNoJob() throws IOException {
        var request = request("Why?");
        spool.accept(request, () -> {});
        var directory = spool.directory(request.jobId());
        var elsewhere = Files.move(directory, state.resolveSibling("elsewhere"));
        Files.createSymbolicLink(directory, elsewhere);

        var ended = spool.ended(request.jobId());

        assertThat(ended).isEmpty();
        assertThat(directory).doesNotExist();
        assertThat(state.resolve("spool"))
                .isDirectoryContaining("glob:**/" + request.jobId() + ".damaged.*");
        assertThat(elsewhere.toFile().list()).containsExactly("request.json");
    }

    @Test
    void aLinkInThePlaceOfAFileIsNotRead() throws IOException {
        var request = request("Why?", id());
        spool.keep(request, new Completion(Instant.ofEpochMilli(1), null, cancelled()));
        var file = spool.directory(id()).resolve("request.json");
        var elsewhere = Files.move(file, state.resolveSibling("elsewhere.json"));
        Files.createSymbolicLink(file, elsewhere);

        assertThatThrownBy(() -> spool.request(id())).isInstanceOf(DamagedException.class);
    }

    @Test
    void whatIsInTheTrashAlreadyIsKeptForAPerson() throws IOException {
        spool.keep(
                request("Why?", id()), new Completion(Instant.ofEpochMilli(1), null, cancelled()));
        Files.createDirectories(state.resolve("trash/" + id() + "/somebody else's"));

        assertThat(spool.discard(id())).isTrue();
        assertThat(spool.discard(id())).isFalse();

        assertThat(state.resolve("trash/" + id() + "/request.json")).exists();
        try (var files = Files.walk(state.resolve("trash"), 2)) {
            assertThat(files).anyMatch(file -> file.endsWith("somebody else's"));
        }
    }

    @Test
    void aNameThatIsReadAsTheIdOfAnotherIsNoJob() throws IOException {
        Files.createDirectories(state.resolve("open"));
        Files.createFile(state.resolve("open/1-1-1-1-1"));

        assertThat(spool.open()).isEmpty();
    }

    private static void addField(Path file) throws IOException {
        var text = Files.readString(file);
        Files.writeString(file, "{\"from_the_future\":{\"a\":[1]}," + text.substring(1));
    }

    private static Outcome cancelled() {
        return new Outcome.Cancelled();
    }

    private static JobId id() {
        return new JobId(UUID.fromString("399c3241-20ab-4480-a9f1-2c1142de3308"));
    }

    private static JobRequest request(String prompt) {
        return request(prompt, JobId.random());
    }

    private static JobRequest request(String prompt, JobId id) {
        return request(prompt, id, List.of("/usr/bin/claude", "-p", "--settings", "a b"));
    }

    private static JobRequest request(String prompt, JobId id, List<String> command) {
        return new JobRequest(
                id,
                JobMode.BACKGROUND,
                Instant.ofEpochMilli(1_700_000_000_000L),
                new Consult(
                        prompt,
                        "/home/zoë/a repo",
                        9,
                        UUID.randomUUID(),
                        "opus",
                        Effort.XHIGH,
                        "a principal"),
                "prefix\n\n" + prompt,
                true,
                UUID.randomUUID(),
                Duration.ofMinutes(60),
                Duration.ofMinutes(20),
                command,
                null,
                null);
    }
}
