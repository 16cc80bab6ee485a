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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
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
import phoneopus.time.Deadline;

/** The {@code claude} command: the entry point of this package. */
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
     * The command line for a consult. It is stored in the directory, so that every server would
     * start the same.
     *
     * @param session the session to resume, or the id of a new one
     * @throws ClaudeNotFoundException if there is no {@code claude}
     * @throws ClaudeTooOldException if its version lacks what a consult needs
     */
    public List<String> command(Consult consult, UUID session, Path directory) {
        Path binary = new ClaudeBinary(properties.binary(), environment).find();
        installation.refuseTooOld(binary);
        return new Arguments(properties)
                .of(binary, consult, session, new RunDirectory(directory).settings());
    }

    /**
     * Starts the command detached, and waits until it has written its pid. If it cannot be started,
     * {@link Run#verdict()} says so; if another server was first, the run is that server's.
     *
     * @param cwd canonical; if another directory is there at the start, the run ends at once
     * @param prompt the text for Claude's stdin
     */
    public Run start(Path directory, List<String> command, String cwd, String prompt, Limits limits)
            throws IOException, InterruptedException {
        RunDirectory files = new RunDirectory(directory);
        // The newline keeps the CLI from running a leading "/word" as a command.
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
        Deadline deadline = Deadline.in(LONGEST_START);
        while (!files.claimed() && !deadline.passed()) {
            if (process.waitFor(2, TimeUnit.MILLISECONDS) && !files.claimed()) {
                files.forbid("the runner exited with code " + process.exitValue());
            }
        }
        return new Run(files, limits, this::log, process);
    }

    /** This server, whose account pays for the consults it starts. */
    public ServerIdentity starter() throws IOException {
        return ServerIdentity.ofThisProcess(
                ChildEnvironment.of(environment, properties.environment()));
    }

    /** The run of that directory, no matter which server started it. */
    public Run adopt(Path directory, Limits limits) {
        return new Run(new RunDirectory(directory), limits, this::log, null);
    }

    private RunLog log() {
        return new ClaudeLog(transcripts);
    }

    private Process launch(RunDirectory files, List<String> command, String cwd, Limits limits)
            throws IOException, InterruptedException {
        if (cwd.indexOf('\0') >= 0) {
            throw new IOException("its directory contains a character that is invalid in paths");
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
