package phoneopus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;

/**
 * The words after {@code phone-opus}. What only needs the words themselves costs no start of the
 * application.
 */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;
    private final Application server;

    /** Starts the application. */
    @FunctionalInterface
    public interface Application {
        /**
         * Starts it.
         *
         * @param demo with the stand-in for Claude
         */
        ConfigurableApplicationContext start(boolean demo);
    }

    /**
     * @param application what the commands for consults need
     * @param server the same, serving clients over HTTP
     */
    public Terminal(PrintStream out, PrintStream err, Application application, Application server) {
        this.out = out;
        this.err = err;
        this.application = application;
        this.server = server;
    }

    /** Runs them, and returns the exit code. */
    public int run(String... words) {
        Printer printer = new Printer(out, err);
        CommandLine commands = new CommandLine(new PhoneOpusCommand(printer, application));
        commands.addSubcommand(new AskCommand(printer, application));
        commands.addSubcommand(new ServeCommand(printer, server));
        commands.addSubcommand(new KeyCommand(out, err, application));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        // A prompt may begin with an @ and mean nothing by it.
        commands.setExpandAtFiles(false);
        commands.registerConverter(UUID.class, Terminal::uuid);
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
