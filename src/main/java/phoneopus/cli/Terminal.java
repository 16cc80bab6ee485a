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
 * The words after {@code phone-opus}. What only needs the words themselves costs no start of the
 * application.
 */
public final class Terminal {
    /** As a person meets them; those that are methods Java gives in any order. */
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

    /** Runs them, and returns the exit code. */
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
        // A prompt may begin with an @ and mean nothing by it.
        commands.setExpandAtFiles(false);
        commands.registerConverter(UUID.class, Terminal::uuid);
        commands.registerConverter(ClientFile.class, Terminal::client);
        // One sentence instead of a page of usage, from which it would have scrolled away.
        commands.setParameterExceptionHandler((problem, _) -> {
            err.println(
                    "%s (see: %s --help)"
                            .formatted(
                                    PlainText.of(String.valueOf(problem.getMessage())),
                                    problem.getCommandLine().getCommandSpec().qualifiedName()));
            return ExitCode.WRONG_USAGE;
        });
        // What is thrown here is thrown by the start of the application, and says why in one
        // sentence.
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

    /** In full: Java would take {@code 1-1-1-1-1} too. */
    private static UUID uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException _) {
            // Said below, in the same words.
        }
        throw new CommandLine.TypeConversionException("must be a valid UUID, got `" + text + "`");
    }
}
