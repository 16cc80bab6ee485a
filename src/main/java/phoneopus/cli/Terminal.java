package phoneopus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import phoneopus.claude.Effort;
import phoneopus.setup.ClientFile;
import phoneopus.spool.JobStatus;
import picocli.CommandLine;

/**
 * Parses and runs the command line. A command that needs only its words does not start the
 * application.
 */
public final class Terminal {
    private final PipedInput stdin;
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    public Terminal(PrintStream out, PrintStream err, Application application) {
        this(PipedInput.ofThisProcess(), out, err, application);
    }

    Terminal(PipedInput stdin, PrintStream out, PrintStream err, Application application) {
        this.stdin = stdin;
        this.out = out;
        this.err = err;
        this.application = application;
    }

    /** Runs the command and returns its exit code. */
    public int run(String... words) {
        Printer printer = new Printer(out, err);
        CommandLine commands = new CommandLine(new PhoneOpusCommand());
        // In the order of the help.
        for (Object command :
                List.of(
                        new AskCommand(stdin, printer, application),
                        new ListCommands.Listing(printer, application),
                        new JobCommands.Show(printer, application),
                        new JobCommands.Wait(printer, application),
                        new JobCommands.Tail(printer, application),
                        new JobCommands.Cancel(printer, application),
                        new JobCommands.Remove(printer, application),
                        new ListCommands.Prune(printer, application),
                        new InstallCommand(out, err, application),
                        new InstallCommand.Uninstall(out, err),
                        new DoctorCommand(out, err, application),
                        new ServeCommand(printer, application),
                        new KeyCommand(out, err, application),
                        new ConfigCommand(out, application),
                        new PhoneOpusCommand.Completion())) {
            commands.addSubcommand(command);
        }
        commands.getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().versionProvider(new PhoneOpusCommand.Version()));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        // A prompt may begin with @; that does not name a file of arguments.
        commands.setExpandAtFiles(false);
        commands.registerConverter(SessionName.class, SessionName::parse);
        commands.registerConverter(Duration.class, Terminal::age);
        commands.registerConverter(JobName.class, JobName::parse);
        commands.registerConverter(
                JobStatus.class, word -> oneOf(JobStatus.values(), JobStatus::word, word));
        commands.registerConverter(
                Effort.class, word -> oneOf(Effort.values(), Effort::word, word));
        commands.registerConverter(
                ClientFile.class, word -> oneOf(ClientFile.values(), ClientFile::toString, word));
        // One sentence: after a page of usage the error would have scrolled away.
        commands.setParameterExceptionHandler((problem, _) -> {
            err.println(
                    "%s (see: %s --help)"
                            .formatted(
                                    PlainText.of(String.valueOf(problem.getMessage())),
                                    problem.getCommandLine().getCommandSpec().qualifiedName()));
            return ExitCode.WRONG_USAGE;
        });
        // Thrown by the start of the application; the message is one sentence.
        commands.setExecutionExceptionHandler((failure, _, _) -> {
            err.println(failure.getMessage());
            return ExitCode.SET_UP;
        });
        return commands.execute(words);
    }

    private static <T> T oneOf(T[] values, Function<T, String> name, String word) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        new CommandLine.TypeConversionException(
                                "must be one of %s, got `%s`"
                                        .formatted(
                                                Arrays.stream(values)
                                                        .map(name)
                                                        .collect(Collectors.joining(", ")),
                                                word)));
    }

    private static Duration age(String text) {
        if (!text.matches("\\d{1,6}[smhd]")) {
            throw new CommandLine.TypeConversionException(
                    "must be an age such as 12h or 30d, got `" + text + "`");
        }
        return DurationStyle.SIMPLE.parse(text);
    }
}
