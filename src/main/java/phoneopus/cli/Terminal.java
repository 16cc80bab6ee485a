package phoneopus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import phoneopus.setup.ClientFile;
import picocli.CommandLine;

/**
 * Parses and runs the command line. A command that needs only its words does not start the
 * application.
 */
public final class Terminal {
    /**
     * The order in which help lists the commands; Java returns those that are methods in any order.
     */
    private static final List<String> IN_ORDER =
            List.of(
                    "ask",
                    "jobs",
                    "job",
                    "wait",
                    "cancel",
                    "install",
                    "uninstall",
                    "doctor",
                    "serve",
                    "key",
                    "completion");

    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    public Terminal(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    /** Runs the command and returns its exit code. */
    public int run(String... words) {
        Printer printer = new Printer(out, err);
        CommandLine commands = new CommandLine(new PhoneOpusCommand(printer, application));
        commands.addSubcommand(new AskCommand(printer, application));
        commands.addSubcommand(new ServeCommand(printer, application));
        commands.addSubcommand(new KeyCommand(out, err, application));
        commands.addSubcommand(new DoctorCommand(out, err, application));
        commands.addSubcommand(new InstallCommand(out, err, application));
        commands.addSubcommand(new InstallCommand.Uninstall(out, err));
        inOrder(commands.getCommandSpec());
        commands.getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().versionProvider(new PhoneOpusCommand.Version()));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        // A prompt may begin with @; that does not name a file of arguments.
        commands.setExpandAtFiles(false);
        commands.registerConverter(UUID.class, Terminal::uuid);
        commands.registerConverter(ClientFile.class, Terminal::client);
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

    private static void inOrder(CommandLine.Model.CommandSpec commands) {
        for (String name : IN_ORDER) {
            commands.addSubcommand(name, commands.removeSubcommand(name));
        }
    }

    private static ClientFile client(String text) {
        return Arrays.stream(ClientFile.values())
                .filter(client -> client.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new CommandLine.TypeConversionException(
                                "must be one of %s, got `%s`"
                                        .formatted(
                                                Arrays.stream(ClientFile.values())
                                                        .map(ClientFile::toString)
                                                        .collect(Collectors.joining(", ")),
                                                text)));
    }

    /** Parses a complete UUID: Java would also accept {@code 1-1-1-1-1}. */
    private static UUID uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException _) {
            // Reported below, with the same message.
        }
        throw new CommandLine.TypeConversionException("must be a valid UUID, got `" + text + "`");
    }
}
