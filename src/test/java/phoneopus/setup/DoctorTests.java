package phoneopus.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.h2.engine.Constants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.Script;
import phoneopus.setup.Finding.Severity;
import tools.jackson.databind.json.JsonMapper;

/** Each way in which a set-up breaks is named, and mended by what is printed. */
class DoctorTests {

    private static final String HOME = "phone-opus.home";

    @TempDir Path folder;
    Patient patient;

    @BeforeEach
    void makeAWholeSetUp() throws IOException {
        System.setProperty(HOME, folder.toRealPath().resolve("installation").toString());
        patient = Patient.in(folder.toRealPath());
    }

    @AfterEach
    void forgetTheInstallation() {
        System.clearProperty(HOME);
    }

    @FunctionalInterface
    private interface Damage {
        void to(Patient patient) throws IOException;
    }

    /**
     * A damage, what is said of it, and the mend as a pattern; {@code ~} is the home.
     *
     * @param run whether the mend is a command that is tried; of those that start the program a few
     *     are enough
     */
    private record Broken(
            String name,
            Damage damage,
            Severity severity,
            String subject,
            String text,
            String mend,
            boolean run) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Broken> broken() {
        return Stream.of(
                new Broken(
                        "no claude",
                        patient -> {
                            Files.delete(patient.claude());
                            Files.delete(patient.codex());
                        },
                        Severity.ERROR,
                        "claude",
                        "not found on PATH=",
                        "npm install -g @anthropic-ai/claude-code",
                        true),
                new Broken(
                        "claude not executable",
                        patient -> patient.claude().toFile().setExecutable(false, false),
                        Severity.ERROR,
                        "claude",
                        "~/.local/bin/claude cannot be executed",
                        "chmod u+x ~/.local/bin/claude",
                        true),
                new Broken(
                        "claude does not run",
                        patient -> Patient.write(patient.claude(), "#!/bin/sh\nexit 1\n"),
                        Severity.ERROR,
                        "claude",
                        "does not print its version",
                        "npm install -g @anthropic-ai/claude-code",
                        true),
                new Broken(
                        "claude too old",
                        patient ->
                                Patient.write(
                                        patient.claude(),
                                        "#!/bin/sh\necho '1.0.60 (Claude Code)'\n"),
                        Severity.ERROR,
                        "claude",
                        "~/.local/bin/claude, 1.0.60 (Claude Code), too old: phone-opus needs at least 2.1.111, the first that supports every value of `--effort`",
                        "~/.local/bin/claude update",
                        false),
                new Broken(
                        "claude empty",
                        patient -> Patient.write(patient.claude(), ""),
                        Severity.ERROR,
                        "claude",
                        "~/.local/bin/claude is empty",
                        "npm install -g @anthropic-ai/claude-code",
                        true),
                new Broken(
                        "claude set to nothing",
                        patient ->
                                patient.environment.put("PHONE_OPUS_CLAUDE_BINARY", "/no/claude"),
                        Severity.ERROR,
                        "claude",
                        "phone-opus.claude.binary is `/no/claude`, but that file does not exist",
                        "unset PHONE_OPUS_CLAUDE_BINARY",
                        false),
                new Broken(
                        "no login",
                        patient ->
                                Files.delete(patient.home().resolve(".claude/.credentials.json")),
                        Severity.ERROR,
                        "sign-in",
                        "none found",
                        "~/.local/bin/claude auth login",
                        true),
                new Broken(
                        "an adviser that edits",
                        patient -> patient.set.put("phone-opus.claude.tools", "Read,Edit"),
                        Severity.WARN,
                        "adviser",
                        "it can change files",
                        "remove the editing tools from phone-opus.claude.tools",
                        false),
                new Broken(
                        "state directory group-readable",
                        patient -> permit(patient.state(), "rwxr-x---"),
                        Severity.WARN,
                        "state",
                        "has mode rwxr-x---",
                        "chmod 700 ~/.local/state/phone_opus",
                        true),
                new Broken(
                        "state directory read-only",
                        patient -> permit(patient.state(), "r-x------"),
                        Severity.WARN,
                        "state",
                        "has mode r-x------",
                        "chmod 700 ~/.local/state/phone_opus",
                        true),
                new Broken(
                        "no place for a state directory",
                        patient -> {
                            Files.delete(patient.state());
                            permit(patient.state().getParent(), "r-x------");
                        },
                        Severity.ERROR,
                        "state",
                        "cannot be created: ~/.local/state cannot be written, its mode is r-x------",
                        "chmod u+rwx ~/.local/state",
                        true),
                new Broken(
                        "a file where the state directory should be",
                        patient -> {
                            Files.delete(patient.state());
                            Files.createFile(patient.state());
                        },
                        Severity.ERROR,
                        "state",
                        "~/.local/state/phone_opus is in the way",
                        "mv ~/.local/state/phone_opus ~/.local/state/phone_opus.aside",
                        true),
                new Broken(
                        "books corrupt",
                        patient -> Patient.write(books(patient), "no database".repeat(10_000)),
                        Severity.WARN,
                        "index",
                        "is damaged; no consult is lost",
                        "phone-opus jobs",
                        true),
                new Broken(
                        "books cut off",
                        patient -> {
                            Files.createFile(books(patient));
                            Files.createFile(patient.state().resolve("books.last"));
                        },
                        Severity.WARN,
                        "index",
                        "is damaged; no consult is lost",
                        "phone-opus jobs",
                        false),
                new Broken(
                        "client file malformed, copy kept",
                        patient -> {
                            Patient.write(patient.home().resolve(".cursor/mcp.json"), "{}");
                            patient.install(ClientFile.CURSOR);
                            Patient.write(patient.home().resolve(".cursor/mcp.json"), "{,}");
                        },
                        Severity.ERROR,
                        "cursor",
                        "~/.cursor/mcp.json is not valid JSON at line 1",
                        "cp ~/.cursor/mcp.json.before-phone-opus ~/.cursor/mcp.json",
                        true),
                new Broken(
                        "client file malformed",
                        patient -> Patient.write(patient.codex(), "a = \n"),
                        Severity.ERROR,
                        "codex",
                        "~/.codex/config.toml is not valid TOML at line 1",
                        "correct it by hand: the client cannot read it either",
                        false),
                new Broken(
                        "client registered with a dead path",
                        patient -> Patient.replace(patient.codex(), "installation/bin", "gone/bin"),
                        Severity.ERROR,
                        "codex",
                        "gone/bin/phone-opus, which does not exist",
                        "phone-opus install codex",
                        true),
                new Broken(
                        "client registered with a dead claude",
                        patient -> Patient.replace(patient.codex(), ".local/bin/claude", "gone"),
                        Severity.ERROR,
                        "codex",
                        "names ~/gone, which does not exist",
                        "phone-opus install codex",
                        false),
                new Broken(
                        "client gives up before the answer",
                        patient -> Patient.replace(patient.codex(), "3600", "60"),
                        Severity.ERROR,
                        "codex",
                        "it gives up a call after 60 s, but a call waits 55 min",
                        "phone-opus install codex",
                        true),
                new Broken(
                        "a patience as long as the client's",
                        patient -> Patient.replace(patient.codex(), "\"55m\"", "\"60m\""),
                        Severity.ERROR,
                        "codex",
                        "it gives up a call after 60 min, but a call waits 60 min",
                        "phone-opus install codex",
                        true),
                new Broken(
                        "a patience for ever",
                        patient -> Patient.replace(patient.codex(), "\"55m\"", "\"0\""),
                        Severity.ERROR,
                        "codex",
                        "a call waits forever",
                        "phone-opus install codex",
                        false),
                new Broken(
                        "a patience that is none",
                        patient -> Patient.replace(patient.codex(), "\"55m\"", "\"soon\""),
                        Severity.ERROR,
                        "codex",
                        "is `soon`, which is not a duration",
                        "phone-opus install codex",
                        false),
                new Broken(
                        "client not registered",
                        patient -> Patient.write(patient.codex(), "model = 'x'\n"),
                        Severity.WARN,
                        "codex",
                        "not registered in ~/.codex/config.toml",
                        "phone-opus install codex",
                        false),
                new Broken(
                        "client switched off",
                        patient ->
                                Patient.replace(
                                        patient.codex(), "command =", "enabled = false\ncommand ="),
                        Severity.WARN,
                        "codex",
                        "is disabled",
                        "enable it in that file or in the client",
                        false),
                new Broken(
                        "sign-in only in the shell",
                        patient -> {
                            Files.delete(patient.home().resolve(".claude/.credentials.json"));
                            patient.environment.put("ANTHROPIC_API_KEY", "secret");
                        },
                        Severity.ERROR,
                        "codex",
                        "it does not pass on ANTHROPIC_API_KEY, which this shell sets: its server has no sign-in",
                        "phone-opus install codex",
                        true),
                new Broken(
                        "a proxy and a folder only in the shell",
                        patient -> {
                            patient.environment.put("HTTPS_PROXY", "http://proxy:1");
                            patient.environment.put("PHONE_OPUS_CONSULT_TIMEOUT", "20m");
                        },
                        Severity.WARN,
                        "codex",
                        "it does not pass on HTTPS_PROXY, PHONE_OPUS_CONSULT_TIMEOUT, which this shell sets",
                        "phone-opus install codex",
                        false),
                new Broken(
                        "a secret that Gemini CLI keeps back",
                        patient -> {
                            Files.delete(patient.home().resolve(".claude/.credentials.json"));
                            Files.delete(patient.codex());
                            patient.install(ClientFile.GEMINI_CLI);
                            patient.environment.put("CLAUDE_CODE_OAUTH_TOKEN", "secret");
                        },
                        Severity.ERROR,
                        "gemini-cli",
                        "it does not pass on CLAUDE_CODE_OAUTH_TOKEN, which this shell sets: its server has no sign-in",
                        "phone-opus install gemini-cli",
                        true),
                new Broken(
                        "a provider only in the shell, for a desktop program",
                        patient -> {
                            Files.delete(patient.home().resolve(".claude/.credentials.json"));
                            Files.delete(patient.codex());
                            patient.install(ClientFile.CURSOR);
                            patient.environment.put("CLAUDE_CODE_USE_BEDROCK", "1");
                            patient.environment.put("AWS_REGION", "eu-west-1");
                        },
                        Severity.WARN,
                        "cursor",
                        "its server has no sign-in: that is the variable CLAUDE_CODE_USE_BEDROCK, and only this shell sets AWS_REGION, CLAUDE_CODE_USE_BEDROCK",
                        "start Cursor from this shell, or add these variables to env in ~/.claude/settings.json",
                        false),
                new Broken(
                        "a login that has ended",
                        patient ->
                                Patient.write(
                                        patient.home().resolve(".claude/.credentials.json"),
                                        "{\"claudeAiOauth\":{\"accessToken\":\"secret\",\"expiresAt\":1700000000000}}"),
                        Severity.ERROR,
                        "sign-in",
                        "the login in ~/.claude/.credentials.json ended on 2023-11-1",
                        "~/.local/bin/claude auth login",
                        true),
                new Broken(
                        "claude older than tested",
                        patient ->
                                Patient.write(
                                        patient.claude(),
                                        "#!/bin/sh\necho '2.1.197 (Claude Code)'\n"),
                        Severity.WARN,
                        "claude",
                        "~/.local/bin/claude, 2.1.197 (Claude Code), older than 2.1.299, the oldest that is fully tested",
                        "~/.local/bin/claude update",
                        false),
                new Broken(
                        "no claude, and a Node with which npm installs an old one",
                        patient -> {
                            patient.node("v20.20.2");
                            Files.delete(patient.claude());
                            Files.delete(patient.codex());
                        },
                        Severity.ERROR,
                        "claude",
                        "not found on PATH=",
                        "curl -fsSL https://claude.ai/install.sh | bash",
                        false),
                new Broken(
                        "no claude and no PATH",
                        patient -> {
                            patient.environment.put("PATH", "");
                            Files.delete(patient.claude());
                            Files.delete(patient.codex());
                        },
                        Severity.ERROR,
                        "claude",
                        "not found in the standard locations, and PATH is empty",
                        "curl -fsSL https://claude.ai/install.sh | bash",
                        false),
                new Broken(
                        "Java only told by the shell",
                        patient ->
                                Patient.write(
                                        patient.installation().resolve("libexec/find-jdk.sh"),
                                        "exit 3\n"),
                        Severity.ERROR,
                        "desktop",
                        "Codex, when started from the desktop, would not find Java",
                        "phone-opus install codex",
                        true),
                new Broken(
                        "claude only on the PATH of the shell",
                        patient -> {
                            Files.move(patient.claude(), patient.folder.resolve("tools/claude"));
                            Patient.replace(
                                    patient.codex(), "PHONE_OPUS_CLAUDE_BINARY", "PHONE_OPUS_MINE");
                        },
                        Severity.ERROR,
                        "desktop",
                        "Codex, when started from the desktop, would not find claude",
                        "phone-opus install codex",
                        true));
    }

