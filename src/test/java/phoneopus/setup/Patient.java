package phoneopus.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import phoneopus.Script;
import phoneopus.claude.ClaudeProperties;
import phoneopus.job.ConsultProperties;

/** A set-up in which everything is right, to be broken and mended. */
final class Patient {

    final Path folder;
    final Map<String, String> environment = new TreeMap<>();
    final Map<String, String> set = new TreeMap<>();

    private Patient(Path folder) {
        this.folder = folder;
    }

    static Patient in(Path folder) {
        var patient = new Patient(folder);
        patient.environment.put("HOME", patient.home().toString());
        patient.environment.put("PATH", folder.resolve("tools") + ":/usr/bin:/bin");
        patient.installClaude();
        patient.signIn();
        patient.makeState();
        patient.makeTools();
        patient.install(ClientFile.CODEX);
        return patient;
    }

    Path home() {
        return folder.resolve("home");
    }

    Path claude() {
        return home().resolve(".local/bin/claude");
    }

    Path state() {
        return home().resolve(".local/state/phone_opus");
    }

    Path installation() {
        return folder.resolve("installation");
    }

    Path codex() {
        return home().resolve(".codex/config.toml");
    }

    void install(ClientFile client) {
        try {
            var launch =
                    Launch.ofThisProgram(
                            claude(), null, environment, settings(List.of(), List.of()).claude());
            new Registration(client, environment).install(launch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Doctor.Report examine() {
        return new Doctor(settings(List.of(), List.of()), environment).check();
    }

    Settings settings(List<Settings.Fault> faults, List<Settings.Fault> unknown) {
        var binary = environment.get("PHONE_OPUS_CLAUDE_BINARY");
        if (binary != null) {
            set.put("phone-opus.claude.binary", binary);
        }
        var binder = new Binder(new MapConfigurationPropertySource(set));
        return new Settings(
                faults,
                unknown,
                binder.bindOrCreate("phone-opus.claude", ClaudeProperties.class),
                binder.bindOrCreate("phone-opus.consult", ConsultProperties.class),
                state(),
                null);
    }

    /** Does what was printed, in a shell. */
    void mend(String command) {
        var builder = new ProcessBuilder("/bin/sh", "-ec", command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("mend.log").toFile());
        try {
            var shell = builder.start();
            if (!shell.waitFor(60, TimeUnit.SECONDS) || shell.exitValue() != 0) {
                shell.destroyForcibly();
                throw new AssertionError(
                        command + ": " + Files.readString(folder.resolve("mend.log")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void installClaude() {
        Script.writeExecutable(
                claude(),
                """
                #!/bin/sh
                case "$*" in
                    --version) echo '2.1.330 (Claude Code)' ;;
                    'auth login')
                        mkdir -p "$HOME/.claude"
                        echo '{"claudeAiOauth":{"accessToken":"secret"}}' >"$HOME/.claude/.credentials.json"
                        ;;
                    *) exit 1 ;;
                esac
                """);
    }

    private void signIn() {
        write(
                home().resolve(".claude/.credentials.json"),
                "{\"claudeAiOauth\":{\"accessToken\":\"secret\"}}");
    }

    private void makeState() {
        try {
            Files.createDirectories(state());
            Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A launcher of the classes at hand, and an npm that installs what a test put aside. */
    private void makeTools() {
        var words = new ArrayList<String>();
        words.add(System.getProperty("java.home") + "/bin/java");
        words.add("-XX:TieredStopAtLevel=1");
        words.add("-Dphone-opus.home=" + installation());
        words.add("-cp");
        words.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        words.add("phoneopus.PhoneOpusApplication");
        Script.writeExecutable(
                installation().resolve("bin/phone-opus"),
                "#!/bin/sh\nexec " + Finding.command(words.toArray()) + " \"$@\"\n");
        Script.writeExecutable(
                folder.resolve("tools/npm"),
                "#!/bin/sh\n[ \"$*\" = 'install -g @anthropic-ai/claude-code' ] && cp '%s' '%s'\n"
                        .formatted(folder.resolve("package"), claude()));
        node("v22.0.0");
        try {
            Files.copy(claude(), folder.resolve("package"));
            folder.resolve("package").toFile().setExecutable(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void node(String version) {
        Script.writeExecutable(
                folder.resolve("tools/node"), "#!/bin/sh\necho %s\n".formatted(version));
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void replace(Path file, String old, String fresh) {
        try {
            var text = Files.readString(file);
            if (!text.contains(old)) {
                throw new AssertionError(old + " is not in " + text);
            }
            Files.writeString(file, text.replace(old, fresh));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
