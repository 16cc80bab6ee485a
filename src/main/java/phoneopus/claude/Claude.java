package phoneopus.claude;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import phoneopus.claude.Arguments.Question;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;
import phoneopus.files.DurableFiles;
import phoneopus.run.Limits;
import phoneopus.run.PidNamespace;
import phoneopus.run.Run;
import phoneopus.run.RunDirectory;
import phoneopus.run.RunLog;
import phoneopus.run.SystemProgram;
import phoneopus.run.WellFormedText;

/** The {@code claude} command: the only way in. */
@Component
public class Claude {
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final ClaudeProperties properties;
    private final ClaudeInstallation installation;
    private final Map<String, String> environment = System.getenv();
    private final SignIn signIn = new SignIn();
    private final String runner = runner();
    private final Path transcripts = SignIn.directory(environment).resolve("projects");

    Claude(ClaudeProperties properties, ClaudeInstallation installation) {
        this.properties = properties;
        this.installation = installation;
    }

    /**
     * The command that asks the question from the directory, to be frozen there: whoever starts it
     * starts the same.
     *
     * @throws ClaudeNotFoundException where there is no {@code claude}
     * @throws ClaudeTooOldException where the one that there is lacks what a consult needs
     */
    public List<String> command(Question question, Path directory) {
        Path binary = new ClaudeBinary(properties.binary(), environment).find();
        installation.refuseTooOld(binary);
        return new Arguments(properties)
                .of(binary, question, new RunDirectory(directory).settings());
    }

    /**
     * Starts the command detached, and waits until it has said who it is. Where it cannot be
     * started, or another was first, the run says so by its {@link Run#verdict()} or by being the
     * other's.
     *
     * @param cwd canonical; where it is another directory by then the run ends at once
     * @param prompt what Claude reads
     */
    public Run start(Path directory, List<String> command, String cwd, String prompt, Limits limits)
            throws IOException, InterruptedException {
        RunDirectory files = new RunDirectory(directory);
        // The newline keeps a leading "/word" from being run as a command of the CLI.
        DurableFiles.writeLightly(
                files.stdin(),
                ("\n" + WellFormedText.whole(prompt)).getBytes(StandardCharsets.UTF_8));
        DurableFiles.writeLightly(files.settings(), signIn.settings(environment));
        Process process;
        try {
            process = launch(files, command, cwd, limits);
        } catch (IOException e) {
            files.forbid(String.valueOf(e.getMessage()));
            return adopt(directory, limits);
        }
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (!files.claimed() && System.nanoTime() < deadline) {
            if (process.waitFor(2, TimeUnit.MILLISECONDS) && !files.claimed()) {
                files.forbid("the runner left with " + process.exitValue());
            }
        }
        return new Run(files, limits, this::log, process);
    }

    /** This server, on whose account a consult goes that it starts. */
    public ServerIdentity starter() throws IOException {
        return ServerIdentity.ofThisProcess(
                ChildEnvironment.of(environment, properties.environment()));
    }

    /** The run of that directory, whoever started it. */
    public Run adopt(Path directory, Limits limits) {
        return new Run(new RunDirectory(directory), limits, this::log, null);
    }

    private RunLog log() {
        return new ClaudeLog(transcripts);
    }

    private Process launch(RunDirectory files, List<String> command, String cwd, Limits limits)
            throws IOException, InterruptedException {
        if (cwd.indexOf('\0') >= 0) {
            throw new IOException("its directory holds a character that no path can hold");
        }
        List<String> detached =
                new ArrayList<>(
                        List.of(
                                SystemProgram.find("setsid"),
                                SystemProgram.find("sh"),
                                "-c",
                                runner,
                                "phone-opus"));
        detached.add(files.path().toString());
        detached.add(cwd);
        detached.add(Long.toString(Math.max(1, limits.timeout().toSeconds())));
        detached.add(PidNamespace.HERE.toString());
        Path binary =
                new ClaudeBinary(properties.binary(), environment)
                        .stillThere(Path.of(command.getFirst()));
        detached.add(binary.toString());
        detached.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(detached);
        builder.environment().clear();
        builder.environment().putAll(installation.environmentOf(binary));
        builder.environment()
                .putAll(GitGuards.of(Path.of(cwd), installation.environmentOf(binary)));
        DurableFiles.writeLightly(files.runnerErrors(), new byte[0]);
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(files.runnerErrors().toFile()));
        return builder.start();
    }

    private static String runner() {
        try (InputStream script = Claude.class.getResourceAsStream("run.sh")) {
            if (script == null) {
                throw new IllegalStateException("run.sh is not in the jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