    @Test
    void aWholeSetUpIsHealthy() {
        var examination = patient.examine();

        assertThat(examination.healthy()).isTrue();
        assertThat(examination.findings())
                .allSatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.OK);
                    assertThat(finding.fix()).isNull();
                })
                .extracting(Finding::subject)
                .containsExactly(
                        "runtime",
                        "settings",
                        "claude",
                        "sign-in",
                        "adviser",
                        "state",
                        "index",
                        "codex",
                        "desktop");
        assertThat(examination.text()).doesNotContain("secret").contains("2.1.330");
    }

    @Test
    void nothingIsWrongWithClientsThatNeedNotBeRegistered() {
        Patient.write(patient.home().resolve(".claude.json"), "{}");
        Patient.write(patient.home().resolve(".cursor/mcp.json"), "{}");

        assertThat(only("claude-code").severity()).isEqualTo(Severity.OK);
        assertThat(only("cursor").severity()).isEqualTo(Severity.OK);
        assertThat(only("cursor").text()).contains("not registered in", "install cursor");
    }

    @Test
    void withoutARegisteredClientNothingIsSaidOfTheDesktop() throws IOException {
        Files.delete(patient.codex());
        Files.delete(patient.claude());

        assertThat(patient.examine().findings())
                .extracting(Finding::subject)
                .doesNotContain("desktop", "codex");
    }

    @Test
    void whatWasPassedOverBeforeAGoodOneIsNamed() throws IOException {
        var stub = patient.folder.resolve("tools/claude");
        Script.writeExecutable(stub, "<html>404</html>");
        patient.environment.put("PATH", stub.getParent() + ":/usr/bin:/bin");

        var found =
                patient.examine().findings().stream()
                        .filter(finding -> finding.subject().equals("claude"))
                        .toList();

        assertThat(found).extracting(Finding::severity).containsExactly(Severity.OK, Severity.WARN);
        assertThat(found.getLast().text()).isEqualTo(stub + ", which is a web page, was skipped");
        assertThat(found.getLast().fix()).isEqualTo("rm " + stub);
    }

    @Test
    void aVariableThatBeatsTheLoginIsNamed() {
        patient.environment.put("ANTHROPIC_API_KEY", "secret");

        var found =
                patient.examine().findings().stream()
                        .filter(finding -> finding.subject().equals("sign-in"))
                        .toList();

        assertThat(found)
                .containsExactly(
                        new Finding(
                                "sign-in",
                                Severity.WARN,
                                "billed per token by ANTHROPIC_API_KEY, which takes precedence over the login in "
                                        + patient.home().resolve(".claude/.credentials.json"),
                                "unset ANTHROPIC_API_KEY where the server is started, or set phone-opus.claude.environment to ANTHROPIC_API_KEY= for consults alone"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatIsBrokenIsNamedAndItsMendWorks(Broken broken) throws IOException {
        broken.damage().to(patient);

        var found = findings(broken);

        assertThat(found)
                .as(patient.examine().text())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.text()).contains(atHome(broken.text()));
                    assertThat(finding.fix()).endsWith(atHome(broken.mend()));
                });
        assertThat(patient.examine().healthy()).isEqualTo(broken.severity() != Severity.ERROR);
        if (broken.run()) {
            patient.mend(found.getFirst().fix());
            assertThat(findings(broken)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "damaged/some-job",
                "dispatch.lock.damaged.7",
                "spool/some-job.damaged.7",
                "spool/some-job/outcome.damaged.7"
            })
    void whatWasSetAsideIsNamed(String place) throws IOException {
        Files.createDirectories(patient.state().resolve(place));
        Files.setPosixFilePermissions(
                patient.state(), PosixFilePermissions.fromString("rwx------"));

        var finding = state(5L << 30);

        assertThat(finding.text()).contains("1 entries", "were set aside", place);
        assertThat(finding.fix()).contains("rm -r", place);
    }

    @Test
    void aLinkInThePlaceOfTheJobsIsNamedAndMended() throws Exception {
        var elsewhere = Files.createDirectory(patient.state().resolveSibling("elsewhere"));
        Files.setPosixFilePermissions(
                patient.state(), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(patient.state().resolve("spool"), elsewhere);

        var finding = state(5L << 30);
        patient.mend(finding.fix());

        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.text()).contains("spool is in the way");
        assertThat(state(5L << 30).severity()).isEqualTo(Severity.OK);
        assertThat(elsewhere).exists();
    }

    @Test
    void aStateDirectoryOfSomebodyElseIsNamedAndMended() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give away");
        Files.setAttribute(patient.state(), "unix:uid", 65_534);

        var found = only("state");

        assertThat(found.severity()).isEqualTo(Severity.ERROR);
        assertThat(found.text()).contains(", not to you");
        patient.mend(found.fix());
        assertThat(only("state").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void aFullDiskIsNamed() throws IOException {
        var finding = state(5 << 20);

        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.text()).contains("has 5 MB free, but 100 are needed");
    }

    @Test
    void wrongSettingsAreNamedWithTheirMends() {
        var fault = new Settings.Fault("Setting x is `y`, but it must be z.", "unset X");

        var unknown = new Settings.Fault("Setting v does not exist.", "call it w");

        var found = new Finding.Collector("settings");
        patient.settings(List.of(fault), List.of(unknown)).check(found);

        assertThat(found.all())
                .containsExactly(
                        new Finding("settings", Severity.ERROR, fault.sentence(), fault.fix()),
                        new Finding("settings", Severity.WARN, unknown.sentence(), unknown.fix()));
    }

    @ParameterizedTest
    @EnumSource
    void everyClientIsHealthyOnceItIsInstalled(ClientFile client) {
        patient.install(client);

        var finding = only(client.toString());

        assertThat(finding.severity()).isEqualTo(Severity.OK);
        assertThat(finding.text()).contains("registered in");
    }

    @Test
    void allOfItIsOneJsonObject() {
        var json = JsonMapper.shared().readTree(patient.examine().json());

        assertThat(json.path("healthy").booleanValue()).isTrue();
        assertThat(json.path("checks").get(0).propertyNames())
                .containsExactly("subject", "grade", "text", "fix");
    }

    @Test
    void lookingChangesNothing() throws IOException {
        var before = everything();

        patient.examine();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aFileThatCannotBeReadDoesNotKeepTheOthersFromBeingLookedAt() throws IOException {
        patient.install(ClientFile.CURSOR);
        Files.delete(patient.codex());
        Files.createDirectory(patient.codex());

        var examination = patient.examine();

        assertThat(only("codex").text()).endsWith("config.toml cannot be read: Is a directory");
        assertThat(examination.findings())
                .last()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.OK));
    }

    @Test
    void aCheckThatFailsIsOneLineAndAllOthersAreThere() {
        var whole = patient.examine().findings();
        Patient.write(patient.codex(), "[mcp_servers.phone-opus]\ncommand = \"/no\\u0000path\"\n");

        var findings = patient.examine().findings();

        assertThat(findings)
                .extracting(Finding::subject)
                .containsExactlyElementsOf(whole.stream().map(Finding::subject).toList());
        assertThat(findings)
                .filteredOn(finding -> finding.text().startsWith("cannot be checked: "))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR));
    }

    @Test
    void theOriginalProgramsEntryIsKnownAndReplacedByAnInstall() throws IOException {
        var original = "[mcp_servers.phone_opus]\ncommand = \"phone_opus\"\n";
        var ours = Files.readString(patient.codex());
        Files.writeString(patient.codex(), original);
        var alone = only("codex");
        Files.writeString(patient.codex(), ours + "\n" + original);
        var both = patient.examine().findings();

        assertThat(alone.severity()).isEqualTo(Severity.WARN);
        assertThat(alone.text())
                .endsWith("has only an entry of the original program, `phone_opus`");
        assertThat(both.stream().filter(finding -> finding.subject().equals("codex")))
                .extracting(Finding::severity)
                .containsExactly(Severity.OK, Severity.WARN);
        patient.install(ClientFile.CODEX);
        assertThat(only("codex").severity()).isEqualTo(Severity.OK);
        assertThat(Files.readString(patient.codex())).doesNotContain("phone_opus]");
    }

    @Test
    void withoutTheOriginalProgramNothingIsSaidOfIt() {
        assertThat(patient.examine().findings())
                .noneMatch(finding -> finding.subject().equals("original"));
    }

    @Test
    void theOriginalProgramsConsultsAreCounted() throws IOException {
        var done = original("succeeded", "\"result\": {\"response\": \"Yes.\"}");
        original("queued", "\"updated_unix_ms\": " + System.currentTimeMillis());
        original("failed", "\"failure\": {}");
        Files.createDirectories(patient.state().resolve("imported"));
        Files.createFile(patient.state().resolve("imported/" + done));
        var before = everything();

        assertThat(only("original").severity()).isEqualTo(Severity.OK);
        assertThat(only("original").text())
                .isEqualTo(
                        "consults of the original program: 1 imported, 1 to import at the next look-up, 1 open, 0 unreadable");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void oneOfTheOriginalProgramIsTakenOverWhateverItsFileIsCalled() throws IOException {
        var done = original("succeeded", "\"result\": {\"response\": \"Yes.\"}");
        Files.move(
                originals().resolve(done + ".json"),
                originals().resolve("copy of " + done + ".json"));
        Files.createDirectories(patient.state().resolve("imported"));
        Files.createFile(patient.state().resolve("imported/" + done));

        assertThat(only("original").text()).contains("1 imported, 0 to import at the next look-up");
    }

    @Test
    void theOriginalProgramsUnreadableFilesAreNamed() throws IOException {
        original("succeeded", "\"result\": {\"response\": \"Yes.\"}");
        for (var name : List.of("a", "b", "c", "d")) {
            Files.writeString(originals().resolve(name + ".json"), "{");
        }

        assertThat(only("original").severity()).isEqualTo(Severity.WARN);
        assertThat(only("original").text())
                .endsWith(
                        "4 unreadable: a.json (it is not valid JSON), b.json (it is not valid JSON), c.json (it is not valid JSON) and 1 more");
        assertThat(only("original").fix()).contains("" + originals());
    }

    private Path originals() throws IOException {
        return Files.createDirectories(patient.state().resolve("mcp/consult_jobs"));
    }

    private UUID original(String status, String rest) throws IOException {
        var id = UUID.randomUUID();
        Files.writeString(
                originals().resolve(id + ".json"),
                "{\"job_id\": \"%s\", \"status\": \"%s\", %s}".formatted(id, status, rest));
        return id;
    }

    private List<Finding> findings(Broken broken) {
        return patient.examine().findings().stream()
                .filter(finding ->
                        finding.subject().equals(broken.subject())
                                && finding.severity() == broken.severity())
                .toList();
    }

    private Finding state(long room) throws IOException {
        var found = new Finding.Collector("state");
        new StateCheck(patient.state(), _ -> room).directory(found);
        return found.all().getFirst();
    }

    private Finding only(String subject) {
        return patient.examine().findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private String atHome(String text) {
        return text.replace("~", patient.home().toString());
    }

    private List<Path> everything() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }

    private static Path books(Patient patient) {
        return patient.state().resolve("books-3-" + Constants.VERSION + ".mv.db");
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
