package phoneopus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests {@code phone-opus ask} as people and scripts use it, with the shipped launcher. */
class AskIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String SESSION = "399c3241-20ab-4480-a9f1-2c1142de3308";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String ESCAPE = "\u001b";

    @TempDir Path temporary;
    Path folder;
    Path repository;
    Path record;
    Script phoneOpus;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        record = folder.resolve("record");
        Files.createDirectory(folder.resolve("home"));
        phoneOpus = phoneOpus(PackagedServer.launcher().toString());
        fake();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            await().atMost(LONG).until(() -> RunningProcesses.in(folder).isEmpty());
        } finally {
            RunningProcesses.in(folder).forEach(RunningProcesses.Living::kill);
        }
    }

    @Test
    void tellsItsVersion() {
        var ended = phoneOpus.run("--version");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).matches("phone-opus \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void helpsOnStdout() {
        var help = phoneOpus.run("--help");
        var helpForAsk = phoneOpus.run("ask", "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: phone-opus");
        assertThat(help.out().lines().filter(line -> line.matches("  [a-z]+ +[A-Z].*")))
                .extracting(line -> line.strip().split(" ")[0])
                .containsExactly(
                        "ask",
                        "jobs",
                        "job",
                        "wait",
                        "tail",
                        "cancel",
                        "rm",
                        "prune",
                        "search",
                        "cost",
                        "install",
                        "uninstall",
                        "doctor",
                        "serve",
                        "key",
                        "config",
                        "completion",
                        "version",
                        "help");
        assertThat(help.err()).isEmpty();
        assertThat(helpForAsk.exitCode()).isZero();
        assertThat(helpForAsk.out())
                .contains("Usage: phone-opus ask", "--cwd", "--session", "--model", "--effort")
                .contains("--max-turns", "--json", "--demo", "130");
        assertThat(helpForAsk.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ask                              | The question is missing
                    ask --session x Why?             | at least its first 4 characters, got `x`
                    ask --session 1-1-1-1-1 Why?     | at least its first 4 characters, got `1-1-1-1-1`
                    ask --model nope Why?            | model must be one of opus, sonnet, haiku, fable, got `nope`
                    ask --model=-x Why?              | model must be one of opus, sonnet, haiku, fable, got `-x`
                    ask --max-turns 0 Why?           | --max-turns must be at least 1, got `0`
                    ask --max-turns many Why?        | 'many'
                    ask --effort huge Why?           | huge
                    ask --cwd /no/such/folder Why?   | cwd must be an existing directory, got `/no/such/folder`
                    ask --bogus Why?                 | --bogus
                    ask Why? not?                    | put quotes around it
                    frobnicate                       | frobnicate
                    --bogus                          | --bogus
                    """)
    void wrongUsageIsOneSentence(String words, String sentence) {
        var ended = phoneOpus.run(words.split(" "));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .contains(sentence)
                .doesNotContain("java.");
        assertThat(record).doesNotExist();
    }

    @Test
    void anEmptyPromptIsWrongUsage() {
        var ended = phoneOpus.run("ask", " ");

        assertThat(ended).isEqualTo(new Script.Completion(2, "", "prompt must not be empty\n"));
    }

    @Test
    void theDemoOfAnEarlierVersionIsReplaced() {
        Script.writeExecutable(
                folder.resolve("home/.cache/phone-opus/demo-claude"),
                "#!/bin/sh\necho of an earlier version >&2\nexit 1\n");

        var ended = phoneOpus.run("ask", "--demo", "Why?");

        assertThat(ended.out()).startsWith("This is a demo answer");
    }

    @Test
    void theDemoAnswersWithNoClaudeAtAll() {
        var demo = phoneOpus.with("PHONE_OPUS_CLAUDE_BINARY", "/no/such/claude");

        var ended = demo.run("ask", "--demo", "Review my plan");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out())
                .startsWith("This is a demo answer: Claude was not asked.")
                .contains("> Review my plan\n");
        assertThat(ended.err().lines())
                .satisfiesExactly(
                        head ->
                                assertThat(head)
                                        .startsWith("consult ok model=demo-opus turns=2 duration=")
                                        .matches(".* session=" + UUID + " job=" + UUID),
                        followUp ->
                                assertThat(followUp)
                                        .matches(
                                                "follow up: %s ask --demo --session %s \"…\""
                                                        .formatted(
                                                                PackagedServer.launcher(), UUID)));
        assertThat(record).doesNotExist();
    }

    @Test
    void theDemoCanBeFollowedUpAsItSays() {
        var demo = phoneOpus.with("PHONE_OPUS_CLAUDE_BINARY", "/no/such/claude");
        var asked = demo.run("ask", "--demo", "Review my plan").err();
        var followUp = asked.substring(asked.indexOf("follow up: ") + "follow up: ".length());

        var ended =
                new Script(List.of("/bin/sh", "-c", followUp), repository, demo.environment())
                        .run();

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("This is a demo answer");
    }

    @Test
    void aDashReadsThePromptFromStdin() throws IOException {
        var ended = phoneOpus.run("What about\nthis?\n".getBytes(), "ask", "-");

        assertThat(ended.exitCode()).isZero();
        assertThat(record.resolve("stdin")).content().endsWith("\n\nWhat about\nthis?\n");
    }

    @Test
    void aPromptThatLooksLikeAFileOfArgumentsIsAPrompt() throws IOException {
        Files.writeString(repository.resolve("plan.txt"), "--json");

        var ended = phoneOpus.run("ask", "@plan.txt");

        assertThat(ended.exitCode()).isZero();
        assertThat(record.resolve("stdin")).content().endsWith("\n\n@plan.txt");
    }

    @Test
    void theOptionsReachTheCommand() throws IOException {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));

        var ended =
                phoneOpus.run(
                        "ask",
                        "--cwd",
                        elsewhere.toString(),
                        "--session",
                        SESSION,
                        "--model",
                        "haiku",
                        "--effort",
                        "low",
                        "--max-turns",
                        "3",
                        "Why?");

        assertThat(ended.exitCode()).isZero();
        assertThat(Files.readAllLines(record.resolve("argv")))
                .containsSequence("--model", "haiku", "--effort", "low")
                .containsSequence("--max-turns", "3")
                .containsSequence("--resume", SESSION);
        assertThat(record.resolve("cwd")).hasContent(elsewhere.toString());
        assertThat(ended.err()).contains(" ask --cwd " + elsewhere + " --session " + SESSION);
    }

    @Test
    void aRelativeCwdIsBelowTheOneItIsAskedFrom() throws IOException {
        Files.createDirectory(repository.resolve("module"));

        phoneOpus.run("ask", "--cwd", "module", "Why?");

        assertThat(record.resolve("cwd")).hasContent(repository.resolve("module").toString());
    }

    @Test
    void theWholeRecordIsOneLineOfJson() {
        fake("FAKE_CLAUDE_ANSWER='Yes.'", "FAKE_CLAUDE_COST=0.25");

        var ended = phoneOpus.run("ask", "--json", "Why?");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out().lines()).hasSize(1);
        var json = JsonMapper.shared().readTree(ended.out());
        assertThat(json.path("response").stringValue()).isEqualTo("Yes.");
        assertThat(json.path("prompt").stringValue()).isEqualTo("Why?");
        assertThat(json.path("cwd").stringValue()).isEqualTo(repository.toString());
        assertThat(json.path("consult_cost_usd").doubleValue()).isEqualTo(0.25);
    }

    @Test
    void aFaultIsOneLineOfJsonToo() {
        var without = phoneOpus.with("PHONE_OPUS_CLAUDE_BINARY", "no-such-claude");

        var ended = without.run("ask", "--json", "Why?");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).isEmpty();
        var json = JsonMapper.shared().readTree(ended.out());
        assertThat(json.path("fault").path("code").stringValue()).isEqualTo("claude_not_found");
        assertThat(json.path("operation").stringValue()).isEqualTo("ask");
        assertThat(json.path("retryable").booleanValue()).isFalse();
    }

    @Test
    void withoutClaudeItSaysWhatToDo() {
        var without = phoneOpus.with("PHONE_OPUS_CLAUDE_BINARY", "no-such-claude");

        var ended = without.run("ask", "Why?");

        assertThat(ended)
                .isEqualTo(
                        new Script.Completion(
                                3,
                                "",
                                "Claude Code was not found (looked for `no-such-claude`). Run `phone-opus doctor`, which prints the fix.\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "e-no-key-stream.jsonl, 3, downstream/not_authenticated, claude auth login",
        "e-529-retries-0.json, 5, downstream/overloaded, Wait a minute",
        "e-429-stream-retries-1.jsonl, 5, downstream/rate_limited, Wait a few minutes",
        "c-max-turns-1-tool.json, 1, downstream/max_turns, larger --max-turns"
    })
    void whatClaudeRefusesIsToldApart(String recorded, int exitCode, String code, String advice) {
        fake(
                "FAKE_CLAUDE_REPLAY='%s'"
                        .formatted(Script.file("src/test/resources/phoneopus/claude/" + recorded)),
                "FAKE_CLAUDE_EXIT=1");

        var ended = phoneOpus.run("ask", "Why?");

        assertThat(ended.exitCode()).isEqualTo(exitCode);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .satisfiesExactly(
                        head ->
                                assertThat(head)
                                        .matches(
                                                "failed code=%s retryable=(true|false) session=%s job=%s"
                                                        .formatted(code, UUID, UUID)),
                        sentence -> assertThat(sentence).contains(advice));
    }

    @ParameterizedTest
    @CsvSource({
        "PHONE_OPUS_CONSULT_TIMEOUT, timeout/timed_out",
        "PHONE_OPUS_CONSULT_STALL_TIMEOUT, timeout/stalled"
    })
    void aRunOverItsLimitIsEnded(String limit, String code) {
        fake("FAKE_CLAUDE_HANG=1");

        var ended = phoneOpus.with(limit, "1s").run("ask", "Why?");

        assertThat(ended.exitCode()).isEqualTo(124);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("failed code=" + code);
    }

    @Test
    void anInterruptEndsTheConsultWithAllItStarted() throws Exception {
        fake("FAKE_CLAUDE_HANG=1", "FAKE_CLAUDE_GRANDCHILD='" + folder.resolve("child") + "'");
        var ask = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> eventsContain("tool_result"));
        var grandchild = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        assertThat(RunningProcesses.withPid(grandchild)).hasSize(1);

        signal("INT", ask);

        assertThat(ask.waitFor(7, SECONDS)).isTrue();
        assertThat(ask.exitValue()).isEqualTo(130);
        assertThat(RunningProcesses.in(folder)).isEmpty();
        assertThat(RunningProcesses.withPid(grandchild)).isEmpty();
        assertThat(outcome()).contains("\"cancelled\"");
        assertThat(phoneOpus.out()).isEmpty();
    }

    @Test
    void anInterruptEndsOneThatIgnoresTerm() throws Exception {
        fake("FAKE_CLAUDE_HANG=1", "FAKE_CLAUDE_IGNORE_TERM=1");
        var ask = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> eventsContain("tool_result"));

        signal("INT", ask);

        assertThat(ask.waitFor(7, SECONDS)).isTrue();
        assertThat(ask.exitValue()).isEqualTo(130);
        assertThat(RunningProcesses.in(folder)).isEmpty();
    }

    @Test
    void anInterruptBeforeTheConsultIsAcceptedEndsItToo() throws Exception {
        var asked = folder.resolve("asked");
        var told = folder.resolve("told");
        Script.writeExecutable(
                folder.resolve("claude"),
                """
                #!/bin/sh
                [ "$1" = --version ] || exec sleep 600
                touch '%s'
                until [ -e '%s' ]; do sleep 0.05; done
                echo '0.0.0 (fake)'
                """
                        .formatted(asked, told));
        var ask = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> Files.exists(asked));

        signal("INT", ask);
        Files.createFile(told);

        assertThat(ask.waitFor(LONG.toSeconds(), SECONDS)).isTrue();
        assertThat(ask.exitValue()).isEqualTo(130);
        assertThat(outcome()).contains("\"cancelled\"");
    }

    @Test
    void anInterruptedOneStaysForWhatItsCommandLeftBehind() throws Exception {
        var left = folder.resolve("left");
        Script.writeExecutable(
                folder.resolve("claude"),
                """
                #!/bin/sh
                [ "$1" != --version ] || { echo '0.0.0 (fake)'; exit; }
                (trap '' TERM; exec setsid sleep 600) </dev/null >/dev/null 2>&1 &
                echo $! >'%1$s.new'
                (trap '' TERM; exec sleep 600) </dev/null >/dev/null 2>&1 &
                echo $! >>'%1$s.new'
                mv '%1$s.new' '%1$s'
                exec sleep 600
                """
                        .formatted(left));
        var ask = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> Files.exists(left) && eventsExist());
        var pids = Files.readAllLines(left).stream().map(Long::valueOf).toList();

        signal("INT", ask);

        assertThat(ask.waitFor(9, SECONDS)).isTrue();
        assertThat(pids).hasSize(2).noneMatch(AskIT::lives);
        assertThat(ask.exitValue()).isEqualTo(130);
        assertThat(outcome()).contains("\"cancelled\"");
    }

    private boolean eventsExist() throws IOException {
        return Files.exists(run().resolve("events.jsonl"));
    }

    private static boolean lives(long pid) {
        return !RunningProcesses.withPid(pid).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "TERM, 143", "KILL, 137"})
    void anyOtherSignalLeavesTheConsultRunningToItsEnd(String signal, int exitCode)
            throws Exception {
        fake("FAKE_CLAUDE_ANSWER='It was paid for.'", "FAKE_CLAUDE_DELAY=2");
        var ask = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> eventsContain("tool_result"));

        signal(signal, ask);
        ask.waitFor();

        assertThat(ask.exitValue()).isEqualTo(exitCode);
        await().atMost(LONG).until(() -> Files.exists(run().resolve("exit")));
        assertThat(run().resolve("exit")).hasContent("0");
        assertThat(run().resolve("events.jsonl")).content().contains("It was paid for.");
    }

    @Test
    void theNextOneSettlesWhatAKilledOneLeft() throws Exception {
        fake("FAKE_CLAUDE_ANSWER='It was paid for.'", "FAKE_CLAUDE_DELAY=1");
        var killed = phoneOpus.start(new byte[0], "ask", "Why?");
        await().atMost(LONG).until(() -> eventsContain("tool_result"));
        var left = run();
        signal("KILL", killed);
        killed.waitFor();
        await().atMost(LONG).until(() -> Files.exists(left.resolve("exit")));

        phoneOpus.run("ask", "And now?");

        assertThat(left.resolve("outcome.json")).content().contains("It was paid for.");
        // It exits without waiting for the index; the next command that reads the index updates it.
        await().atMost(LONG)
                .untilAsserted(() -> {
                    phoneOpus.run("jobs");
                    assertThat(folder.resolve("state/open")).isEmptyDirectory();
                });
    }

    @Test
    void anAnswerCannotSteerTheTerminal() {
        fake("FAKE_CLAUDE_ANSWER=\"$(printf '\\033[31mred\\007 \\302\\233 a\\tb\\nc')\"");

        var ended = phoneOpus.run("ask", "Why?");

        assertThat(ended.out()).isEqualTo("\\x1b[31mred\\x07 \\x9b a\tb\nc\n");
    }

    @Test
    void theNameOfAModelCannotSteerTheTerminalEither() throws IOException {
        var events =
                """
                {"type":"system","subtype":"init","session_id":"3b0d4b5e-2c7b-4d0c-9a39-b8a9f1a4f001","model":"a\\u001b[2J"}
                {"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"Yes.","session_id":"3b0d4b5e-2c7b-4d0c-9a39-b8a9f1a4f001","total_cost_usd":0}
                """;
        var replay = Files.writeString(folder.resolve("replay.jsonl"), events);
        fake("FAKE_CLAUDE_REPLAY='" + replay + "'");

        var ended = phoneOpus.run("ask", "Why?");

        assertThat(ended.err()).contains("model=a\\x1b[2J").doesNotContain(ESCAPE);
    }

    @Test
    void whatClaudeSaysOfAFaultCannotSteerTheTerminal() {
        fake(
                "FAKE_CLAUDE_EMPTY=1",
                "FAKE_CLAUDE_EXIT=1",
                "FAKE_CLAUDE_STDERR=\"$(printf '\\033[2Jgone')\"");

        var ended = phoneOpus.run("ask", "Why?");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).contains("\\x1b[2Jgone").doesNotContain(ESCAPE);
    }

    @Test
    void namesWithSpacesAndLettersOfAnyScriptWorkWithNoLocale() throws IOException {
        Script.writeExecutable(
                folder.resolve("go"),
                """
                #!/bin/sh
                mkdir -p 'Zoës 漢 repo' && cd 'Zoës 漢 repo' && exec '%s' ask 'Grüße, „漢“?'
                """
                        .formatted(PackagedServer.launcher()));

        var ended = phoneOpus(folder.resolve("go").toString()).run();

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("> Grüße, „漢“?");
        assertThat(record.resolve("stdin")).content().endsWith("\n\nGrüße, „漢“?");
        assertThat(record.resolve("cwd")).hasContent(repository + "/Zoës 漢 repo");
    }

    @Test
    void theJarAloneWorksFromAnotherFolder() {
        var ended = jarAlone().run("ask", "--demo", "Review my plan");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("> Review my plan\n");
    }

    @Test
    void aRelativeEntryOfThePathLeadsToNoProgramOfTheRepository() {
        var trapped = folder.resolve("trapped");
        for (String program : List.of("setsid", "sh", "git")) {
            Script.writeExecutable(
                    repository.resolve(program), "#!/bin/sh\ntouch '" + trapped + "'\nexit 1\n");
        }

        var ended = jarAlone().with("PATH", ".::/usr/bin:/bin").run("ask", "Why?");

        assertThat(trapped).doesNotExist();
        assertThat(ended.exitCode()).as(ended.err()).isZero();
    }

    /** Runs the jar without the launcher, which searches the PATH itself. */
    private Script jarAlone() {
        return phoneOpus(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                Script.file("target/phone-opus.jar").toString());
    }

    @Test
    void aLinkToTheLauncherWorks() throws IOException {
        var link = folder.resolve("opus");
        Files.createSymbolicLink(link, PackagedServer.launcher());

        var ended = phoneOpus(link.toString()).run("ask", "Why?");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("> Why?\n");
    }

    @Test
    void aCopyInAFolderWithSpacesWorks() {
        var installation = PackagedServer.launcher().getParent().getParent();
        var copy = folder.resolve("my programs/phone opus");
        Script.of(folder, "/bin/sh", "-c", "mkdir -p \"$2\" && cp -R \"$1/.\" \"$2\"", "copy")
                .run(installation.toString(), copy.toString());

        var ended = phoneOpus(copy.resolve("bin/phone-opus").toString()).run("ask", "Why?");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("> Why?\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "state"})
    void consultsAreKeptWhereXdgSaysOrBelowHome(String xdg) {
        var ask = phoneOpus.with("PHONE_OPUS_STATE_DIR", "");
        if (!xdg.isEmpty()) {
            ask = ask.with("XDG_STATE_HOME", folder.resolve(xdg));
        }

        var ended = ask.run("ask", "Why?");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(folder.resolve(xdg.isEmpty() ? "home/.local/state" : xdg))
                .isDirectoryContaining("glob:**/phone_opus");
        assertThat(repository).isDirectoryNotContaining("regex:.*/(open|spool|sessions)");
    }

    @Test
    void aStateDirectoryThatCannotBeUsedIsSetUp() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        var ended = phoneOpus.with("PHONE_OPUS_STATE_DIR", file).run("ask", "Why?");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("The state directory cannot be written (")
                .contains("Nothing was started.");
    }

    @Test
    void aServerThatIsStartedByHandSaysWhatItIs() throws IOException {
        var ended = onTerminal("'%s' 2>hint".formatted(PackagedServer.launcher()));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).doesNotContain("MCP server");
        assertThat(repository.resolve("hint"))
                .content()
                .startsWith("phone-opus is an MCP server and waits for a client's messages")
                .contains("phone-opus --help");
    }

    @Test
    void aServerThatAClientStartsSaysNothing() {
        var ended = phoneOpus.run();

        assertThat(ended).isEqualTo(new Script.Completion(0, "", ""));
    }

    @Test
    void onATerminalALiveLineSaysWhatIsGoingOn() {
        fake("FAKE_CLAUDE_ANSWER='Yes.'", "FAKE_CLAUDE_DELAY=1");

        var ended =
                onTerminal("stty cols 120; '%s' ask 'Why?'".formatted(PackagedServer.launcher()));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out())
                .containsPattern(
                        "\r"
                                + ESCAPE
                                + "\\[K\\d:\\d\\d turn 1: Read .*  \\[\\^C cancel, \\^Z detach]")
                .contains("\r" + ESCAPE + "[Kconsult ok model=")
                .contains("Yes.\r\n");
    }

    @Test
    void onATerminalItCanBeLeftRunning() throws Exception {
        fake("FAKE_CLAUDE_ANSWER='It was paid for.'", "FAKE_CLAUDE_DELAY=2");

        var left =
                onTerminal(
                        """
                        '%s' ask 'Why?' & pid=$!
                        until grep -q tool_result '%s'/state/spool/*/events.jsonl 2>/dev/null; do sleep 0.1; done
                        kill -TSTP $pid; wait $pid
                        """
                                .formatted(PackagedServer.launcher(), folder));
        var id = run().getFileName().toString();
        var waited = phoneOpus.run("wait", id);

        assertThat(left.exitCode()).as(left.out()).isEqualTo(4);
        assertThat(left.out())
                .contains(
                        "left running; for its answer: "
                                + PackagedServer.launcher()
                                + " wait "
                                + id);
        assertThat(waited.out()).isEqualTo("It was paid for.\n");
    }

    @Test
    void elsewhereThereIsNoLiveLine() {
        fake("FAKE_CLAUDE_ANSWER='Yes.'", "FAKE_CLAUDE_DELAY=1");

        var ended = phoneOpus.run("ask", "Why?");

        assertThat(ended.out()).isEqualTo("Yes.\n");
        assertThat(ended.err()).startsWith("consult ok model=").doesNotContain("turn 1", ESCAPE);
    }

    private Script phoneOpus(String... command) {
        var all = Stream.concat(PackagedServer.DEFAULT_SIGNALS.stream(), Stream.of(command));
        return Script.of(repository, all.toArray(String[]::new))
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("HOME", folder.resolve("home"))
                .with("PHONE_OPUS_CLAUDE_BINARY", folder.resolve("claude"))
                .with("PHONE_OPUS_STATE_DIR", folder.resolve("state"));
    }

    /** Runs on its own terminal, whose keyboard signals end of input at once. */
    private Script.Completion onTerminal(String command) {
        return phoneOpus("/usr/bin/script", "-qec", command, "/dev/null")
                .with("TERM", "xterm")
                .run();
    }

    /** Replaces the claude command by demo-claude.sh with these variables. */
    private void fake(String... variables) {
        var text = new StringBuilder("#!/bin/sh\nexport FAKE_CLAUDE_RECORD='" + record + "'\n");
        List.of(variables)
                .forEach(variable -> text.append("export ").append(variable).append('\n'));
        text.append("exec '")
                .append(Script.file("src/main/sh/demo-claude.sh"))
                .append("' \"$@\"\n");
        Script.writeExecutable(folder.resolve("claude"), text.toString());
    }

    private boolean eventsContain(String text) throws IOException {
        var spool = folder.resolve("state/spool");
        if (!Files.isDirectory(spool)) {
            return false;
        }
        try (var runs = Files.list(spool)) {
            for (Path run : runs.toList()) {
                var events = run.resolve("events.jsonl");
                if (Files.exists(events)
                        && Files.readString(events, StandardCharsets.UTF_8).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The directory of the only consult. */
    private Path run() throws IOException {
        try (var runs = Files.list(folder.resolve("state/spool"))) {
            return runs.toList().getFirst();
        }
    }

    private String outcome() throws IOException {
        return Files.readString(run().resolve("outcome.json"));
    }

    private static void signal(String name, Process process)
            throws IOException, InterruptedException {
        var kill = new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid()));
        kill.environment().clear();
        assertThat(kill.start().waitFor()).isZero();
    }
}
